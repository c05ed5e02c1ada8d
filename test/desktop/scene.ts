import assert from 'node:assert/strict'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'

/** A hub with a copied organisation. */
export interface Scene {
  hub: ServedHub
  simulator: Simulator
  connection: string
}

export async function deskScene(t: TestScope, records = 30): Promise<Scene> {
  const simulator = await startSimulator(t, records)
  const hub = await serveHub(t, { simulator, work: true })
  const { json } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const { json: asked } = await hub.ask('/api/v1/runs', { json: { connection: json.id } })
  await until('the runs ended', async () => {
    const runs = await Promise.all(
      asked.runs.map(async (run: { id: string }) => (await hub.ask(`/api/v1/runs/${run.id}`)).json),
    )
    return runs.every((run) => run.state === 'done')
  })
  return { hub, simulator, connection: json.id }
}

/** A change made in the CRM itself. */
export async function inTheCrm(simulator: Simulator, change: unknown): Promise<{ id: string }> {
  const response = await fetch(`${simulator.control}/records`, { method: 'POST', body: JSON.stringify(change) })
  assert.equal(response.status, 200, await response.clone().text())
  return response.json() as Promise<{ id: string }>
}

let events = 0

/** An event as a contact centre tells it; each has an id of its own, and the times follow one another. */
export function told(interaction: string, type: string, more: Record<string, unknown> = {}) {
  events += 1
  const at = new Date(Date.UTC(2026, 4, 4, 8) + events * 1000).toISOString()
  return { source: 'pbx', interaction, id: `event-${events}`, type, at, ...more }
}

export async function tell(hub: ServedHub, ...list: unknown[]) {
  const reply = await hub.ask('/api/v1/interaction-events', { json: { events: list } })
  assert.equal(reply.status, 200, reply.text)
  return reply.json.taken as { interaction: string; event: string; outcome: string }[]
}

/** A contact of the copy whose mobile number nobody else has. */
export async function someCaller(hub: ServedHub) {
  const { json } = await hub.ask('/api/v1/records?entity=contact&limit=100')
  for (const record of json.records) {
    const phone = record.phones.find((one: { e164: string | null }) => one.e164)
    if (!phone || record.deletedAt) continue
    const found = await hub.ask(`/api/v1/lookup?phone=${encodeURIComponent(phone.e164)}`)
    if (found.json.matches.length === 1)
      return {
        id: record.id as string,
        name: record.name as string,
        phone: phone.e164 as string,
        sourceId: record.source.id as string,
      }
  }
  throw new Error('No contact has a number of its own')
}

/** Every row that the organisation holds of a table, read by its own dump. */
// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
export async function inSimulator(simulator: Simulator, table: string): Promise<any[]> {
  const text = await (await fetch(`${simulator.control}/dump?entity=${table}`)).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((row) => !row.deleted)
    .map((row) => row.fields)
}
