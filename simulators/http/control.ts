import type { ServerResponse } from 'node:http'
import {
  type Control,
  changeNamed,
  commonControls,
  controlDoor,
  deliveriesOf,
  type Input,
} from '../exchange/control.ts'
import { figuresOf } from '../exchange/prepared.ts'
import { revoke } from './auth.ts'
import { definitionOf } from './definition.ts'
import { type Kind, pagings } from './list.ts'
import { change, type Entity, entities, idsOf, jsonOf } from './rows.ts'
import type { Simulator } from './simulator.ts'
import type { Hook } from './webhooks.ts'

const controls: Record<string, Control<Simulator>> = {
  ...commonControls(),
  'GET /': ({ origin, store, churn, prepared }) => ({
    url: `${origin}/api`,
    rows: Object.fromEntries(entities.map((entity) => [entity, idsOf(store.tables[entity]).length])),
    prepared: figuresOf(prepared),
    churn: { rate: churn.rate, done: churn.done },
  }),
  'POST /records': ({ store }, input) => {
    const made = [input.records ?? input].flat().map((one) => applyOne(store, one as Input))
    return 'records' in input ? { records: made } : made[0]
  },
  'POST /access': ({ access }, { revoke: login, ...input }) => {
    if (login !== undefined) revoke(access, String(login))
    const { codes: _, tokens, refreshTokens, ...shown } = changeNamed(access, input, 'setting of the access')
    return { ...shown, tokens: tokens.size, refreshTokens: refreshTokens.size }
  },
  'POST /webhooks': (sim, input) => {
    sim.webhooks.hooks = [input.hooks ?? []].flat() as Hook[]
    return { hooks: sim.webhooks.hooks.length }
  },
  'GET /webhooks': ({ webhooks }) => deliveriesOf(webhooks),
  'GET /definition': (sim, _input, query) => {
    const paging = query.get('paging') ?? 'cursor'
    if (!(pagings as readonly string[]).includes(paging))
      throw new Error(`no paging ${paging}; one of ${pagings.join(', ')}`)
    return definitionOf(sim.origin, paging as Kind, query.get('authentication') ?? 'bearer')
  },
}

export const control = controlDoor({ controls, dump })

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
function dump({ store }: Simulator, response: ServerResponse, query: URLSearchParams): void {
  const only = query.get('entity')
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
