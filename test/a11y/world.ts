import { startDynamics } from '../../simulators/dynamics/server.ts'
import { openByLink } from '../people/page.ts'
import { connectBody, type ServedHub, serveHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'

/** A hub with something on each of its pages. */
export interface World {
  hub: ServedHub
  /** Another, into which nothing was put. */
  bare: ServedHub
  connection: string
  authentication: string
  run: string
  record: { id: string; name: string; phone: string }
  destination: string
  /** A CRM configuration, and one of each kind of what it holds that differs. */
  configuration: { id: string; mapping: string; search: string; create: string; workflow: string }
  /** One that is over and was written of, and one of which there was nobody to write of. */
  interaction: { written: string; unlinked: string }
  person: string
  /** One that the hub did not come with. */
  role: string
  team: string
  /** The token of one that waits. */
  invitation: string
}

const long = 'seven green herons wade'

export async function openWorld(t: TestScope): Promise<World> {
  const simulator = await startDynamics({ port: 0, records: 60, seed: 5, protection: false, broken: 3 })
  t.after(() => simulator.close())
  const another = await startDynamics({ port: 0, records: 1, seed: 6, protection: false })
  t.after(() => another.close())
  const hosts = [simulator, another].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { simulator, work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  if (made.status !== 201) throw new Error(`Not connected: ${made.text}`)
  const connection: string = made.json.id
  const settings = { writesAsPerson: true }
  await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { settings } })
  await until('the first copy ended', async () => {
    const { connections } = (await hub.ask('/api/v1/status')).json
    const tables: { enabled: boolean; firstPassAt: string | null }[] = connections[0].tables
    return tables.filter((table) => table.enabled).every((table) => table.firstPassAt !== null)
  })
  const destination = await hub.ask('/api/v1/destinations', { json: { connection } })
  await hub.ask('/api/v1/keys', { json: { name: 'Telephone switch, Brussels', scopes: ['read:records'] } })
  await hub.ask('/api/v1/keys', { key: 'jf_nobody' })
  const joris = await invite(hub, 'Joris Maes', 'joris@example.com')
  await accept(hub, joris)
  // Whoever comes first by a link is a person from then on.
  await openByLink(hub)
  const { people } = (await hub.ask('/api/v1/people')).json
  const record = await someCaller(hub)
  await takeCalls(hub, people.find(({ name }: { name: string }) => name !== 'Joris Maes').id, record.phone)
  const configuration = await configure(hub, connection)
  await configureInVain(hub, another)
  const interaction = await overCalls(hub, record.id)
  const sites = { frameOrigins: ['https://phone.example.com'], teams: true, version: 0 }
  await hub.ask('/api/v1/desktop/settings', { method: 'PUT', json: sites })
  const role = await hub.ask('/api/v1/roles', { json: { name: 'Agents of the night', copyOf: 'agent' } })
  const team = await hub.ask('/api/v1/teams', { json: { name: 'Night watch' } })
  return {
    bare: await serveHub(t),
    ...{ hub, connection, destination: destination.json.id },
    authentication: made.json.authenticationId,
    run: (await hub.ask('/api/v1/runs?limit=1')).json.runs[0].id,
    record,
    ...{ configuration, interaction },
    ...{ role: role.json.id, team: team.json.id },
    person: people.find((person: { name: string }) => person.name === 'Joris Maes').id,
    invitation: await invite(hub, 'Élise de Vos', 'elise@example.com'),
  }
}

async function configure(hub: ServedHub, connectionId: string): Promise<World['configuration']> {
  const make = async (path: string, json: object) => {
    const { status, text, json: made } = await hub.ask(`/api/v1/crm-configurations${path}`, { json })
    if (status !== 201) throw new Error(`Not made: ${text}`)
    return made.id as string
  }
  const id = await make('', { name: 'Service desk', description: 'Calls and chats of customers', connectionId })
  const part = (kind: string, name: string, definition: object) => make(`/${id}/parts`, { kind, name, definition })
  const rows = [
    { field: 'description', from: 'voice', data: 'transcript' },
    { field: 'jobtitle', from: 'script', data: 'orderid' },
  ]
  const mapping = await part('memorialization', 'Calls', { channel: 'voice', entities: [{ entity: 'contact', rows }] })
  const conditions = [{ field: 'lastname', operator: 'starts_with', value: '{customerName}' }]
  const order = [{ field: 'createdon', descending: true }]
  const search = await part('search', 'By name', { by: 'custom', entity: 'contact', conditions, order })
  const fields = [{ field: 'lastname', value: '{ani}' }]
  const create = await part('create', 'Unknown caller', { standard: false, entity: 'contact', fields })
  const definition = { searchId: search, memorializationIds: [mapping], createIds: [create], tags: ['complaint'] }
  const workflow = await make(`/${id}/agent-workflows`, { name: 'Support', skills: ['Support'], definition })
  return { id, mapping, search, create, workflow }
}

/** A configuration that waits for its connection, which is paused. */
async function configureInVain(hub: ServedHub, crm: Parameters<typeof connectBody>[0]): Promise<void> {
  const { status, text, json } = await hub.ask('/api/v1/connections', {
    json: { ...connectBody(crm), name: 'Fabrikam' },
  })
  if (status !== 201) throw new Error(`Not connected: ${text}`)
  await hub.ask('/api/v1/crm-configurations', { json: { name: 'Night desk', connectionId: json.id } })
  await hub.ask(`/api/v1/connections/${json.id}`, { method: 'PATCH', json: { state: 'paused' } })
  const { counts } = (await hub.ask('/api/v1/attention')).json
  if (counts.configuration !== 1) throw new Error(`The configuration waits for nobody: ${JSON.stringify(counts)}`)
}

async function invite(hub: ServedHub, name: string, email: string): Promise<string> {
  const { status, text, json } = await hub.ask('/api/v1/invitations', { json: { name, email, roles: ['auditor'] } })
  if (status !== 201) throw new Error(`Not invited: ${text}`)
  return json.token
}

/** One that rings, and one whose number nobody knows, which is wrapped up. */
async function takeCalls(hub: ServedHub, personId: string, phone: string): Promise<void> {
  const source = 'centre'
  await hub.ask('/api/v1/agent-identities', { method: 'PUT', json: { source, agentId: '7', personId } })
  const began = Date.now()
  const told = [
    ['known', 'offered', { ani: phone, channelType: 'voice', skillName: 'Support' }],
    ['unknown', 'offered', { ani: '+32 470 00 99 88', channelType: 'voice' }],
    ['unknown', 'accepted', {}],
    ['unknown', 'ended', {}],
  ] as const
  const events = told.map(([interaction, type, data], index) => {
    const at = new Date(began + index * 1000).toISOString()
    return { source, interaction, id: `${interaction}-${type}`, type, at, data, agent: { id: '7', name: 'Mina' } }
  })
  const { status, text } = await hub.ask('/api/v1/interaction-events', { json: { events } })
  if (status !== 200) throw new Error(`No calls: ${text}`)
}

/** Calls that somebody else had; the job title that the caller chose is longer than its field. */
async function overCalls(hub: ServedHub, recordId: string): Promise<World['interaction']> {
  const tell = async (interaction: string, type: string, data = {}, scriptVariables = {}) => {
    const at = new Date().toISOString()
    const event = { source: 'centre', interaction, id: `${interaction}-${type}`, type, at, data, scriptVariables }
    const json = { events: [{ ...event, agent: { id: '8', name: 'Joris' } }] }
    const { status, text, json: told } = await hub.ask('/api/v1/interaction-events', { json })
    if (status !== 200) throw new Error(`Not told: ${text}`)
    return told.taken[0].interaction as string
  }
  const offered = { ani: '+32 470 00 99 77', channelType: 'voice', skillName: 'Support' }
  const written = await tell('written', 'offered', offered, { orderid: 'Buyer of spare parts '.repeat(10) })
  const link = await hub.ask(`/api/v1/interactions/${written}/acts`, { json: { act: 'link', record: recordId } })
  if (link.status !== 200) throw new Error(`Not linked: ${link.text}`)
  const said = { wrapUp: false, transcript: 'Where is my order? On its way.', dispositionName: 'Solved', tags: 'order' }
  await tell('written', 'ended', said)
  const unlinked = await tell('unlinked', 'offered', offered)
  await tell('unlinked', 'ended', { wrapUp: false })
  return { written, unlinked }
}

async function accept(hub: ServedHub, token: string): Promise<void> {
  const json = { token, name: 'Joris Maes', password: long }
  const reply = await hub.ask('/api/v1/invitations/accept', { key: null, json, headers: { 'x-jackfield': '1' } })
  if (reply.status >= 300) throw new Error(`Not accepted: ${reply.text}`)
}

interface Listed {
  id: string
  name: string | null
  phones: { e164: string | null }[]
}

async function someCaller(hub: ServedHub): Promise<World['record']> {
  const records: Listed[] = (await hub.ask('/api/v1/records?entity=contact&limit=200')).json.records
  for (const { id, name, phones } of records) {
    const phone = phones.find(({ e164 }) => e164)?.e164
    if (name && phone) return { id, name, phone }
  }
  throw new Error('No contact has a name and a number')
}
