import { setTimeout as wait } from 'node:timers/promises'
import { createPool } from '#database/pool.ts'
import type { Cluster } from './cluster.ts'
import { type Api, type BenchHub, connectOneTable, createHub, type Serving, waitForRun, waitUntilQuiet } from './hub.ts'
import { project, runProgram } from './process.ts'
import { progress } from './progress.ts'
import type { Organisation } from './vendor.ts'

/** A hub whose contacts are copied, with a configured desktop, an agent, and many others at work. */
export interface DeskScene {
  hub: BenchHub
  serving: Serving
  connection: string
  /** Signs the agent's browser in, once. */
  signIn: string
  tell: Tell
  close(): Promise<void>
}

/** One event of an interaction, told now. */
export type Tell = (interaction: string, type: string, more?: Told) => Promise<void>

interface Told {
  agent?: { id: string; email?: string }
  data?: Record<string, unknown>
}

export const agent = { id: 'ann', email: 'ann@example.com' }
const openInteractions = 200
/** No pass over tables while it is measured. */
const longestScheduleSeconds = 86_400

/** Contact i of the organisation has a number of its own (`lookup-organisation.ts`). */
export const numberOf = (index: number) => `+324${70_000_000 + index + 1}`

export async function startScene(
  cluster: Cluster,
  organisation: Organisation,
  { records, hosts }: { records: number; hosts: readonly string[] },
): Promise<DeskScene> {
  const databaseUrl = await cluster.fresh('bench_desktop')
  const hub = await createHub(databaseUrl, organisation, { JACKFIELD_ALLOW_HOSTS: hosts.join(',') })
  const { connection, columns } = await connectOneTable(hub, organisation, 'contact')
  progress(`an organisation of ${records} contacts makes its pages ready`)
  await organisation.vendor.prepare(organisation, columns)
  const serving = await hub.serve()
  const copied = await waitForRun(serving, 'initial')
  await waitUntilQuiet(serving)
  progress(`the hub copied ${copied.records} contacts, ${copied.rowsPerSecond}/s`)
  await vacuum(databaseUrl)
  const { api } = serving
  await configure(api, connection)
  for (const entity of ['contact', 'phone_call']) {
    await api('PATCH', `/connections/${connection}/tables/${entity}`, { scheduleSeconds: longestScheduleSeconds })
  }
  // When the next pass is due was settled by the last one.
  await api('POST', '/runs', { connection, kind: 'incremental' })
  await waitUntilQuiet(serving)
  const signIn = await invite(hub, serving)
  const tell = teller(api)
  for (let i = 0; i < openInteractions; i += 1) {
    const data = { channelType: 'voice', ani: numberOf(records - 1 - (i % records)) }
    await tell(`open-${i}`, 'offered', { agent: { id: `agent-${i}` }, data })
    await tell(`open-${i}`, 'accepted', { agent: { id: `agent-${i}` } })
  }
  await wait(2_000)
  const close = async () => {
    await serving.stop()
    await hub.remove()
  }
  return { hub, serving, connection, signIn, tell, close }
}

async function vacuum(databaseUrl: string): Promise<void> {
  const pool = createPool({ url: databaseUrl, max: 1, name: 'bench', statementMs: 0 })
  await pool.query('vacuum analyze jackfield.record, jackfield.contact_point')
  await pool.end()
}

async function configure(api: Api, connection: string): Promise<void> {
  await api('POST', `/connections/${connection}/tables`, { table: 'phonecall' })
  const { id } = await api<{ id: string }>('POST', '/crm-configurations', { name: 'Desk', connectionId: connection })
  const path = `/crm-configurations/${id}`
  const fields = ['emailaddress1', 'jobtitle', 'createdon'].map((field) => ({ field }))
  const data = await api<{ id: string }>('POST', `${path}/parts`, {
    ...{ kind: 'dynamic_data', name: 'Person', definition: { entities: [{ entity: 'contact', fields }] } },
  })
  await api('POST', `${path}/agent-workflows`, {
    name: 'All',
    definition: { dynamicDataIds: [data.id], timeline: { entity: 'phone_call', subject: 'Call {contactId}' } },
  })
}

const password = 'correct horse battery staple'

async function invite(hub: BenchHub, { api, url }: Serving): Promise<string> {
  const invited = { email: agent.email, name: 'Ann', roles: ['agent'] }
  const { token } = await api<{ token: string }>('POST', '/invitations', invited)
  const origin = url.replace('127.0.0.1', 'localhost')
  const reply = await fetch(`${origin}/api/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ token, name: 'Ann', password }),
  })
  if (!reply.ok) throw new Error(`The agent was not let in: ${reply.status} ${await reply.text()}`)
  const { signIn } = await runProgram<{ signIn: string }>(
    [`${project}/src/main.ts`, 'sign-in', '--origin', url, '--person', agent.email, '--json'],
    { env: hub.env },
  )
  return signIn
}

function teller(api: Api): Tell {
  let told = 0
  return async (interaction, type, more = {}) => {
    told += 1
    const event = { source: 'bench', interaction, id: `event-${told}`, type, at: new Date().toISOString(), ...more }
    await api('POST', '/interaction-events', { events: [event] })
  }
}
