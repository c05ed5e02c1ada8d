import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRun, requestRun } from '#sync/run.ts'
import { listRuns } from '#sync/run-list.ts'
import { copied, differences, type TestHub, testHub, until } from '../support/hub.ts'

async function copiedHub(t: Parameters<typeof testHub>[0], records = 600): Promise<TestHub> {
  const hub = await testHub(t, { records })
  await hub.connect()
  await hub.pool.query('update jackfield.synced_table set schedule_seconds = 86400')
  hub.worker()
  await copied(hub)
  return hub
}

interface Named {
  kind: string
  sourceId: string
}

async function audit(hub: TestHub, entity: string, options: { repair: boolean; approved?: boolean }) {
  const { id: tableId } = await hub.table(entity)
  const { id } = await requestRun(hub.pool, { tableId, kind: 'audit', cause: 'test', requestedBy: 'test', options })
  return until(async () => {
    const run = await findRun(hub.pool, id)
    if (run.state === 'failed') return run
    return run.state === 'done' ? run : null
  })
}

const namedBy = (run: { result: Record<string, unknown> | null }) =>
  (run.result!.named as Named[]).map(({ sourceId }) => sourceId).sort()

test('rows deleted, altered and added behind the back are named exactly, and healed', async (t) => {
  const hub = await copiedHub(t)
  const { id: tableId } = await hub.table('contact')
  const { rows } = await hub.pool.query<{ id: string; sourceId: string }>(
    `select id, source_id as "sourceId" from jackfield.record where table_id = $1 order by md5(id::text) limit 37`,
    [tableId],
  )
  const part = (from: number, to: number) => rows.slice(from, to).map(({ id }) => id)
  const on = 'where table_id = $1 and id = any($2::uuid[])'
  await hub.pool.query(`delete from jackfield.record ${on}`, [tableId, part(0, 10)])
  await hub.pool.query(
    `update jackfield.record set source = replace(source, '"contactid"', '"jobtitle":"x","contactid"') ${on}`,
    [tableId, part(10, 17)],
  )
  await hub.pool.query(`update jackfield.record set mark = array[mark[1] + 1000000] ${on}`, [tableId, part(17, 22)])
  await hub.pool.query(`update jackfield.record set name = 'Somebody Else' ${on}`, [tableId, part(22, 27)])
  await hub.pool.query(`update jackfield.record set deleted_at = now() ${on}`, [tableId, part(27, 32)])
  const added = await hub.pool.query<{ sourceId: string }>(
    `insert into jackfield.record(table_id, id, rule_version, ticket, content_hash, mark, source_id, name, source)
      select table_id, gen_random_uuid(), rule_version, ticket, content_hash, mark, gen_random_uuid()::text, name, source
      from jackfield.record ${on} returning source_id as "sourceId"`,
    [tableId, part(32, 37)],
  )
  const expected = [
    ...rows.slice(0, 32).map(({ sourceId }) => sourceId),
    ...added.rows.map(({ sourceId }) => sourceId),
  ].sort()
  assert.deepEqual(namedBy(await audit(hub, 'contact', { repair: false })), expected)
  assert.deepEqual(namedBy(await audit(hub, 'contact', { repair: true })), expected)
  assert.deepEqual(namedBy(await audit(hub, 'contact', { repair: true })), [])
  assert.deepEqual(namedBy(await audit(hub, 'account', { repair: true })), [])
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('an enumeration that breaks off removes nothing', async (t) => {
  const hub = await copiedHub(t)
  await hub.control('/faults', { kind: 'html', times: 0, on: ['enumerate'] })
  const run = await audit(hub, 'contact', { repair: true })
  assert.equal(run.state, 'failed')
  assert.equal(run.problem!.code, 'crm.body_invalid')
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('a sweep that would remove much stops and asks a person', async (t) => {
  const hub = await copiedHub(t)
  const rows = (await hub.dump('contact')).slice(0, 60)
  await hub.control(
    '/records',
    rows.map(({ id }) => ({ entity: 'contact', operation: 'delete', id })),
  )
  const refused = await audit(hub, 'contact', { repair: true })
  assert.equal(refused.state, 'failed')
  assert.equal(refused.problem!.code, 'sync.sweep_needs_person')
  assert.equal((await differences(hub, 'contact')).length, 60)
  const approved = await audit(hub, 'contact', { repair: true, approved: true })
  assert.equal(approved.state, 'done')
  assert.deepEqual(await differences(hub, 'contact'), [])
})

test('completeness says how many rows the CRM listed and how many of them are held', async (t) => {
  const hub = await copiedHub(t)
  const table = await hub.table('contact')
  const { crm, held, deletesVerifiedAt } = table.completeness as {
    crm: number
    held: number
    deletesVerifiedAt: string
  }
  const contacts = (await hub.dump('contact')).length
  assert.deepEqual([crm, held], [contacts, contacts])
  assert.ok(Date.parse(deletesVerifiedAt) > 0)
  assert.ok((await listRuns(hub.pool, { limit: 50 })).some(({ kind }) => kind === 'audit'))
})
