import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { longId } from '../../simulators/salesforce/ids.ts'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { type SalesforceWorld, startSalesforceWorld } from './salesforce-world.ts'

type Row = Record<string, unknown> & { Id: string }
let world: SalesforceWorld
before(async () => {
  world = await startSalesforceWorld({ records: 1200, seed: 5, broken: 6 })
})
after(() => world.running.close())

const soql = async (text: string, verb = 'query') =>
  (await world.ask(`${verb}?q=${encodeURIComponent(text)}`)).json as unknown as { totalSize: number; records: Row[] }
const count = async (where: string) => (await soql(`SELECT count() FROM Contact WHERE ${where}`)).totalSize

test('ids carry their checksum, and short or lower-cased ones are the same ids', async () => {
  // The sample of the vendor's own documentation of updated rows.
  assert.equal(longId('001D000000IR8j2'), '001D000000IR8j2IAD')
  assert.equal(longId('001d000000ir8j2IAD'), '001D000000IR8j2IAD')
  assert.equal(longId('001D000000IR8j2IAZ'), null)
  const [row] = (await soql('SELECT Id FROM Contact LIMIT 1')).records
  assert.equal(longId(row!.Id.slice(0, 15)), row!.Id)
  assert.equal((await soql(`SELECT Id FROM Contact WHERE Id = '${row!.Id.slice(0, 15)}'`)).records[0]!.Id, row!.Id)
})

test('SOQL filters as it should: texts without case, nulls, lists, dates, mixed orders', async () => {
  const all = await count('IsDeleted = false')
  assert.equal((await count('MobilePhone = null')) + (await count('MobilePhone != null')), all)
  const [sample] = (await soql('SELECT LastName FROM Contact WHERE LastName != null LIMIT 1')).records
  const name = String(sample!.LastName).replaceAll("'", "\\'")
  assert.equal(await count(`LastName = '${name.toUpperCase()}'`), await count(`LastName = '${name.toLowerCase()}'`))
  assert.equal((await count(`LastName IN ('${name}')`)) + (await count(`LastName NOT IN ('${name}')`)), all)
  const half = '2020-01-01T00:00:00Z'
  assert.equal((await count(`SystemModstamp < ${half}`)) + (await count(`SystemModstamp >= ${half}`)), all)
  assert.equal(
    await count('(FirstName = null OR LastName = null) AND IsDeleted = false'),
    await count('FirstName = null OR LastName = null'),
  )
  const mixed = await world.ask(
    `query?q=${encodeURIComponent('SELECT Id FROM Contact WHERE Id != null AND Phone = null OR Fax = null')}`,
  )
  assert.deepEqual(
    [mixed.status, (mixed.json as unknown as { errorCode: string }[])[0]!.errorCode],
    [400, 'MALFORMED_QUERY'],
  )
  const { records } = await soql(
    'SELECT LastName, Birthdate FROM Contact WHERE Birthdate != null ORDER BY Birthdate DESC, Id LIMIT 50',
  )
  const dates = records.map((r) => String(r.Birthdate))
  assert.deepEqual(dates, [...dates].sort().reverse())
})

test('10,001 rows of one moment are read by SystemModstamp and id, none twice and none left out', async () => {
  const at = '2026-02-03T04:05:06Z'
  const made = await world.records(
    Array.from({ length: 10_001 }, (_, i) => ({
      entity: 'Lead',
      operation: 'create',
      at,
      fields: { LastName: `Same ${i}`, Company: 'Moment' },
    })),
  )
  const seen = new Set<string>()
  for (let last = ''; ; ) {
    const { records } = await soql(
      `SELECT Id FROM Lead WHERE SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${last || '00Q000000000000EAA'}') ORDER BY SystemModstamp, Id LIMIT 2000`,
    )
    for (const { Id } of records) {
      assert.ok(!seen.has(Id))
      seen.add(Id)
    }
    last = records.at(-1)?.Id ?? last
    if (records.length < 2000) break
  }
  assert.deepEqual([seen.size, made.every((m) => seen.has(m.id))], [10_001, true])
})

test('deletes, undeletes and merges show in queryAll, and what referred to a merged row follows it', async () => {
  const [master, loser] = await world.records(
    ['Master', 'Loser'].map((Name) => ({ entity: 'Account', operation: 'create', fields: { Name } })),
  )
  const [person] = await world.records({
    entity: 'Contact',
    operation: 'create',
    fields: { LastName: 'Follows', AccountId: loser!.id },
  })
  await world.records({ entity: 'Account', operation: 'merge', id: master!.id, losers: [loser!.id] })
  const merged = await soql(`SELECT Id, IsDeleted, MasterRecordId FROM Account WHERE Id = '${loser!.id}'`, 'queryAll')
  assert.deepEqual([merged.records[0]!.IsDeleted, merged.records[0]!.MasterRecordId], [true, master!.id])
  assert.equal(
    (await soql(`SELECT AccountId FROM Contact WHERE Id = '${person!.id}'`)).records[0]!.AccountId,
    master!.id,
  )
  await world.records({ entity: 'Contact', operation: 'delete', id: person!.id })
  const [start, end] = [new Date(Date.now() - 3_600_000).toISOString(), new Date(Date.now() + 60_000).toISOString()]
  const { deletedRecords } = (await world.ask(`sobjects/Contact/deleted/?start=${start}&end=${end}`))
    .json as unknown as { deletedRecords: { id: string }[] }
  assert.ok(deletedRecords.some((r) => r.id === person!.id))
  await world.records({ entity: 'Contact', operation: 'restore', id: person!.id })
  assert.equal((await soql(`SELECT Id FROM Contact WHERE Id = '${person!.id}'`)).totalSize, 1)
  const { ids } = (await world.ask(`sobjects/Contact/updated/?start=${start}&end=${end}`)).json as unknown as {
    ids: string[]
  }
  assert.ok(ids.includes(person!.id))
})

test('conditions are kept: an ETag for accounts, a time for others', async () => {
  const [account] = (await soql('SELECT Id FROM Account LIMIT 1')).records
  const path = `sobjects/Account/${account!.Id}`
  const etag = (await world.ask(path)).headers.get('etag')!
  const patch = (url: string, headers: Record<string, string>) =>
    world.ask(url, { method: 'PATCH', body: { Description: 'Seen' }, headers })
  assert.deepEqual(
    [(await patch(path, { 'if-match': etag })).status, (await patch(path, { 'if-match': etag })).status],
    [204, 412],
  )
  const [contact] = (await soql("SELECT Id FROM Contact WHERE FirstName != 'Broken' LIMIT 1")).records
  const read = await world.ask(`sobjects/Contact/${contact!.Id}`)
  const until = read.headers.get('last-modified')!
  const url = `sobjects/Contact/${contact!.Id}`
  assert.equal((await world.ask(url, { headers: { 'if-modified-since': until } })).status, 304)
  assert.deepEqual(
    [
      (await patch(url, { 'if-unmodified-since': until })).status,
      (await patch(url, { 'if-unmodified-since': until })).status,
    ],
    [204, 412],
  )
})

test('people of many cultures, numbers in many notations, a few broken rows', async () => {
  const { records } = await soql('SELECT Id, Name, FirstName, MobilePhone, MailingCountry, Birthdate FROM Contact')
  const numbers = records.flatMap((r) => (r.MobilePhone === null ? [] : [String(r.MobilePhone)]))
  for (const pattern of [/^\+\d+$/, /^\+\d+ \d/, /^00/, /^0[1-9]/, /\(/, /[a-z]/i])
    assert.ok(
      numbers.some((n) => pattern.test(n)),
      String(pattern),
    )
  assert.ok(new Set(records.map((r) => r.MailingCountry)).size > 20)
  assert.ok(records.some((r) => /\p{Script=Han}|\p{Script=Arabic}/u.test(String(r.Name))))
  assert.ok(records.some((r) => r.Id === null) && records.some((r) => r.Birthdate === '2023-02-30'))
})

test('the same seed makes the same organisation, and a kept one comes back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'salesforce-'))
  const dataFile = join(folder, 'organisation.ndjson')
  const dump = async (control: string) =>
    (await (await fetch(`${control}/dump`, { headers: { connection: 'close' } })).text()).split('\n').sort().join('\n')
  const first = await startSalesforce({ records: 120, seed: 9, dataFile, broken: 2 })
  const other = await startSalesforce({ records: 120, seed: 9, broken: 2 })
  await fetch(`${first.control}/schema`, {
    method: 'POST',
    headers: { connection: 'close' },
    body: JSON.stringify({ entity: 'Contact', addField: { name: 'Hub__c' } }),
  })
  const changed = await fetch(`${first.control}/records`, {
    method: 'POST',
    headers: { connection: 'close' },
    body: JSON.stringify({ entity: 'Contact', operation: 'create' }),
  })
  assert.equal(changed.status, 200)
  const rows = async (control: string) =>
    (await (await fetch(`${control}/dump?entity=Account`, { headers: { connection: 'close' } })).text()).length
  assert.equal(await rows(first.control), await rows(other.control))
  const before = await dump(first.control)
  await first.close()
  const second = await startSalesforce({ dataFile })
  assert.deepEqual(
    [await dump(second.control), second.clientSecret, second.privateKey],
    [before, first.clientSecret, first.privateKey],
  )
  await Promise.all([second.close(), other.close()])
  await assert.rejects(startSalesforce({ dataFile, seed: 10 }), /holds another organisation/)
  rmSync(folder, { recursive: true })
})

test('a million records start at once and are read by time', async () => {
  const started = performance.now()
  const big = await startSalesforceWorld({ records: 1_000_000 })
  const { records } = await big.conn.query<Row>(
    'SELECT Id, SystemModstamp FROM Contact WHERE SystemModstamp >= 2025-11-01T00:00:00Z ORDER BY SystemModstamp, Id',
  )
  assert.equal(records.length, 2000)
  assert.ok(performance.now() - started < 20_000)
  await big.running.close()
})
