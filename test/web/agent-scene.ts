import assert from 'node:assert/strict'
import { newAccount } from '../people/page.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'
import { buildConsole, keysArrive, type Visitor } from './console.ts'

export interface Scene {
  hub: ServedHub
  simulator: Simulator
  connection: string
  contacts: { id: string; name: string; number: string }[]
  tell(interaction: string, type: string, data?: Record<string, unknown>): Promise<string>
}

/** An agent of a contact centre whose callers are people of the CRM. */
export async function stage(t: TestScope): Promise<Scene> {
  await buildConsole()
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal(made.status, 201, made.text)
  const contacts = await until('callers that are nobody else', () => callers(hub))
  await newAccount(hub, 'ann@example.com', ['agent'])
  let told = 0
  return { hub, simulator, connection: made.json.id, contacts, tell }

  async function tell(interaction: string, type: string, data: Record<string, unknown> = {}): Promise<string> {
    told += 1
    const event = { source: 'centre', interaction, id: `event-${told}`, type, at: new Date().toISOString(), data }
    const agent = { id: '7', name: 'Ann', email: 'ann@example.com' }
    const { status, json, text } = await hub.ask('/api/v1/interaction-events', {
      json: { events: [{ ...event, agent }] },
    })
    assert.equal(status, 200, text)
    return json.taken[0].interaction
  }
}

export async function enter({ page }: Visitor, hub: ServedHub, path: string): Promise<void> {
  await page.goto(await hub.signInLink('ann@example.com'))
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto(hub.url + path)
  await keysArrive(page)
}

/** People whose number is kept with its country and is nobody else's. */
async function callers(hub: ServedHub): Promise<Scene['contacts'] | null> {
  const { json } = await hub.ask('/api/v1/records?entity=contact&limit=30')
  const all: { id: string; name: string; fields: { mobilePhone: string | null } }[] = json.records
  const found: Scene['contacts'] = []
  for (const { id, name, fields } of all) {
    const number = fields.mobilePhone
    if (!number) continue
    const { matches } = (await hub.ask(`/api/v1/lookup?phone=${encodeURIComponent(number)}`)).json
    if (matches.length === 1 && matches[0].reasons[0].code === 'number_exact') found.push({ id, name, number })
  }
  return found.length > 1 ? found : null
}
