import { HubError } from '#core/errors.ts'
import { mendKeys, reindexTable } from '#records/reindex.ts'
import { listTables } from '#records/table.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import { Reindexed, ReindexInput, type ReindexStep } from '../contract/reindex.ts'
import type { Hub } from '../hub.ts'
import { answerInSteps } from '../step-stream.ts'

export function reindexRoutes(app: Api, hub: Hub): void {
  app.post(
    '/reindex',
    {
      ...allow('manage:sync', 'records.reindex'),
      schema: { body: ReindexInput, response: { 200: Reindexed, ...failures } },
    },
    (request, reply) => {
      const { connection, entity = null } = request.body
      noteAct(request, { subject: { kind: 'connection', id: connection }, details: { entity } })
      return answerInSteps(request, reply, {
        hub,
        status: 200,
        work: (onStep: (step: ReindexStep) => void) => reindex(hub, request.body, onStep),
      })
    },
  )
}

async function reindex(hub: Hub, input: ReindexInput, onStep: (step: ReindexStep) => void): Promise<Reindexed> {
  const { id } = await hub.connections.find(input.connection)
  const all = await listTables(hub.pool, id)
  const wanted = all.filter(({ entity }) => input.entity === undefined || entity === input.entity)
  if (wanted.length === 0) {
    throw new HubError('resource.not_found', `The connection copies no table '${input.entity}'`, { field: 'entity' })
  }
  const tables: Reindexed['tables'] = []
  for (const table of wanted) {
    const { entity } = table
    const onProgress = (seen: number) => onStep({ entity, seen })
    const { seen, differing } = await reindexTable(hub.pool, table, { remake: true, onProgress })
    tables.push({ entity, seen, remade: differing.length, keysMended: await mendKeys(hub.pool, table) })
  }
  return { tables }
}
