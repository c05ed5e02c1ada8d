import {
  type Control,
  changeNamed,
  commonControls,
  controlDoor,
  deliveriesOf,
  type Input,
} from '../exchange/control.ts'
import { addFault, describe, type Fault } from '../exchange/faults.ts'
import { figuresOf } from '../exchange/prepared.ts'
import { peopleOf } from './authorize.ts'
import type { EventFault } from './change-events.ts'
import { customField } from './components.ts'
import { applyRecords } from './control-records.ts'
import { writeDump } from './dump.ts'
import { ApiError } from './errors.ts'
import { makeId } from './ids.ts'
import { endSessionsOf } from './oauth.ts'
import { schemaChanged, tableOf } from './organisation.ts'
import { prepare } from './prepare.ts'
import type { Simulator } from './simulator.ts'
import { dropClients, forget } from './streaming.ts'

const common = commonControls(strikeWith)

const controls: Record<string, Control<Simulator>> = {
  ...common,
  'GET /': (sim) => facts(sim),
  'DELETE /faults': (sim, ...rest) => {
    sim.capture.faults.length = 0
    return common['DELETE /faults']!(sim, ...rest)
  },
  'POST /records': (sim, input) => applyRecords(sim, input),
  'POST /prepare': (sim, input) => prepare(sim, input),
  'GET /settings': (sim) => sim.org.settings,
  'POST /settings': (sim, input) => {
    if ('hidden' in input) sim.schemaAt.value = Date.now()
    return changeNamed(sim.org.settings, input)
  },
  'GET /limits': (sim) => sim.limits,
  'POST /limits': (sim, { open, ...input }) => {
    if (open !== undefined) throw new Error('no limit open')
    return changeNamed(sim.limits, input, 'limit')
  },
  'POST /app': (sim, input) => changeApp(sim, input),
  'GET /people': ({ org }) => ({ people: peopleOf(org) }),
  'POST /people': (sim, input) => addPerson(sim, input),
  'POST /schema': (sim, input) => changeSchema(sim, input),
  'POST /streaming': (sim, input) => changeStreaming(sim, input),
  'POST /outbound': (sim, input) => addOutbound(sim, input),
  'GET /webhooks': ({ outgoing }) => deliveriesOf(outgoing),
  'GET /installed': (sim) => ({ components: [...sim.deployments.installed.values()] }),
}

export const control = controlDoor({
  controls,
  dump: writeDump,
  codeOf: (error) => (error instanceof ApiError ? error.errorCode : null),
})

function facts({ org, origin, limits, churn, prepared, streaming }: Simulator): unknown {
  const rows = Object.fromEntries([...org.tables.values()].map((table) => [table.definition.name, table.live]))
  return {
    url: origin,
    organization: org.id,
    integrationUser: org.integrationUser,
    counter: org.counter,
    rows,
    limits,
    prepared: figuresOf(prepared),
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

const ofApp = ['publicKey', 'runAs', 'approved', 'audiences', 'clientSecret']
const ofWeb = ['redirectUris', 'pkceRequired', 'secretOptional', 'rotates', 'codeSeconds']

/**
 * The external client app, by the names of `Sessions` and `WebServerFlow`. `revoke` ends all sessions, or with a user's id
 * theirs and what they allowed; `refreshToken` makes one of the integration user.
 */
function changeApp({ sessions, org }: Simulator, input: Input): unknown {
  const { revoke, refreshToken, ...rest } = input
  for (const [name, value] of Object.entries(rest)) {
    if (![...ofApp, ...ofWeb].includes(name)) throw new Error(`no setting ${name} of the app`)
    Object.assign(ofWeb.includes(name) ? sessions.web : sessions, { [name]: value })
  }
  if (revoke === true) sessions.tokens.clear()
  if (typeof revoke === 'string') endSessionsOf(sessions, revoke)
  if (typeof refreshToken === 'string')
    sessions.refreshTokens.set(refreshToken, { userId: org.integrationUser, scope: 'refresh_token api' })
  const { clientId, runAs, approved, audiences, tokens, refreshTokens, web } = sessions
  const { codes: _, ...flow } = web
  return { clientId, runAs, approved, audiences, ...flow, sessions: tokens.size, refreshTokens: refreshTokens.size }
}

/** `{"username","name"}`: a user who can sign in. */
function addPerson(sim: Simulator, input: Input): unknown {
  const username = String(input.username ?? '')
  if (!/^\S+@\S+$/.test(username)) throw new Error('a person needs a username, such as ada@contoso.example')
  if (peopleOf(sim.org).some((one) => one.username === username)) throw new Error(`${username} is there already`)
  const name = String(input.name ?? username)
  const names = {
    Name: name,
    LastName: name.split(' ').at(-1),
    FirstName: name.split(' ').slice(0, -1).join(' ') || null,
  }
  const fields = { ...names, Username: username, Email: username, Alias: username.slice(0, 8), IsActive: true }
  const { id } = applyRecords(sim, { entity: 'User', operation: 'create', fields }) as { id: string }
  return { id, username, name }
}

/** `{"entity","addField":{"name","type","externalId",…}}` or `{"entity","removeField":"Name"}` */
function changeSchema(sim: Simulator, input: Input): unknown {
  const table = tableOf(sim.org, String(input.entity))
  if (!table) throw new Error(`no object ${String(input.entity)}`)
  const { definition } = table
  const added = input.addField as Input | undefined
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
