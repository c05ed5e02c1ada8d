import assert from 'node:assert/strict'
import { type ServedHub, until } from '../server/served-hub.ts'
import type { Scene } from './scene.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
type Json = any

/** A configuration whose calls become phone calls, with what the mapping adds. */
export async function configureMemorials({ hub, connection }: Scene, over: Json = {}) {
  const table = await hub.ask(`/api/v1/connections/${connection}/tables`, { json: { table: 'phonecall' } })
  assert.equal(table.status, 201, table.text)
  const made = await hub.ask('/api/v1/crm-configurations', { json: { name: 'Desk', connectionId: connection } })
  assert.equal(made.status, 201, made.text)
  const base = `/api/v1/crm-configurations/${made.json.id}`
  const mapping = await hub.ask(`${base}/parts`, {
    json: {
      ...{ kind: 'memorialization', name: 'Voice' },
      definition: {
        ...{ channel: 'both', keepTyped: false },
        entities: [
          {
            ...{ entity: 'contact', target: 'linked' },
            rows: [
              { field: 'description', from: 'voice', data: 'dispositionNotes' },
              { field: 'jobtitle', from: 'script', data: 'Topic' },
            ],
          },
        ],
        ...over.mapping,
      },
    },
  })
  assert.equal(mapping.status, 201, mapping.text)
  const workflow = await hub.ask(`${base}/agent-workflows`, {
    json: {
      name: 'All',
      definition: {
        memorializationIds: [mapping.json.id],
        timeline: { entity: 'phone_call', subject: 'Call about {script.topic}' },
        ...over.workflow,
      },
    },
  })
  assert.equal(workflow.status, 201, workflow.text)
}

export const settled = (hub: ServedHub, id: string, state = 'done') =>
  until(`what was said stands in the CRM: ${state}`, async () => {
    const { json } = await hub.ask(`/api/v1/interactions/${id}`)
    return json.interaction.memorialized.state === state && json
  })
