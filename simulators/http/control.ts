import type { IncomingMessage, ServerResponse } from 'node:http'
import { setChurn } from '../exchange/churn.ts'
import { addFault, clearFaults, describe } from '../exchange/faults.ts'
import { resetLog } from '../exchange/request-log.ts'
import { definitionOf } from './definition.ts'
import { type Kind, pagings } from './list.ts'
import { change, type Entity, entities, idsOf, jsonOf } from './rows.ts'
import type { Simulator } from './simulator.ts'
import type { Hook } from './webhooks.ts'

type Input = Record<string, unknown>
type Handler = (sim: Simulator, input: Input, query: URLSearchParams) => unknown

const ROUTES: Record<string, Handler> = {
  'GET /': ({ origin, store, churn, prepared }) => ({
    url: `${origin}/api`,
    rows: Object.fromEntries(entities.map((entity) => [entity, idsOf(store.tables[entity]).length])),
    prepared: { on: prepared.on, pages: prepared.pages.size, hits: prepared.hits },
    churn: { rate: churn.rate, done: churn.done },
  }),
  'GET /faults': (sim) => ({ faults: sim.faults.list.map(describe) }),
  'POST /faults': (sim, input) => {
    const added = [input].flat().map((spec) => describe(addFault(sim.faults, spec as Input)))
    return Array.isArray(input) ? { faults: added } : added[0]
  },
  'DELETE /faults': (sim) => {
    clearFaults(sim.faults)
    return { faults: [] }
  },
  'POST /records': ({ store }, input) => {
    const made = [input.records ?? input].flat().map((one) => applyOne(store, one as Input))
    return 'records' in input ? { records: made } : made[0]
  },
  'GET /requests': (sim) => sim.log,
  'POST /reset-requests': (sim) => {
    resetLog(sim.log)
    return { reset: true }
  },
  'POST /access': (sim, input) => {
    for (const name of Object.keys(input))
      if (!(name in sim.access)) throw new Error(`no setting ${name} of the access`)
    Object.assign(sim.access, input)
    return { ...sim.access, tokens: sim.access.tokens.size }
  },
  'POST /churn': (sim, input) => {
    setChurn(sim.churn, Number(input.rate ?? 0))
    return { rate: sim.churn.rate }
  },
  'POST /webhooks': (sim, input) => {
    sim.webhooks.hooks = [input.hooks ?? []].flat() as Hook[]
    return { hooks: sim.webhooks.hooks.length }
  },
  'GET /webhooks': ({ webhooks: { pending, sent, succeeded, failed, failures } }) => ({
    ...{ pending, sent, succeeded, failed, failures },
  }),
  'GET /definition': (sim, _input, query) => {
    const paging = query.get('paging') ?? 'cursor'
    if (!(pagings as readonly string[]).includes(paging))
      throw new Error(`no paging ${paging}; one of ${pagings.join(', ')}`)
    return definitionOf(sim.origin, paging as Kind, query.get('authentication') ?? 'bearer')
  },
}

/** The door for tests and demos: no token, this machine only. */
export async function control(
  sim: Simulator,
  message: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://control')
  const path = url.pathname.replace(/^\/control/, '') || '/'
  if (message.method === 'GET' && path === '/dump') return dump(sim, response, url.searchParams.get('entity'))
  const handler = ROUTES[`${message.method} ${path}`]
  if (!handler)
    return reply(response, 404, { error: `no control ${message.method} ${path}`, known: Object.keys(ROUTES) })
  try {
    reply(response, 200, handler(sim, body === '' ? {} : (JSON.parse(body) as Input), url.searchParams))
  } catch (error) {
    reply(response, 400, { error: (error as Error).message })
  }
}

function applyOne(store: Simulator['store'], input: Input) {
  const entity = String(input.entity) as Entity
  if (!entities.includes(entity)) throw new Error(`no entity ${entity}`)
  const row = change(store, entity, {
    operation: String(input.operation ?? 'create'),
    id: input.id === undefined ? undefined : String(input.id),
    fields: (input.fields ?? {}) as Input,
    ...(input.at === undefined ? {} : { at: Date.parse(String(input.at)) }),
  })
  if (!row) throw new Error(`no ${entity} ${String(input.id)}`)
  return { entity, id: row.id, version: row.updated }
}

/** Every record, the deleted ones too, one a line. */
function dump({ store }: Simulator, response: ServerResponse, only: string | null): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  for (const entity of entities) {
    if (only !== null && only !== entity) continue
    const table = store.tables[entity]
    for (const row of table.rows.values()) {
      const head = JSON.stringify({ entity, id: row.id, version: row.updated, deleted: row.deleted })
      response.write(`${head.slice(0, -1)},"fields":${jsonOf(table, row)}}\n`)
    }
  }
  response.end()
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(value)}\n`)
}
