import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WriteRequest } from '#outbox/enqueue.ts'
import { listRecords } from '#records/find.ts'
import type { TestScope } from '../support/database.ts'
import { feedOf, passed } from '../support/hub.ts'
import { writingHub as connected } from './salesforce-writing.ts'

/** With an outbox that brings each write as it comes. */
async function writingHub(t: TestScope, keyFields: boolean) {
  const { outboxOf, ...writing } = await connected(t, keyFields)
  const outbox = outboxOf(25)
  t.after(() => outbox.stop())
  outbox.start()
  const keep = async (write: Partial<WriteRequest> & Pick<WriteRequest, 'operation'>) => {
    const row = await writing.keep(write)
    outbox.wake()
    return row
  }
  return { ...writing, keep }
}

const odd = 'O\'Neil "\\ \u{1f469}\u200d\u{1f467} <b>%_\t\u2028é'

test('a record is made once by its key, changed and deleted, and comes back as an echo', async (t) => {
  const { hub, keep, settled, named } = await writingHub(t, true)
  const { keyField } = (await hub.table('contact')).source
  assert.deepEqual(keyField, { name: 'Jackfield_Id__c', unique: true })
  const [account] = await hub.dump('account')
  const fields = { LastName: odd, Email: 'neil@example.com', AccountId: { entity: 'account', id: account!.id } }
  const made = await settled((await keep({ operation: 'create', writeKey: 'call 1', sourceFields: fields })).id, 'done')
  assert.equal(made.state, 'done', JSON.stringify(made.problem))
  assert.match(made.sourceId, /^003\w{15}$/)
  assert.equal((await named(odd)).length, 1)
  // The same key again is the same write, though its record has an id by now.
  assert.equal((await keep({ operation: 'create', writeKey: 'call 1', sourceFields: fields })).id, made.id)

  const changed = await keep({ operation: 'update', sourceId: made.sourceId, sourceFields: { Title: 'CEO' } })
  assert.equal((await settled(changed.id, 'done')).state, 'done')
  await passed(hub)
  const { records } = await listRecords(hub.pool, hub.finder, { entity: 'contact', limit: 100 })
  const record = records.find(({ source }) => source.id === made.sourceId)!
  assert.equal(record.id, made.recordId)
  assert.deepEqual([record.fields.lastName, record.fields.jobTitle], [odd, 'CEO'])
  const removed = await settled((await keep({ operation: 'delete', sourceId: made.sourceId })).id, 'done')
  assert.equal(removed.state, 'done', JSON.stringify(removed.problem))
  const feed = (await feedOf(hub, 'contact')).filter(({ recordId }) => recordId === made.recordId)
  assert.deepEqual(
    feed.map(({ operation, cause }) => [operation, cause]),
    [
      ['created', 'echo'],
      ['changed', 'echo'],
      ['deleted', 'echo'],
    ],
  )
})

test('creates whose answers are lost are one record each, also where the request commits late', async (t) => {
  const { hub, keep, settled, named } = await writingHub(t, true)
  // The later of the two commits comes after the repeat.
  const lateMs = 4_000
  const faults = { soon: ['late-commit', 300], late: ['late-commit', lateMs] } as Record<string, [string, number]>
  for (const kind of ['drop-before', 'drop-after', 'row-locked', '503', 'html']) faults[kind] = [kind, 0]
  const kinds = Object.keys(faults)
  for (const [name, [kind, ms]] of Object.entries(faults)) {
    await hub.control('/faults', { kind, times: 1, on: ['write'], ms })
    const write = await keep({ operation: 'create', writeKey: name, sourceFields: { LastName: `Lost ${name}` } })
    const ended = await settled(write.id, 'done')
    assert.equal(ended.state, 'done', `${name}: ${JSON.stringify(ended.problem)}`)
  }
  await new Promise((resolve) => setTimeout(resolve, lateMs))
  for (const kind of kinds) assert.equal((await named(`Lost ${kind}`)).length, 1, kind)
  // A repeat that meets the record changes nothing of it: a person may have done so meanwhile.
  const { writes } = await hub.control<{ writes: { id: string; status: number }[] }>('/requests', undefined, 'GET')
  const taken = writes.filter(({ status }) => status < 300).map(({ id }) => id)
  assert.equal(new Set(taken).size, taken.length, JSON.stringify(writes))
})

test('without consent nothing is made in the organisation, and a lost create is left to a person', async (t) => {
  const { hub, keep, settled, named } = await writingHub(t, false)
  assert.equal((await hub.table('contact')).source.keyField, undefined)
  const plain = await keep({ operation: 'create', sourceFields: { LastName: 'Plain' } })
  assert.equal((await settled(plain.id, 'done')).state, 'done')
  await hub.control('/faults', { kind: 'drop-after', times: 1, on: ['write'] })
  const lost = await settled((await keep({ operation: 'create', sourceFields: { LastName: 'Lost' } })).id, 'done')
  assert.equal(lost.state, 'unknown')
  assert.match(lost.problem!.mend!, /field for keys/)
  assert.equal((await named('Lost')).length, 1)
})

test('a change that was made against an older version is refused, and nothing is written', async (t) => {
  const { hub, keep, settled } = await writingHub(t, false)
  const [contact] = (await hub.dump('contact')).filter(({ deleted }) => !deleted)
  const expectedMark = [BigInt(contact!.version)]
  await hub.records({ entity: 'Contact', operation: 'change', id: contact!.id, fields: { Title: 'Theirs' } })
  const write = await keep({
    operation: 'update',
    sourceId: contact!.id,
    expectedMark,
    sourceFields: { Title: 'Ours' },
  })
  const ended = await settled(write.id, 'done')
  assert.deepEqual([ended.state, ended.problem?.code], ['failed', 'write.conflict'])
  const held = (await hub.dump('contact')).find(({ id }) => id === contact!.id)
  assert.equal(held!.fields.Title, 'Theirs')
})

test('of two changes upon one version, which is told to the second, one alone is made', async (t) => {
  const { hub, keep, settled } = await writingHub(t, false)
  const [contact] = (await hub.dump('contact')).filter(({ deleted }) => !deleted)
  const change = { operation: 'update', sourceId: contact!.id } as const
  // Each round begins with a version of this very second.
  for (let round = 0; round < 3; round += 1) {
    await hub.records({ entity: 'Contact', operation: 'change', id: contact!.id, fields: { Title: `Begin ${round}` } })
    const held = (await hub.dump('contact')).find(({ id }) => id === contact!.id)
    const expectedMark = [BigInt(held!.version)]
    const titles = [`Ann ${round}`, `Ben ${round}`]
    const ended = []
    for (const Title of titles) {
      const { id } = await keep({ ...change, expectedMark, sourceFields: { Title } })
      ended.push(await settled(id, 'done'))
    }
    assert.deepEqual(
      ended.map(({ state, problem }) => problem?.code ?? state),
      ['done', 'write.conflict'],
    )
    const after = (await hub.dump('contact')).find(({ id }) => id === contact!.id)
    assert.equal(after!.fields.Title, titles[0])
  }
})
