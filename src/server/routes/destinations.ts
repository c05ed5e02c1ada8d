import { z } from 'zod'
import type { Destination as Stored } from '#destination/destination.ts'
import { createDestination, type ManageParts, makeMissing, startDestination } from '#destination/manage.ts'
import { checkReadiness } from '#destination/readiness.ts'
import { askParked, parkedRows, progressOf } from '#destination/rows.ts'
import {
  askFigure,
  changeDestination,
  findDestination,
  isFilled,
  listDestinations,
  moveDestination,
} from '#destination/store.ts'
import type { View } from '#records/view.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import {
  ColumnsInput,
  Destination,
  DestinationAct,
  DestinationChange,
  DestinationInput,
  DestinationList,
  DestinationProblemQuery,
  DestinationProblems,
  Readiness,
  type Requirement,
} from '../contract/destinations.ts'
import { Id } from '../contract/shapes.ts'
import type { Hub } from '../hub.ts'
import { masksOf, seenAmong, untold, viewFor } from '../seen.ts'
import { time } from '../shown.ts'
import { mappingRoutes } from './destination-mapping.ts'

const ActPath = z.object({ id: Id, act: DestinationAct })

export function destinationRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  const parts = partsOf(hub)
  const shown = (destination: Stored) => shownDestination(hub, destination)
  readinessRoutes(app, hub, parts)
  mappingRoutes(app, hub, parts)
  problemRoutes(app, hub)
  changeRoutes(app, hub)

  app.get(
    '/destinations',
    { ...allow('read:status'), schema: { response: { 200: DestinationList, ...failures } } },
    async () => ({ destinations: await Promise.all((await listDestinations(pool)).map(shown)) }),
  )

  app.post(
    '/destinations',
    {
      ...allow('create:integrations', 'destination.create'),
      schema: { body: DestinationInput, response: { 201: Destination, ...failures } },
    },
    async (request, reply) => {
      const { connection: connectionId, ...rest } = request.body
      const made = await createDestination(parts, { connectionId, ...given(rest) })
      noteAct(request, { subject: { kind: 'destination', id: made.id }, details: { connection: connectionId } })
      log.info('destination named', { destination: made.id, connection: connectionId, by: request.principal!.name })
      return reply.code(201).send(await shown(made))
    },
  )

  app.get(
    '/destinations/:id',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: Destination, ...failures } } },
    async (request) => shown(await findDestination(pool, request.params.id)),
  )

  app.post(
    '/destinations/:id/:act',
    {
      ...allow('manage:sync', 'destination.steer'),
      schema: { params: ActPath, response: { 200: Destination, ...failures } },
    },
    async (request) => {
      const { id, act } = request.params
      await findDestination(pool, id)
      await acts[act](parts, id)
      hub.finder.tables.forget()
      hub.wakeWorkers()
      log.info('destination acted upon', { destination: id, act, by: request.principal!.name })
      return shown(await findDestination(pool, id))
    },
  )
}

function changeRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.patch(
    '/destinations/:id',
    {
      ...allow('edit:integrations', 'destination.change'),
      schema: { params: IdPath, body: DestinationChange, response: { 200: Destination, ...failures } },
    },
    async (request) => {
      const { id } = await findDestination(pool, request.params.id)
      await changeDestination(pool, id, request.body)
      log.info('destination changed', { destination: id, ...request.body, by: request.principal!.name })
      return shownDestination(hub, await findDestination(pool, id))
    },
  )

  app.delete(
    '/destinations/:id',
    {
      ...allow('edit:integrations', 'destination.remove'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { id } = await findDestination(pool, request.params.id)
      await moveDestination(pool, id, 'removed')
      log.info('destination removed', { destination: id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

const acts: Record<DestinationAct, (parts: ManageParts, id: string) => Promise<unknown>> = {
  start: startDestination,
  pause: ({ pool }, id) => moveDestination(pool, id, 'paused'),
  compare: ({ pool }, id) => askFigure(pool, id, false),
  repair: ({ pool }, id) => askFigure(pool, id, true),
  retry: ({ pool }, id) => askParked(pool, id),
}

function readinessRoutes(app: Api, hub: Hub, parts: ManageParts): void {
  app.get(
    '/destinations/:id/readiness',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: Readiness, ...failures } } },
    async (request) => readiness(await checkReadiness(parts, await findDestination(hub.pool, request.params.id))),
  )

  app.post(
    '/destinations/:id/columns',
    {
      ...allow('edit:integrations', 'destination.make_columns'),
      schema: { params: IdPath, body: ColumnsInput, response: { 200: Readiness, ...failures } },
    },
    async (request) => {
      const left = await makeMissing(parts, request.params.id)
      hub.finder.tables.forget()
      hub.log.info('columns made', { destination: request.params.id, by: request.principal!.name })
      return readiness(left)
    },
  )
}

const readiness = (requirements: Requirement[]): Readiness => ({
  ready: !requirements.some(({ state, blocks }) => state === 'unmet' && blocks),
  requirements,
})

function problemRoutes(app: Api, hub: Hub): void {
  app.get(
    '/destinations/:id/problems',
    {
      ...allow('read:records'),
      schema: {
        params: IdPath,
        querystring: DestinationProblemQuery,
        response: { 200: DestinationProblems, ...failures },
      },
    },
    async (request) => problemsOf(hub, request.params.id, request.query, await viewFor(hub, request.principal)),
  )
}

async function problemsOf(
  hub: Hub,
  id: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
  view: View,
): Promise<DestinationProblems> {
  await findDestination(hub.pool, id)
  const rows = await parkedRows(hub.pool, id, { cursor: cursor === undefined ? null : Id.parse(cursor), limit })
  const tables = await hub.finder.tables.all()
  const connectionOf = new Map(tables.map((table) => [table.id, table.connectionId]))
  const found = rows.map((row) => ({ ...row, connectionId: connectionOf.get(row.tableId) ?? '' }))
  const seen = await seenAmong(hub.pool, tables, found, view)
  const problems = seen
    .filter(({ visible }) => visible)
    .map(({ one: { problem, recordId, rowId, entity, connectionId }, table, name }) => ({
      ...{ recordId, rowId, entity, name },
      connectionId: connectionId === '' ? null : connectionId,
      ...problem,
      ...(masksOf(view, table) ? { message: untold, field: null, vendor: null } : {}),
      since: new Date(problem.since).toISOString(),
    }))
  return { problems, next: rows.length === limit ? rows.at(-1)!.recordId : null }
}

function partsOf({ pool, connections, connectors }: Hub): ManageParts {
  return {
    pool,
    session: connections.session,
    connectorOf: (crm) => connectors.find(({ manifest }) => manifest.crm === crm)!,
    findConnection: connections.find,
    listConnections: connections.list,
    refreshMetadata: connections.refreshMetadata,
  }
}

async function shownDestination({ pool, connections }: Hub, destination: Stored): Promise<Destination> {
  const { id, connectionId, state, onDelete, entities, figure, problem } = destination
  const [connection, progress, filled] = await Promise.all([
    connections.find(connectionId),
    progressOf(pool, id),
    isFilled(pool, id),
  ])
  return {
    ...{ id, connectionId, onDelete, entities, figure },
    state: state === 'active' ? 'active' : 'paused',
    connectionName: connection.name,
    url: connection.url,
    progress: { ...progress, filled },
    figureAskedAt: destination.figureAskedAt && time(destination.figureAskedAt),
    problem: problem && { ...problem, since: new Date(problem.since).toISOString() },
    createdAt: time(destination.createdAt),
  }
}
