import { z } from 'zod'
import { selfOf } from '#people/account.ts'
import { allow } from '../access.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { LinkableList } from '../contract/linked-accounts.ts'
import type { Hub } from '../hub.ts'
import { problem, time } from '../shown.ts'

export function linkedAccountRoutes(app: Api, hub: Hub): void {
  const { consents } = hub.connections

  app.get(
    '/me/linked-accounts',
    { ...allow('signed in'), schema: { response: { 200: LinkableList, ...failures } } },
    async (request) => {
      const found = await consents.linkable(selfOf(request.principal!).personId)
      return {
        connections: found.map(({ account, ...connection }) => ({
          ...connection,
          account: account && {
            crmUser: account.crmUser,
            problem: problem(account.problem),
            linkedAt: time(account.linkedAt),
          },
        })),
      }
    },
  )

  app.delete(
    '/me/linked-accounts/:id',
    {
      ...allow('signed in', 'linked_account.unlink'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await consents.unlink(request.params.id, selfOf(request.principal!).personId)
      return reply.code(204).send(null)
    },
  )
}
