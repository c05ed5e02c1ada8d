import type { IncomingMessage, ServerResponse } from 'node:http'
import { setChurn } from '../exchange/churn.ts'
import { addFault, clearFaults, describe, type Fault } from '../exchange/faults.ts'
import { resetLog } from '../exchange/request-log.ts'
import type { EventFault } from './change-events.ts'
import { customField } from './components.ts'
import { applyRecords } from './control-records.ts'
import { writeDump } from './dump.ts'
import { ApiError } from './errors.ts'
import { makeId } from './ids.ts'
import { schemaChanged, tableOf } from './organisation.ts'
import { prepare } from './prepare.ts'
import type { Simulator } from './simulator.ts'
import { dropClients, forget } from './streaming.ts'

type Input = Record<string, unknown>
type Handler = (sim: Simulator, input: Input) => unknown

const ROUTES: Record<string, Handler> = {
  'GET /': (sim) => facts(sim),
  'GET /faults': (sim) => ({ faults: sim.faults.list.map(describe) }),
  'POST /faults': (sim, input) => {
    const added = [input].flat().map((spec) => strikeWith(sim, spec as Input))
    return Array.isArray(input) ? { faults: added } : added[0]
  },
  'DELETE /faults': (sim) => {
    clearFaults(sim.faults)
    sim.capture.faults.length = 0
    return { faults: [] }
  },
  'POST /records': (sim, input) => applyRecords(sim, input),
  'GET /requests': (sim) => sim.log,
  'POST /prepare': (sim, input) => prepare(sim, input),
  'POST /reset-requests': (sim) => {
    resetLog(sim.log)
    return { reset: true }
  },
  'GET /settings': (sim) => sim.org.settings,
  'POST /settings': (sim, input) => {
    for (const name of Object.keys(input)) if (!(name in sim.org.settings)) throw new Error(`no setting ${name}`)
    if ('hidden' in input) sim.schemaAt.value = Date.now()
    return Object.assign(sim.org.settings, input)
  },
  'GET /limits': (sim) => sim.limits,
  'POST /limits': (sim, input) => {
    for (const name of Object.keys(input))
      if (!(name in sim.limits) || name === 'open') throw new Error(`no limit ${name}`)
    return Object.assign(sim.limits, input)
  },
  'POST /churn': (sim, input) => {
    setChurn(sim.churn, Number(input.rate ?? 0))
    return { rate: sim.churn.rate }
  },
  'POST /app': (sim, input) => changeApp(sim, input),
  'POST /schema': (sim, input) => changeSchema(sim, input),
  'POST /streaming': (sim, input) => changeStreaming(sim, input),
  'POST /outbound': (sim, input) => addOutbound(sim, input),
  'GET /webhooks': ({ outgoing: { pending, sent, succeeded, failed, failures } }) => ({
    pending,
    sent,
    succeeded,
    failed,
    failures,
  }),
  'GET /installed': (sim) => ({ components: [...sim.deployments.installed.values()] }),
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
  if (message.method === 'GET' && path === '/dump') return writeDump(sim, response, url.searchParams)
  const handler = ROUTES[`${message.method} ${path}`]
  if (!handler)
    return reply(response, 404, { error: `no control ${message.method} ${path}`, known: Object.keys(ROUTES) })
  try {
    reply(response, 200, await handler(sim, body === '' ? {} : (JSON.parse(body) as Input)))
  } catch (error) {
    const code = error instanceof ApiError ? error.errorCode : 'bad-request'
    reply(response, 400, { error: (error as Error).message, code })
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(value)}\n`)
}

function facts({ org, origin, limits, churn, prepared, streaming }: Simulator): unknown {
  const rows = Object.fromEntries([...org.tables.values()].map((table) => [table.definition.name, table.live]))
  return {
    url: origin,
    organization: org.id,
    integrationUser: org.integrationUser,
    counter: org.counter,
    rows,
    limits,
    prepared: { on: prepared.on, pages: prepared.pages.size, bytes: prepared.bytes, hits: prepared.hits },
    churn: { rate: churn.rate, done: churn.done },
    streaming: {
      clients: streaming.clients.size,
      events: streaming.events.length,
      nextReplayId: streaming.nextReplayId,
    },
  }
}

const EVENT_FAULTS: Record<string, EventFault['kind']> = {
  'event-gap': 'gap',
  'event-overflow': 'overflow',
  'event-drop': 'drop',
  'event-double': 'double',
}

function strikeWith(sim: Simulator, spec: Input): unknown {
  const kind = EVENT_FAULTS[String(spec.kind)]
  if (kind) {
    const left = spec.times === 0 ? Number.POSITIVE_INFINITY : Number(spec.times ?? 1)
    sim.capture.faults.push({ kind, left })
    return { ...spec, left }
  }
  const fault = addFault(sim.faults, spec)
  lasting(sim, fault)
  return describe(fault)
}

/** Faults that hold from when they are asked for until they are cleared. */
function lasting(sim: Simulator, fault: Fault): void {
  const { settings } = sim.org
  const o = fault.options
  if (fault.kind === 'clock-skew') {
    const before = settings.clockSkewMinutes
    settings.clockSkewMinutes = Number(o.minutes ?? 10)
    fault.undo = () => {
      settings.clockSkewMinutes = before
    }
  }
  if (fault.kind === 'column-removed' || fault.kind === 'object-hidden') {
    const before = settings.hidden
    const object = String(o.entity ?? 'Contact')
    settings.hidden = {
      ...before,
      [object]: fault.kind === 'object-hidden' ? true : [String(o.column ?? 'MobilePhone')],
    }
    sim.schemaAt.value = Date.now()
    fault.undo = () => {
      settings.hidden = before
    }
  }
}

/** The external client app: `publicKey`, `runAs`, `approved`, `audiences`, `clientSecret`; `revoke` ends all sessions; `refreshToken` makes one. */
function changeApp({ sessions, org }: Simulator, input: Input): unknown {
  const { revoke, refreshToken, ...rest } = input
  for (const name of Object.keys(rest))
    if (!['publicKey', 'runAs', 'approved', 'audiences', 'clientSecret'].includes(name))
      throw new Error(`no setting ${name} of the app`)
  Object.assign(sessions, rest)
  if (revoke === true) sessions.tokens.clear()
  if (typeof refreshToken === 'string') sessions.refreshTokens.set(refreshToken, org.integrationUser)
  return {
    clientId: sessions.clientId,
    runAs: sessions.runAs,
    approved: sessions.approved,
    audiences: sessions.audiences,
    sessions: sessions.tokens.size,
  }
}

/** `{"entity","addField":{"name","type","externalId",…}}` or `{"entity","removeField":"Name"}` */
function changeSchema(sim: Simulator, input: Input): unknown {
  const table = tableOf(sim.org, String(input.entity))
  if (!table) throw new Error(`no object ${String(input.entity)}`)
  const { definition } = table
  const added = input.addField as Record<string, unknown> | undefined
  if (added) {
    const source = Object.entries(added).map(([key, value]) => `<${key}>${String(value)}</${key}>`)
    customField(sim.org, `${definition.name}.${String(added.name)}`, source.join(''))
  }
  if (input.removeField !== undefined) {
    const at = definition.fields.findIndex((f) => f.name === input.removeField)
    if (at < 0) throw new Error(`no field ${String(input.removeField)}`)
    definition.fields.splice(at, 1)
    schemaChanged(sim.org, table)
  }
  return { entity: definition.name, fields: definition.fields.length }
}

/** `{"drop":true}` ends every client's session; `{"forget":n}` loses the oldest events. */
function changeStreaming({ streaming }: Simulator, input: Input): unknown {
  if (input.drop === true) dropClients(streaming)
  if (typeof input.forget === 'number') forget(streaming, input.forget)
  return { clients: streaming.clients.size, events: streaming.events.length, firstReplayId: streaming.firstReplayId }
}

/** `{"object","url","fields":["Id",…]}`: an outbound message. */
function addOutbound({ outgoing, org }: Simulator, input: Input): unknown {
  const fields = [input.fields ?? ['Id']].flat().map(String)
  const rule = {
    object: String(input.object),
    url: String(input.url),
    fields,
    id: makeId('04k', org.instance, outgoing.outbound.length + 1),
  }
  outgoing.outbound.push(rule)
  return rule
}
