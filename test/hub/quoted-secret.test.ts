import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/processes.ts'
import { connectedHub, copied } from './connected-hub.ts'

test('a secret that the CRM quotes is kept out of log and problems by work that never had to open it', async (t) => {
  // The token was asked for by the process that connected.
  const world = await connectedHub(t)
  await copied(world)
  const { hub, crm, connection } = world
  const body = JSON.stringify({ error: { code: '0x80040203', message: `bad client ${crm.clientSecret} given` } })
  await world.control('/faults', { kind: 'body', times: 0, on: ['page', 'delta'], status: 400, body })
  await hub.ask('/api/v1/runs', { method: 'POST', json: { connection, entity: 'contact', kind: 'full' } })
  const problem = await until('the run has a problem', async () => {
    const { json } = await hub.ask('/api/v1/runs?entity=contact&limit=1')
    return json.runs[0].problem
  })
  assert.match(problem.message, /bad client \[redacted\] given/)
  // What it prints comes by another way than its answers, and may come later.
  await until('the log says it', () => /bad client \[redacted\] given/.test(hub.printed()))
  assert.ok(!hub.printed().includes(crm.clientSecret))
})
