import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Asked, startAsked, until } from './ask.ts'

let asked: Asked
before(async () => {
  asked = await startAsked({ records: 120, seed: 9, settings: { keyIndexMs: 2_000 } })
})
after(() => asked.running.close())

const id = (n: number) => `dddddddd-0000-4000-8000-${String(n).padStart(12, '0')}`
const post = (path: string, body: unknown, headers = {}) => asked.ask(path, { method: 'POST', body, headers })
const patch = (path: string, body: unknown, headers = {}) => asked.ask(path, { method: 'PATCH', body, headers })

test('a PATCH on an id of our own creates once, updates, or is refused, as its conditions say', async () => {
  const path = `contacts(${id(1)})`
  assert.equal((await patch(path, { lastname: 'X' }, { 'if-match': '*' })).status, 404)
  const made = await patch(path, { lastname: 'One' }, { 'if-none-match': '*' })
  assert.deepEqual(
    [made.status, made.headers.get('odata-entityid')],
    [204, `${asked.running.url}/api/data/v9.2/${path}`],
  )
  const again = await patch(path, { lastname: 'Two' }, { 'if-none-match': '*' })
  assert.deepEqual([again.status, again.json.error.message], [412, 'A record with matching key values already exists.'])
  const etag = (await asked.ask(path)).headers.get('etag')!
  assert.equal((await patch(path, { firstname: 'Ann' }, { 'if-match': etag })).status, 204)
  const stale = await patch(path, { firstname: 'Bea' }, { 'if-match': etag })
  assert.deepEqual([stale.status, stale.json.error.code], [412, '0x80060882'])
  assert.equal((await asked.ask(path)).json.fullname, 'Ann One')
  const { writes } = (await asked.control('GET', '/requests')) as unknown as {
    writes: { id: string; operation: string; status: number; ifNoneMatch: string | null }[]
  }
  const mine = writes.filter((w) => w.id === id(1)).map((w) => `${w.operation} ${w.status}`)
  assert.deepEqual(mine, ['update 404', 'create 204', 'create 412', 'update 204', 'update 412'])
})

test('an alternate key is built in its time, found without case, and holds each value once', async () => {
  const label = { LocalizedLabels: [{ Label: 'Source key', LanguageCode: 1033 }] }
  const made = await post("EntityDefinitions(LogicalName='contact')/Keys", {
    SchemaName: 'hub_sourcekey',
    DisplayName: label,
    KeyAttributes: ['externaluseridentifier'],
  })
  assert.equal(made.status, 204)
  const keyPath =
    "EntityDefinitions(LogicalName='contact')/Keys(LogicalName='hub_sourcekey')?$select=EntityKeyIndexStatus"
  assert.notEqual((await asked.ask(keyPath)).json.EntityKeyIndexStatus, 'Active')
  await until('the key', async () => (await asked.ask(keyPath)).json.EntityKeyIndexStatus === 'Active')
  const created = await patch(
    "contacts(externaluseridentifier='abc-1')",
    { lastname: 'Keyed' },
    { prefer: 'return=representation' },
  )
  assert.deepEqual([created.status, created.json.externaluseridentifier], [201, 'abc-1'])
  const updated = await patch(
    "contacts(externaluseridentifier='ABC-1')",
    { firstname: 'By' },
    { prefer: 'return=representation' },
  )
  assert.deepEqual([updated.status, updated.json.contactid], [200, created.json.contactid])
  const twice = await post('contacts', { lastname: 'Other', externaluseridentifier: 'Abc-1' })
  assert.deepEqual([twice.status, twice.json.error.code], [412, '0x80060892'])
  const unreachable = await asked.ask(`contacts(externaluseridentifier='${encodeURIComponent('a/b')}')`)
  assert.equal(unreachable.status, 400)
  const unknown = await asked.ask("contacts(externaluseridentifier='nobody')")
  assert.deepEqual([unknown.status, unknown.json.error.code], [404, '0x80060891'])
})

test('what a column cannot hold is refused, what it can comes back as it was', async () => {
  const refused: [body: object, code: string][] = [
    [{ lastname: 'x'.repeat(51) }, '0x80044331'],
    [{ nonsense: 'x' }, '0x80048d19'],
    [{ 'ParentCustomerId_account@odata.bind': '/accounts(x)' }, '0x80048d19'],
    [{ lastname: 5 }, '0x80048d19'],
    [{ birthdate: '2023-02-30' }, '0x80048d19'],
    [{ gendercode: 9 }, '0x8004431a'],
    [{ lastname: 'a\u0000b' }, '0x80040278'],
    [{ _parentcustomerid_value: id(1) }, '0x80048d19'],
  ]
  for (const [body, code] of refused) {
    const { status, json } = await post('contacts', { lastname: 'X', ...body })
    assert.deepEqual([status, json.error.code], [400, code], JSON.stringify(body).slice(0, 60))
  }
  const kept = {
    lastname: 'Ünï ☎ "q" \\ </b>',
    birthdate: '2024-02-29',
    gendercode: 2,
    donotphone: true,
    numberofchildren: 3,
    lastonholdtime: '2024-02-29T12:00:00Z',
  }
  const { json } = await post('contacts', kept, { prefer: 'return=representation' })
  for (const [name, value] of Object.entries(kept)) assert.equal(json[name], value)
  const big = await asked.ask('cr123_machines', {
    method: 'POST',
    body: '{"cr123_name":"Press","cr123_price":1204,"cr123_runtimehours":9007199254740993,"cr123_tolerance":0.1234567891}',
    headers: { prefer: 'return=representation' },
  })
  assert.match(big.text, /"cr123_price":1204\.0000/)
  assert.match(big.text, /"cr123_runtimehours":9007199254740993[,}]/)
  assert.match(big.text, /"cr123_tolerance":0\.1234567891[,}]/)
})

test('lookups are bound, cleared and changed by reference; owners can be teams', async () => {
  const [account] = (await asked.ask('accounts?$select=name&$top=1')).json.value
  const [team] = (await asked.ask('teams?$select=name&$top=1')).json.value
  const path = `contacts(${id(2)})`
  await patch(path, {
    lastname: 'L',
    'parentcustomerid_account@odata.bind': `/accounts(${account!.accountid})`,
    'ownerid@odata.bind': `teams(${team!.teamid})`,
  })
  const shown = async () => (await asked.ask(path, { headers: { prefer: 'odata.include-annotations="*"' } })).json
  const row = await shown()
  assert.equal(row['_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'], 'account')
  assert.equal(row['_parentcustomerid_value@OData.Community.Display.V1.FormattedValue'], account!.name)
  assert.equal(row['_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'], 'team')
  assert.equal((await asked.ask(`${path}/parentcustomerid_account/$ref`, { method: 'DELETE' })).status, 204)
  assert.equal((await shown())._parentcustomerid_value, null)
  const other = await asked.ask(`${path}/parentcustomerid_contact/$ref`, {
    method: 'PUT',
    body: { '@odata.id': `${asked.running.url}/api/data/v9.2/contacts(${id(1)})` },
  })
  assert.equal(other.status, 204)
  assert.equal((await shown())['_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'], 'contact')
  const gone = await post('contacts', { lastname: 'X', 'parentcustomerid_account@odata.bind': `/accounts(${id(99)})` })
  assert.deepEqual([gone.status, gone.json.error.code], [404, '0x80040217'])
})

test('a single property is set and cleared, and deleting is final until it is restored', async () => {
  const path = `contacts(${id(3)})`
  await patch(path, { lastname: 'Single', jobtitle: 'Buyer' })
  assert.equal((await asked.ask(`${path}/jobtitle`, { method: 'PUT', body: { value: 'Seller' } })).status, 204)
  assert.equal((await asked.ask(`${path}/jobtitle`)).json.value, 'Seller')
  assert.equal((await asked.ask(`${path}/jobtitle`, { method: 'DELETE' })).status, 204)
  assert.equal((await asked.ask(path)).json.jobtitle, null)
  const before = (await asked.ask(path)).json.versionnumber as number
  assert.equal((await asked.ask(path, { method: 'DELETE' })).status, 204)
  assert.equal((await asked.ask(path, { method: 'DELETE' })).status, 404)
  await asked.records({ entity: 'contact', operation: 'restore', id: id(3) })
  const back = (await asked.ask(path)).json
  assert.equal(back.lastname, 'Single')
  assert.ok((back.versionnumber as number) > before)
})

test('bulk calls do all or nothing', async () => {
  const target = (name: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name })
  const made = await post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: [target('B1'), target('B2')] })
  const ids = made.json.Ids as string[]
  assert.equal(ids.length, 2)
  const bad = await post('accounts/Microsoft.Dynamics.CRM.UpdateMultiple', {
    Targets: [
      { ...target('B1 new'), accountid: ids[0] },
      { ...target('x'.repeat(161)), accountid: ids[1] },
    ],
  })
  assert.equal(bad.status, 400)
  assert.equal((await asked.ask(`accounts(${ids[0]})`)).json.name, 'B1')
  const upsert = await post('accounts/Microsoft.Dynamics.CRM.UpsertMultiple', {
    Targets: [{ ...target('U'), '@odata.id': `accounts(${id(7)})` }],
  })
  assert.equal(upsert.status, 204)
  assert.equal((await asked.ask(`accounts(${id(7)})`)).json.name, 'U')
})

test('key values of a bulk call that was undone are free again', async () => {
  const target = (externaluseridentifier: string, lastname: string) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.contact',
    externaluseridentifier,
    lastname,
  })
  const create = (...Targets: object[]) => post('contacts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets })
  assert.equal((await create(target('undone-1', 'A'), target('undone-2', 'x'.repeat(51)))).status, 400)
  assert.equal((await create(target('undone-1', 'A'), target('undone-2', 'B'))).status, 200)
  assert.equal((await create(target('UNDONE-2', 'C'))).status, 412)
})

test('cases, opportunities and leads are closed by their actions only', async () => {
  const customer = { 'customerid_account@odata.bind': `/accounts(${id(7)})` }
  assert.match(
    (await post('incidents', { title: 'No customer' })).json.error.message,
    /specify a parent contact or account/,
  )
  const incident = (await post('incidents', { title: 'Help', ...customer }, { prefer: 'return=representation' })).json
    .incidentid
  const byPatch = await patch(`incidents(${incident})`, { statecode: 1 })
  assert.match(byPatch.json.error.message, /use the CloseIncidentRequest message instead/)
  const opportunity = (
    await post('opportunities', { name: 'Deal', estimatedvalue: 99.5 }, { prefer: 'return=representation' })
  ).json.opportunityid
  const closing = {
    subject: 'Won',
    'opportunityid@odata.bind': `${asked.running.url}/api/data/v9.2/opportunities(${opportunity})`,
  }
  assert.equal((await post('WinOpportunity', { Status: 3, OpportunityClose: closing })).status, 204)
  const won = (await asked.ask(`opportunities(${opportunity})`)).json
  assert.deepEqual([won.statecode, won.statuscode, won.actualvalue], [1, 3, 99.5])
  assert.equal((await post('LoseOpportunity', { Status: 4, OpportunityClose: closing })).status, 400)
  const lead = (
    await post(
      'leads',
      { subject: 'Fair', lastname: 'Lead', companyname: 'Lead NV' },
      { prefer: 'return=representation' },
    )
  ).json.leadid
  const qualify = { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 }
  const made = await post(`leads(${lead})/Microsoft.Dynamics.CRM.QualifyLead`, qualify)
  assert.deepEqual(
    made.json.value.map((row) => row['@odata.type']),
    ['account', 'contact', 'opportunity'].map((t) => `#Microsoft.Dynamics.CRM.${t}`),
  )
  assert.equal((await asked.ask(`contacts(${made.json.value[1]!.contactid})`)).json.lastname, 'Lead')
  assert.match(
    (await post(`leads(${lead})/Microsoft.Dynamics.CRM.QualifyLead`, qualify)).json.error.message,
    /already closed/,
  )
})

test('a new column can be written at once and exists but once', async () => {
  const label = {
    LocalizedLabels: [
      { Label: 'Colour', LanguageCode: 1033 },
      { Label: 'Kleur', LanguageCode: 1043 },
    ],
  }
  const body = {
    '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
    SchemaName: 'hub_Colour',
    DisplayName: label,
    MaxLength: 20,
  }
  const made = await post("EntityDefinitions(LogicalName='account')/Attributes", body)
  assert.equal(made.status, 204)
  assert.equal((await post("EntityDefinitions(LogicalName='account')/Attributes", body)).json.error.code, '0x80047013')
  const { json } = await asked.ask(
    "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='hub_colour')/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=MaxLength",
  )
  assert.equal(json.MaxLength, 20)
  const row = await patch(
    `accounts(${id(7)})`,
    { hub_colour: 'red' },
    { 'if-match': '*', prefer: 'return=representation' },
  )
  assert.equal(row.json.hub_colour, 'red')
})

test('a batch stops at its first error, or goes on where it is told to', async () => {
  const lines = ['GET accounts?$top=1&$select=name', 'GET nothings', 'GET WhoAmI']
  const parts = lines.map(
    (l) =>
      `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${l} HTTP/1.1\r\n\r\n\r\n`,
  )
  const body = `${parts.join('')}--b--\r\n`
  const headers = { 'content-type': 'multipart/mixed; boundary="b"' }
  const send = (more: Record<string, string>, text = body) =>
    asked.ask('$batch', { method: 'POST', body: text, headers: { ...headers, ...more } })
  const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((m) => Number(m[1]))
  const stopped = await send({})
  assert.deepEqual([stopped.status, statuses(stopped.text)], [400, [404]])
  const whole = await send({ prefer: 'odata.continue-on-error' })
  assert.deepEqual([whole.status, statuses(whole.text)], [200, [200, 404, 200]])
  assert.equal((await send({}, body.replaceAll('\r\n', '\n'))).status, 400)
})
