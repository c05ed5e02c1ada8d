import assert from 'node:assert/strict'
import { answered } from '../../simulators/exchange/sign-in-page.ts'
import { goodPassword, newAccount } from '../people/page.ts'
import { newVisitor, type Visitor } from '../sign-on/visitor.ts'
import type { TestScope } from '../support/database.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from './served-hub.ts'

export interface Scene {
  hub: ServedHub
  simulator: Simulator
  connection: string
  contact: string
}

/** A connected organisation whose people write by their own accounts. */
export async function stage(t: TestScope): Promise<Scene> {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal(made.status, 201, made.text)
  const connection = made.json.id as string
  const contact = await until('a copied contact', async () => {
    const { json } = await hub.ask('/api/v1/records?entity=contact&limit=1')
    return json.records?.[0]?.id as string | undefined
  })
  const settings = { writesAsPerson: true }
  assert.equal((await hub.ask(path(connection), { method: 'PATCH', json: { settings } })).status, 200)
  return { hub, simulator, connection, contact }
}

export const path = (connection: string) => `/api/v1/connections/${connection}`

export async function signedIn(hub: ServedHub, email: string, roles = ['supervisor']): Promise<Visitor> {
  await newAccount(hub, email, roles)
  const visitor = newVisitor()
  const { status } = await visitor.ask(hub, 'POST', '/session/password', { email, password: goodPassword })
  assert.equal(status, 200)
  return visitor
}

/** Through the window of the CRM and back, as one of the people whom its directory knows. */
export async function link(
  scene: Pick<Scene, 'hub' | 'connection'>,
  visitor: Visitor,
  who: string,
  over: { returnTo?: string; decision?: string } = {},
) {
  const { hub, connection } = scene
  const asked = { connection, return: over.returnTo ?? '/records' }
  const { json, status } = await visitor.ask(hub, 'POST', '/consents', asked)
  assert.equal(status, 200, JSON.stringify(json))
  const window = new URL(json.url)
  for (const [name, value] of [
    [answered.person, who],
    [answered.decision, over.decision ?? 'accept'],
  ] as const) {
    window.searchParams.set(name, value)
  }
  const until = ({ origin, pathname }: URL) => origin === new URL(hub.url).origin && !pathname.startsWith('/api/')
  return visitor.visit(window.href, { from: window.href, until })
}

export const write = (visitor: Visitor, { hub, contact }: Scene, jobtitle: string) =>
  visitor.ask(hub, 'POST', '/writes', { operation: 'update', record: contact, fields: { jobtitle } })

export const ended = (hub: ServedHub, id: string) =>
  until('the write', async () => {
    const { json } = await hub.ask(`/api/v1/writes/${id}`)
    return ['done', 'failed', 'unknown'].includes(json.state) ? json : null
  })

export const people = ({ simulator }: Scene) => simulator.simulator.directory.people

export const userOf = ({ json }: { json: { connections: { account: { crmUser: string } }[] } }) =>
  json.connections[0]!.account.crmUser

export function modifierOf({ simulator }: Simulator, sourceId: string): unknown {
  return simulator.org.tables.get('contact')!.entries.get(sourceId)!.fields._modifiedby_value
}
