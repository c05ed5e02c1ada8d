import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { cancelRun, findRun, pauseRun, requestRun, resumeRun, runProgress, type SyncRun } from '#sync/run.ts'
import { pageOfRuns } from '#sync/run-list.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { AuditInput } from '../contract/audits.ts'
import { Run, RunAct, RunInput, RunList, RunQuery, RunsRequested } from '../contract/runs.ts'
import { Id } from '../contract/shapes.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

const ActPath = z.object({ id: Id, act: RunAct })

export function runRoutes(app: Api, hub: Hub): void {
  oneRun(app, hub)
  const { pool, log } = hub

  app.get(
    '/runs',
    { ...allow('read:status'), schema: { querystring: RunQuery, response: { 200: RunList, ...failures } } },
    async (request) => {
      const { connection, entity, state, cursor, limit } = request.query
      const wanted = (await hub.finder.tables.all())
        .filter((table) => connection === undefined || table.connectionId === connection)
        .filter((table) => entity === undefined || table.entity === entity)
      const tableIds = wanted.map((table) => table.id)
      const { runs, next } = await pageOfRuns(pool, { ...given({ state, cursor }), tableIds, limit })
      return { runs: await shownRuns(hub, runs), next }
    },
  )

  app.post(
    '/runs',
    {
      ...allow('manage:sync', 'run.request'),
      schema: { body: RunInput, response: { 202: RunsRequested, ...failures } },
    },
    async (request, reply) => {
      const { connection, entity, kind } = request.body
      noteAct(request, { subject: { kind: 'connection', id: connection }, details: { entity: entity ?? null, kind } })
      const requestedBy = request.principal!.name
      const tables = await tablesFor(hub, connection, entity)
      const runs = []
      for (const table of tables) {
        // Before its first pass there is nothing that an incremental one could go on from.
        const first = table.firstPassAt === null ? ('initial' as const) : kind
        runs.push(await requestRun(pool, { tableId: table.id, kind: first, cause: 'person', requestedBy }))
      }
      hub.wakeWorkers()
      log.info('runs requested', { connection, entity, kind, by: requestedBy })
      return reply.code(202).send({ runs: await shownRuns(hub, runs) })
    },
  )

  app.post(
    '/audits',
    {
      ...allow('manage:sync', 'run.audit'),
      schema: { body: AuditInput, response: { 202: RunsRequested, ...failures } },
    },
    async (request, reply) => {
      const { connection, entity, repair } = request.body
      noteAct(request, { subject: { kind: 'connection', id: connection }, details: { entity: entity ?? null, repair } })
      const requestedBy = request.principal!.name
      const runs = []
      for (const table of await tablesFor(hub, connection, entity)) {
        const asked = { tableId: table.id, kind: 'audit' as const, cause: 'person', requestedBy, options: { repair } }
        runs.push(await requestRun(pool, asked))
      }
      hub.wakeWorkers()
      log.info('audit requested', { connection, entity, repair, by: requestedBy })
      return reply.code(202).send({ runs: await shownRuns(hub, runs) })
    },
  )
}

function oneRun(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.get(
    '/runs/:id',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: Run, ...failures } } },
    async (request) => shownRun(hub, await findRun(pool, request.params.id)),
  )

  app.post(
    '/runs/:id/:act',
    { ...allow('manage:sync', 'run.steer'), schema: { params: ActPath, response: { 200: Run, ...failures } } },
    async (request) => {
      const { id, act } = request.params
      const run = await acts[act](hub, id, request.principal!.name)
      hub.wakeWorkers()
      log.info('run acted upon', { run: id, act, by: request.principal!.name })
      return shownRun(hub, run)
    },
  )
}

const acts: Record<RunAct, (hub: Hub, id: string, by: string) => Promise<SyncRun>> = {
  pause: (hub, id) => pauseRun(hub.pool, id),
  resume: (hub, id) => resumeRun(hub.pool, id),
  cancel: (hub, id) => cancelRun(hub.pool, id),
  approve: async (hub, id, by) => {
    const run = await findRun(hub.pool, id)
    if (run.problem?.code !== 'sync.sweep_needs_person') {
      throw new HubError('input.invalid', 'This run does not wait for an approval')
    }
    const options = { ...run.options, approved: true }
    return requestRun(hub.pool, { tableId: run.tableId, kind: run.kind, cause: 'approved', requestedBy: by, options })
  },
}

async function tablesFor(hub: Hub, connectionId: string, entity: string | undefined): Promise<SyncedTable[]> {
  const { id } = await hub.connections.find(connectionId)
  const tables = (await listTables(hub.pool, id)).filter((table) => entity === undefined || table.entity === entity)
  if (entity !== undefined && tables.length === 0) {
    throw new HubError('resource.not_found', `The connection copies no table '${entity}'`, { field: 'entity' })
  }
  return entity === undefined ? tables.filter((table) => table.enabled) : tables
}

async function shownRun(hub: Hub, run: SyncRun): Promise<Run> {
  return (await shownRuns(hub, [run]))[0]!
}

/** With what each has done so far. Runs of a removed connection's tables are left out. */
export async function shownRuns(hub: Pick<Hub, 'pool' | 'finder'>, runs: readonly SyncRun[]): Promise<Run[]> {
  if (runs.length === 0) return []
  const progress = await runProgress(
    hub.pool,
    runs.map((run) => run.id),
  )
  const all: Run[] = []
  for (const run of runs) {
    const table = await hub.finder.tables.get(run.tableId)
    if (table) all.push(shown.run(run, table, progress.get(run.id)))
  }
  return all
}
