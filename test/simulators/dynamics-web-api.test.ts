import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import type { DynamicsWebApi as Api } from 'dynamics-web-api'
import { type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'
import { askToken, type Row } from './ask.ts'

// Its ES module asks for a file that its package does not hold: the CommonJS one is whole.
const { DynamicsWebApi } = createRequire(import.meta.url)('dynamics-web-api') as { DynamicsWebApi: typeof Api }

let running: RunningDynamics
let api: Api

before(async () => {
  running = await startDynamics({ records: 1500, seed: 7 })
  const onTokenRefresh = async () => (await askToken(running, {})).json.access_token as string
  api = new DynamicsWebApi({ serverUrl: running.url, dataApi: { version: '9.2' }, onTokenRefresh })
})
after(() => running.close())

const failure = async (work: Promise<unknown>) => {
  try {
    await work
  } catch (error) {
    return error as { status: number; code: string; message: string; headers: Record<string, string> }
  }
  throw new Error('it succeeded')
}

test('three pages by next link hold every contact once', async () => {
  const ids: string[] = []
  const request = { collection: 'contacts', select: ['fullname', 'mobilephone'], maxPageSize: 500 }
  let page = await api.retrieveMultiple(request)
  let pages = 1
  for (; page.oDataNextLink; pages++) {
    ids.push(...page.value.map((row) => (row as Row).contactid as string))
    page = await api.retrieveMultiple(request, page.oDataNextLink)
  }
  ids.push(...page.value.map((row) => (row as Row).contactid as string))
  assert.equal(pages, 3)
  assert.equal(ids.length, 1250)
  assert.equal(new Set(ids).size, 1250)
})

test('tracked changes lead by a delta link to updates, creations and deletions', async () => {
  const first = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], trackChanges: true })
  const [kept, gone] = first.value as Row[]
  const link = (first as unknown as Row)['@odata.deltaLink'] ?? first.oDataDeltaLink
  assert.equal(typeof link, 'string')
  await api.update({ collection: 'accounts', key: kept!.accountid as string, data: { name: 'Changed' } })
  await api.deleteRecord({ collection: 'accounts', key: gone!.accountid as string })
  const made = await api.create({ collection: 'accounts', data: { name: 'New' } })
  const token = (await askToken(running, {})).json.access_token
  const delta = (await (await fetch(link as string, { headers: { authorization: `Bearer ${token}` } })).json()) as {
    value: Row[]
  }
  const updated = delta.value.filter((row) => row.reason === undefined)
  assert.deepEqual(
    updated.map((row) => [row.accountid, row.name]),
    [
      [kept!.accountid, 'Changed'],
      [made, 'New'],
    ],
  )
  assert.deepEqual(
    delta.value.filter((row) => row.reason === 'deleted').map((row) => row.id),
    [gone!.accountid],
  )
})

test('create answers the representation with money and lookup as they were sent', async () => {
  const contacts = await api.retrieveMultiple({ collection: 'contacts', select: ['fullname'], top: 1 })
  const contact = (contacts.value[0] as Row).contactid as string
  const made = (await api.create({
    collection: 'accounts',
    data: { name: 'Été "naïve" 🥐', revenue: 1204.5, 'primarycontactid@odata.bind': `contacts(${contact})` },
    returnRepresentation: true,
    select: ['name', 'revenue', '_primarycontactid_value'],
  })) as Row
  assert.equal(made.name, 'Été "naïve" 🥐')
  assert.equal(made.revenue, 1204.5)
  assert.equal(made._primarycontactid_value, contact)
})

test('upsert creates once; If-None-Match meets a row with 412 and a stale If-Match does too', async () => {
  const key = 'aaaaaaaa-bbbb-4ccc-8ddd-000000000001'
  const made = (await api.upsert({
    collection: 'accounts',
    key,
    data: { name: 'Mine' },
    returnRepresentation: true,
  })) as Row
  assert.equal(made.accountid, key)
  // The library turns both refusals into a null and a false.
  assert.equal(await api.upsert({ collection: 'accounts', key, data: { name: 'Twice' }, ifnonematch: '*' }), null)
  assert.equal(await api.update({ collection: 'accounts', key, data: { name: 'Stale' }, ifmatch: 'W/"1"' }), false)
  const now = (await api.retrieve({ collection: 'accounts', key, select: ['name'] })) as Row
  assert.equal(now.name, 'Mine')
})

test('a change set refers to the row it made by Content-ID', async () => {
  api.startBatch()
  void api.create({ collection: 'contacts', data: { lastname: 'Referred' }, contentId: '1' })
  void api.create({
    collection: 'accounts',
    data: { name: 'Refers', 'primarycontactid@odata.bind': '$1' },
    contentId: '2',
  })
  void api.retrieveMultiple({ collection: 'accounts', select: ['name'], top: 1 })
  const [contact, account] = (await api.executeBatch()) as string[]
  const row = (await api.retrieve({
    collection: 'accounts',
    key: account!,
    select: ['_primarycontactid_value'],
  })) as Row
  assert.equal(row._primarycontactid_value, contact)
})

test('a change set whose second write is refused leaves nothing of the first', async () => {
  api.startBatch()
  void api.create({ collection: 'tasks', data: { subject: 'Alone it would stand' }, contentId: '1' })
  void api.create({ collection: 'tasks', data: { subject: 'x'.repeat(201) }, contentId: '2' })
  // The library throws a list of what each part of the reply said.
  const errors = (await failure(api.executeBatch())) as unknown as { error: { code: string } }[]
  assert.equal(errors[0]!.error.code, '0x80044331')
  const tasks = await api.retrieveMultiple({
    collection: 'tasks',
    select: ['subject'],
    filter: "subject eq 'Alone it would stand'",
  })
  assert.equal(tasks.value.length, 0)
})

test('CloseIncident resolves a case, once', async () => {
  const accounts = await api.retrieveMultiple({ collection: 'accounts', select: ['name'], top: 1 })
  const customer = (accounts.value[0] as Row).accountid as string
  const data = { title: 'Machine stands still', 'customerid_account@odata.bind': `accounts(${customer})` }
  const key = (await api.create({ collection: 'incidents', data })) as unknown as string
  const IncidentResolution = { subject: 'Reset', 'incidentid@odata.bind': `/incidents(${key})`, timespent: 5 }
  const close = () => api.callAction({ actionName: 'CloseIncident', action: { IncidentResolution, Status: 5 } })
  await close()
  const row = (await api.retrieve({ collection: 'incidents', key, select: ['statecode', 'statuscode'] })) as Row
  assert.deepEqual([row.statecode, row.statuscode], [1, 5])
  assert.equal((await failure(close())).status, 400)
})

test('metadata tells the tables, their columns and their choices in three languages', async () => {
  const table = (await api.retrieveEntity({
    key: "LogicalName='contact'",
    select: ['EntitySetName', 'PrimaryIdAttribute'],
  })) as Row
  assert.deepEqual([table.EntitySetName, table.PrimaryIdAttribute], ['contacts', 'contactid'])
  const reply = await api.retrieveAttributes({
    entityKey: "LogicalName='account'",
    castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
    select: ['LogicalName'],
    expand: [{ property: 'OptionSet' }],
  })
  const industry = (reply.value as unknown as Row[]).find((row) => row.LogicalName === 'industrycode')!
  const [first] = (industry.OptionSet as { Options: { Label: { LocalizedLabels: Row[] } }[] }).Options
  assert.deepEqual(
    first!.Label.LocalizedLabels.map((label) => [label.LanguageCode, label.Label]),
    [
      [1033, 'Accounting'],
      [1036, 'Comptabilité'],
      [1043, 'Accountancy'],
    ],
  )
})

test('a throttled call says so, with its code and how long to wait', async () => {
  const body = JSON.stringify({ kind: '429', retryAfter: 7, times: 1 })
  await fetch(`${running.control}/faults`, { method: 'POST', body })
  const error = await failure(api.retrieveMultiple({ collection: 'accounts', select: ['name'], top: 1 }))
  assert.deepEqual([error.status, error.code, error.headers['retry-after']], [429, '0x80072322', '7'])
  assert.equal((await api.retrieveMultiple({ collection: 'accounts', select: ['name'], top: 1 })).value.length, 1)
})
