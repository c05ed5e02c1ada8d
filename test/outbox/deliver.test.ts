import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startHub } from './hub-under-test.ts'

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

const feedOf = `select cause, operation, changed from jackfield.change where record_id = $1 order by id`

test('a create is written once, read back, and found in the hub at once', async (t) => {
  const hub = await startHub(t)
  const kept = await hub.keep({
    operation: 'create',
    sourceFields: { ...person('One'), telephone1: '+32 2 555 01 01' },
  })
  const done = await hub.until(kept.id, 'done')
  assert.equal(hub.written(kept.sourceId).length, 1)
  assert.equal((await hub.held(kept.sourceId))?.lastname, 'One')
  assert.equal(done.result?.proof, 'answer')
  const acts = await hub.pool.query(`select act, outcome, subject_id, details->>'write' as write from jackfield.act`)
  assert.deepEqual(acts.rows, [{ act: 'write.deliver', outcome: 'done', subject_id: kept.recordId, write: kept.id }])
  assert.equal(done.result?.differences, undefined)
  const { rows } = await hub.pool.query('select name, mark from jackfield.record where id = $1', [kept.recordId])
  assert.equal(rows[0]?.name, 'Ada One')
  assert.equal(String(rows[0]?.mark), done.result?.mark)
  const { rows: fed } = await hub.pool.query(feedOf, [kept.recordId])
  assert.deepEqual(
    fed.map(({ cause, operation }) => ({ cause, operation })),
    [{ cause: 'echo', operation: 'created' }],
  )
})

test('an update is bound to the version read just before, and only our own change is an echo', async (t) => {
  const hub = await startHub(t)
  const { id, recordId } = await someContact(hub)
  const { version } = await hub.others({
    entity: 'contact',
    operation: 'change',
    id,
    fields: { jobtitle: 'Changed by another' },
  })
  const kept = await hub.keep({ operation: 'update', sourceId: id, fields: { lastName: 'Ours' } })
  await hub.until(kept.id, 'done')
  assert.deepEqual(
    hub
      .written(id)
      .map(({ ifMatch }) => ifMatch)
      .slice(-1),
    [`W/"${version}"`],
  )
  const { rows } = await hub.pool.query(feedOf, [recordId])
  const [, theirs, ours] = rows
  assert.equal(theirs.cause, 'hint')
  assert.equal(theirs.changed.jobtitle.after, 'Changed by another')
  assert.equal(ours.cause, 'echo')
  assert.ok('lastname' in ours.changed && !('jobtitle' in ours.changed))
})

test('a delete leaves a tombstone in the hub, and deleting what is gone is no failure', async (t) => {
  const hub = await startHub(t)
  const { id, recordId } = await someContact(hub)
  const first = await hub.keep({ operation: 'delete', sourceId: id })
  await hub.until(first.id, 'done')
  assert.equal(await hub.held(id), null)
  const { rows } = await hub.pool.query('select deleted_at from jackfield.record where id = $1', [recordId])
  assert.ok(rows[0]?.deleted_at)
  const again = await hub.until((await hub.keep({ operation: 'delete', sourceId: id })).id, 'done')
  assert.equal(again.attempts, 0, 'nothing was sent')
  assert.equal(hub.written(id).filter(({ method }) => method === 'DELETE').length, 1)
})

test('an upsert updates what is there and creates what is not', async (t) => {
  const hub = await startHub(t)
  const { id } = await someContact(hub)
  const there = await hub.until(
    (await hub.keep({ operation: 'upsert', sourceId: id, sourceFields: person('There') })).id,
    'done',
  )
  assert.equal(there.base?.operation, 'update')
  const absent = await hub.keep({
    operation: 'upsert',
    sourceId: '00000000-1111-4222-8333-444444444444',
    sourceFields: person('Absent'),
  })
  assert.equal((await hub.until(absent.id, 'done')).base?.operation, 'create')
  assert.equal((await hub.held(absent.sourceId))?.lastname, 'Absent')
})

test('a lookup, money to the cent, a date and a cleared field arrive as they were asked', async (t) => {
  const hub = await startHub(t)
  const [account] = hub.crm.simulator.org.tables.get('account') ? await ids(hub, 'accounts', 'accountid') : []
  const kept = await hub.keep({
    operation: 'create',
    sourceFields: {
      ...person('Typed'),
      _parentcustomerid_value: { entity: 'account', id: account },
      birthdate: '1984-02-29',
      annualincome: '1234567.89',
      description: 'before',
    },
  })
  assert.equal((await hub.until(kept.id, 'done')).result?.differences, undefined)
  const cleared = await hub.keep({
    operation: 'update',
    sourceId: kept.sourceId,
    sourceFields: { description: null, _parentcustomerid_value: null },
  })
  assert.equal((await hub.until(cleared.id, 'done')).result?.differences, undefined)
  const held = await hub.held(kept.sourceId)
  assert.equal(held?.annualincome, 1234567.89)
  assert.equal(held?.birthdate, '1984-02-29')
  assert.equal(held?._parentcustomerid_value, null)
})

test('a value that the CRM holds otherwise is noted, not failed', async (t) => {
  const hub = await startHub(t)
  await hub.fault({ kind: 'replace', on: 'byIds', from: '"Quiet"', to: '"LOUD"', times: 0 })
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Quiet') })
  const done = await hub.until(kept.id, 'done')
  assert.deepEqual(done.result?.differences, [{ field: 'lastname', asked: 'Quiet', found: 'LOUD' }])
})

test('writes of one record go in the order of acceptance', async (t) => {
  const hub = await startHub(t, { start: false })
  const create = await hub.keep({ operation: 'create', sourceFields: person('v0') })
  const kept = [create]
  for (let n = 1; n <= 8; n += 1) {
    kept.push(await hub.keep({ operation: 'update', sourceId: create.sourceId, sourceFields: person(`v${n}`) }))
  }
  hub.worker.start()
  for (const { id } of kept) await hub.until(id, 'done')
  const versions = hub.written(create.sourceId).map(({ version }) => version ?? 0)
  assert.equal(versions.length, 9)
  assert.deepEqual(
    versions,
    versions.toSorted((a, b) => a - b),
  )
  assert.equal((await hub.held(create.sourceId))?.lastname, 'v8')
  const { rows } = await hub.pool.query('select id from jackfield.outbox order by done_at')
  assert.deepEqual(
    rows.map(({ id }) => id),
    kept.map(({ id }) => id),
  )
})

test('what the CRM refuses fails with its words, and the record’s later writes go on', async (t) => {
  const hub = await startHub(t)
  const { id } = await someContact(hub)
  const bad = await hub.keep({
    operation: 'update',
    sourceId: id,
    sourceFields: { _parentcustomerid_value: { entity: 'account', id: '00000000-1111-4222-8333-444444444444' } },
  })
  const good = await hub.keep({ operation: 'update', sourceId: id, sourceFields: person('After') })
  const failed = await hub.until(bad.id, 'failed')
  assert.equal(failed.problem?.code, 'write.refused')
  assert.ok(failed.problem?.vendor?.text, 'the vendor’s own words')
  await hub.until(good.id, 'done')
})

test('a refusal in words that the database cannot keep is the end of a write all the same', async (t) => {
  const hub = await startHub(t)
  const body = '{"error":{"code":"0x80040203","message":"No \\u0000 and no \\ud83d"}}'
  await hub.fault({ kind: 'body', on: 'write', status: 400, body })
  const kept = await hub.keep({ operation: 'create', sourceFields: { lastname: 'Refused' } })
  const ended = await hub.until(kept.id, 'failed', 'done')
  assert.deepEqual([ended.state, ended.problem?.vendor?.text, ended.attempts], ['failed', 'No  and no \ufffd', 1])
})

test('what follows a create that failed fails too, and says why', async (t) => {
  const hub = await startHub(t, { start: false })
  await hub.fault({ kind: 'privilege-lost', entity: 'contact', privilege: 'Create' })
  const create = await hub.keep({ operation: 'create', sourceFields: person('Never') })
  const update = await hub.keep({ operation: 'update', sourceId: create.sourceId, sourceFields: person('Later') })
  const remove = await hub.keep({ operation: 'delete', sourceId: create.sourceId })
  hub.worker.start()
  assert.equal((await hub.until(create.id, 'failed')).problem?.code, 'crm.privilege_missing')
  for (const { id } of [update, remove]) {
    const failed = await hub.until(id, 'failed')
    assert.equal(failed.problem?.code, 'record.not_found')
    assert.ok(failed.problem?.message.includes(create.id))
  }
})

test('a create on an id that the CRM has already fails without touching the record', async (t) => {
  const hub = await startHub(t)
  const { id } = await someContact(hub)
  const before = await hub.held(id)
  const kept = await hub.keep({ operation: 'create', sourceId: id, sourceFields: person('Mine') })
  assert.equal((await hub.until(kept.id, 'failed')).problem?.code, 'write.conflict')
  assert.deepEqual(await hub.held(id), before)
})

type Hub = Awaited<ReturnType<typeof startHub>>

async function ids(hub: Hub, set: string, idField: string): Promise<string[]> {
  const reply = await hub.session.call(`/api/data/v9.2/${set}?$select=${idField}`, { lane: 'person', retry: 'safe' })
  return (JSON.parse(reply.text) as { value: Record<string, string>[] }).value.map((row) => row[idField]!)
}

/** A contact that the hub wrote, so that it is in the hub too. */
async function someContact(hub: Hub): Promise<{ id: string; recordId: string }> {
  const kept = await hub.keep({ operation: 'create', sourceFields: person('Someone') })
  await hub.until(kept.id, 'done')
  return { id: kept.sourceId, recordId: kept.recordId }
}

test('a record that the database refuses to hold is parked, and its write is done', async (t) => {
  const hub = await startHub(t)
  await hub.pool.query(`create function public.refuse() returns trigger language plpgsql as
    $$ begin raise exception 'out of range' using errcode = '22003'; end $$`)
  await hub.pool.query(`create trigger refuse before insert or update on jackfield.record
    for each row when (new.source like '%Unbearable%') execute function public.refuse()`)
  const kept = await hub.keep({ operation: 'create', sourceFields: { lastname: 'Unbearable' } })
  const done = await hub.until(kept.id, 'done')
  assert.equal(done.result?.proof, 'answer')
  const { rows } = await hub.pool.query('select source_id from jackfield.parked')
  assert.deepEqual(rows, [{ source_id: kept.sourceId }])
})
