import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parsePhoneNumberFromString } from 'libphonenumber-js'
import { type Asked, type Row, readAll, startAsked } from './ask.ts'

let asked: Asked
let contacts: Row[]

before(async () => {
  asked = await startAsked({ records: 6000, seed: 11 })
  contacts = (await readAll(asked, 'contacts')).rows
})
after(() => asked.running.close())

const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length
const near = (value: number, wanted: number, by: number) =>
  assert.ok(Math.abs(value - wanted) <= by, `${value} is not near ${wanted}`)

test('a contact has 40 columns, 900 bytes, two phones and one address of mail in the mean', () => {
  assert.equal(contacts.length, 5000)
  assert.ok(Object.keys(contacts[0]!).length >= 40)
  assert.ok(Math.min(...contacts.map((row) => Buffer.byteLength(JSON.stringify(row)))) >= 900)
  const phones = (row: Row) =>
    ['telephone1', 'telephone2', 'telephone3', 'mobilephone'].filter((n) => row[n] !== null).length
  near(mean(contacts.map(phones)), 2, 0.1)
  const mails = (row: Row) => ['emailaddress1', 'emailaddress2', 'emailaddress3'].filter((n) => row[n] !== null).length
  near(mean(contacts.map(mails)), 1, 0.1)
})

test('numbers are in many notations, most of them numbers that can be dialled', () => {
  const numbers = contacts.map((row) => row.mobilephone).filter((n) => n !== null) as string[]
  const share = (pattern: RegExp) => numbers.filter((n) => pattern.test(n)).length / numbers.length
  for (const pattern of [/^\+\d+$/, /^\+\d+ \d/, /^00/, /^0[1-9]/, /\(/, /[a-z]/i, /[./-]/])
    assert.ok(share(pattern) > 0.01, String(pattern))
  const international = numbers.filter((n) => n.startsWith('+'))
  const valid = international.filter((n) => parsePhoneNumberFromString(n.split('/')[0]!)?.isValid())
  assert.ok(valid.length / international.length > 0.8, `${valid.length} of ${international.length}`)
})

test('duplicates, gaps, Unicode, leap days and money with its digits are met', async () => {
  const numbers = contacts.flatMap((row) => (row.telephone1 === null ? [] : [row.telephone1]))
  assert.ok(numbers.length - new Set(numbers).size > 100)
  assert.ok(contacts.some((row) => row.firstname === null))
  assert.ok(contacts.some((row) => /\p{Script=Han}|\p{Script=Arabic}/u.test(row.fullname as string)))
  assert.ok(contacts.some((row) => (row.fullname as string) !== (row.fullname as string).normalize('NFC')))
  assert.ok(contacts.some((row) => String(row.birthdate).endsWith('-02-29')))
  const { text } = await asked.ask('accounts?$select=revenue,entityimage_timestamp')
  assert.match(text, /"revenue":\d+\.\d\d00,/)
  assert.match(text, /"entityimage_timestamp":6373\d{14}[,}]/)
})

test('relations hold: parents, owners and currencies exist', async () => {
  const accounts = new Set((await readAll(asked, 'accounts?$select=accountid')).rows.map((row) => row.accountid))
  const users = new Set((await readAll(asked, 'systemusers?$select=systemuserid')).rows.map((row) => row.systemuserid))
  const teams = new Set((await readAll(asked, 'teams?$select=teamid')).rows.map((row) => row.teamid))
  const ids = new Set(contacts.map((row) => row.contactid))
  for (const row of contacts) {
    const parent = row._parentcustomerid_value
    assert.ok(parent === null || accounts.has(parent) || ids.has(parent))
    assert.ok(users.has(row._ownerid_value) || teams.has(row._ownerid_value))
  }
  assert.equal((await asked.ask(`transactioncurrencies(${contacts[0]!._transactioncurrencyid_value})`)).status, 200)
})

test('the same seed makes the same organisation, another seed another', async () => {
  const facts = async (seed: number) => {
    const other = await startAsked({ records: 60, seed })
    const { text } = await other.ask('contacts')
    await other.running.close()
    return text.replaceAll(other.running.url, '')
  }
  assert.equal(await facts(5), await facts(5))
  assert.notEqual(await facts(5), await facts(6))
})

test('a million records start at once and take no memory', async () => {
  const before = process.memoryUsage().rss
  const started = performance.now()
  const big = await startAsked({ records: 1_000_000, prepared: true })
  const took = performance.now() - started
  const totals = await big.ask("RetrieveTotalRecordCount(EntityNames=@p1)?@p1=['account','contact']")
  const { Values } = totals.json.EntityRecordCountCollection as { Values: number[] }
  assert.deepEqual(Values, [166_667, 833_333])
  assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024)
  assert.ok(took < 20_000, `${took} ms`)
  await big.running.close()
})

test('labels come in the language of the caller', async () => {
  const prefer = 'odata.maxpagesize=1,odata.include-annotations="OData.Community.Display.V1.FormattedValue"'
  const shown = async (language: number) => {
    await asked.control('POST', '/settings', { language })
    const { json } = await asked.ask('contacts?$select=statecode&$filter=statecode eq 0', { headers: { prefer } })
    return json.value[0]!['statecode@OData.Community.Display.V1.FormattedValue']
  }
  assert.deepEqual([await shown(1033), await shown(1036), await shown(1043)], ['Active', 'Actif', 'Actief'])
})

test('broken rows are on the wire as they are', async () => {
  const other = await startAsked({ records: 60, broken: 6 })
  const { text, json } = await other.ask(
    "contacts?$select=lastname,birthdate,creditlimit,description&$filter=firstname eq 'Broken'",
  )
  assert.match(text, /Lone \\ud83d Surrogate/)
  assert.match(text, /N\\u0000L/)
  assert.equal(json.value.length, 6)
  assert.equal(json.value.filter((row) => row.contactid === undefined).length, 1)
  assert.ok(json.value.some((row) => row.birthdate === '2023-02-30'))
  assert.ok(json.value.some((row) => String(row.description).length === 1_048_576))
  await other.running.close()
})
