import { z } from 'zod'
import { listSources, makeSource, removeSource } from '#desktop/interaction-source.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import {
  InteractionSourceInput,
  InteractionSourceList,
  NewInteractionSource,
  SourceName,
} from '../contract/interactions.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

const NamePath = z.object({ name: SourceName })

export function interactionSourceRoutes(app: Api, hub: Hub): void {
  const told = (source: { name: string; createdBy: string; createdAt: Date }) => ({
    ...source,
    createdAt: shown.time(source.createdAt),
    address: `/hooks/interactions/${source.name}`,
    hasSecret: true,
  })

  app.get(
    '/interaction-sources',
    { ...allow('edit:integrations'), schema: { response: { 200: InteractionSourceList, ...failures } } },
    async () => ({ sources: (await listSources(hub.pool)).map(told) }),
  )

  app.post(
    '/interaction-sources',
    {
      ...allow('edit:integrations', 'interaction_source.make'),
      schema: { body: InteractionSourceInput, response: { 201: NewInteractionSource, ...failures } },
    },
    async (request, reply) => {
      const { name } = request.body
      const { secret, ...source } = await makeSource(hub.pool, hub.desktop.keyring, {
        name,
        by: request.principal!.name,
      })
      noteAct(request, { subject: { kind: 'interaction_source', id: name } })
      return reply.code(201).send({ ...told(source), secret })
    },
  )

  app.delete(
    '/interaction-sources/:name',
    {
      ...allow('edit:integrations', 'interaction_source.remove'),
      schema: { params: NamePath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await removeSource(hub.pool, request.params.name)
      noteAct(request, { subject: { kind: 'interaction_source', id: request.params.name } })
      return reply.code(204).send(null)
    },
  )
}
