import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HubUnderTest, startHub } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

async function someContact(hub: HubUnderTest): Promise<string> {
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Before') })
  await hub.until(kept.id, 'done')
  return kept.sourceId
}

/** What the CRM says to each write, without doing anything. */
const always = (hub: HubUnderTest, status: number, error?: { code: string; message: string }) =>
  hub.fault({ kind: 'body', on: 'write', times: 0, status, body: error ? JSON.stringify({ error }) : '' })

test('a table whose versions cannot be asked for is told of at once', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  const message = 'Optimistic concurrency is not enabled for this entity type.'
  await always(hub, 412, { code: '0x80060883', message })
  const kept = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('After') })
  const failed = await hub.until(kept.id, 'failed')
  assert.deepEqual([failed.problem?.code, failed.problem?.vendor?.text], ['write.refused', message])
  assert.equal(failed.attempts, 1)
})

test('a CRM that says that a record was changed, and shows it unchanged, is not asked for ever', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  await always(hub, 412, { code: '0x80060882', message: 'The version of the existing record does not match.' })
  const kept = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('After') })
  // A worker that was put to sleep between keeping that it sends and sending cannot tell what became of it.
  const ended = await hub.until(kept.id, 'failed', 'unknown')
  assert.match(ended.problem?.message ?? '', ended.answerLost ? /contradict each other/ : /shows it unchanged/)
  assert.equal((await hub.held(id))?.lastname, 'Before')
})

test('after a lost answer too such a CRM is left to a person', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  const error = { code: '0x80060882', message: 'The version of the existing record does not match.' }
  await hub.fault({ kind: 'drop-before', on: 'write' })
  await always(hub, 412, error)
  const kept = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('After') })
  const unknown = await hub.until(kept.id, 'unknown')
  assert.match(unknown.problem?.message ?? '', /contradict each other/)
})

test('a delete that is acknowledged again and again while the record stays is for a person', async (t) => {
  const hub = await startHub(t)
  const id = await someContact(hub)
  await always(hub, 204)
  const kept = await hub.keep({ operation: 'delete', sourceId: id })
  const unknown = await hub.until(kept.id, 'unknown')
  assert.match(unknown.problem?.message ?? '', /acknowledge/)
  assert.ok(unknown.attempts <= 5)
  await sleep(500)
  assert.equal((await hub.until(kept.id, 'unknown')).attempts, unknown.attempts)
})
