import { z } from 'zod'
import { listAuthentications } from '#connections/store.ts'
import { allow } from '../access.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { AuthenticationList, SecretInput } from '../contract/authentications.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

export function authenticationRoutes(app: Api, hub: Hub): void {
  app.get(
    '/authentications',
    { ...allow('edit:integrations'), schema: { response: { 200: AuthenticationList, ...failures } } },
    async () => {
      const [stored, connections, quotas] = await Promise.all([
        listAuthentications(hub.pool),
        hub.connections.list(),
        hub.connections.quotas(),
      ])
      return { authentications: stored.map((one) => shown.authentication(one, connections, quotas)) }
    },
  )

  app.put(
    '/authentications/:id/secret',
    {
      ...allow('edit:integrations', 'authentication.replace_secret'),
      schema: { params: IdPath, body: SecretInput, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await hub.connections.replaceSecret(request.params.id, request.body.secret)
      hub.log.info('secret replaced', { authentication: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}
