import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type Asked, readAll, startAsked } from './ask.ts'

let asked: Asked
before(async () => {
  asked = await startAsked({ records: 600, seed: 4 })
})
after(() => asked.running.close())
beforeEach(async () => {
  await asked.control('DELETE', '/faults')
  await asked.control('POST', '/settings', { tokenAtStart: false, maxPageSize: 5000 })
})

const track = 'odata.track-changes,odata.maxpagesize=200'
const path = 'contacts?$select=lastname'

async function deltaLink(): Promise<string> {
  const { last, pages, rows } = await readAll(asked, path, track)
  assert.equal(pages, 3)
  assert.equal(rows.length, 500 + made)
  return last['@odata.deltaLink'] as string
}
let made = 0

async function create(lastname: string): Promise<string> {
  const { id } = (await asked.control('POST', '/records', {
    entity: 'contact',
    operation: 'create',
    fields: { lastname },
  })) as unknown as { id: string }
  made++
  return id
}

test('updates come first by version, then deletions; an untouched table gives nothing', async () => {
  const link = await deltaLink()
  const quiet = (await asked.ask(link)).json
  assert.deepEqual(quiet.value, [])
  const [a, b, c] = [await create('A'), await create('B'), await create('C')]
  await asked.records([
    { entity: 'contact', operation: 'delete', id: a },
    { entity: 'contact', operation: 'change', id: b, fields: { lastname: 'B2' } },
    { entity: 'contact', operation: 'delete', id: c },
    { entity: 'contact', operation: 'restore', id: c },
  ])
  made--
  const { json } = await asked.ask(quiet['@odata.deltaLink'] as string)
  assert.match(json['@odata.context'] as string, /\/\$delta$/)
  const seen = json.value.map((row) => row.lastname ?? `${row.reason} ${row.id}`)
  assert.deepEqual(seen, ['B2', 'C', `deleted ${a}`])
  assert.equal((await asked.ask(link.replace('contacts?', 'contacts/$count?'))).text, '3')
})

test('a delta of many rows is paged and ends on one delta link', async () => {
  const link = await deltaLink()
  const ids: string[] = []
  for (let i = 0; i < 7; i++) ids.push(await create(`Page ${i}`))
  await asked.records(ids.slice(0, 2).map((id) => ({ entity: 'contact', operation: 'delete', id })))
  made -= 2
  const { rows, pages, last } = await readAll(asked, link, 'odata.maxpagesize=3')
  assert.equal(pages, 3)
  assert.deepEqual(
    rows.map((row) => row.reason ?? 'updated'),
    [...Array(5).fill('updated'), 'deleted', 'deleted'],
  )
  assert.deepEqual((await asked.ask(last['@odata.deltaLink'] as string)).json.value, [])
})

test('rows that change while a first read runs are missed, unless the token is stamped at its start', async () => {
  for (const tokenAtStart of [false, true]) {
    await asked.control('POST', '/settings', { tokenAtStart })
    const first = (await asked.ask(path, { headers: { prefer: track } })).json
    const id = first.value[0]!.contactid as string
    await asked.records({ entity: 'contact', operation: 'change', id, fields: { lastname: 'Meanwhile' } })
    const { last } = await readAll(asked, first['@odata.nextLink'] as string, track)
    const { json } = await asked.ask(last['@odata.deltaLink'] as string)
    assert.deepEqual(
      json.value.map((row) => row.contactid),
      tokenAtStart ? [id] : [],
    )
  }
})

test('change tracking refuses what it cannot do', async () => {
  const options = { filter: 'statecode eq 0', orderby: 'lastname', top: '5', expand: 'parentcustomerid_account' }
  for (const [name, value] of Object.entries(options)) {
    const { status, json } = await asked.ask(`contacts?$${name}=${value}`, { headers: { prefer: track } })
    assert.equal(status, 400)
    assert.equal(json.error.message, `The "$${name}" query parameter isn't supported when Change Tracking is enabled.`)
  }
  assert.equal((await asked.ask('annotations?$select=subject', { headers: { prefer: track } })).status, 400)
})

test('with annotations asked for, the last page has no delta link', async () => {
  const { last } = await readAll(asked, path, `${track},odata.include-annotations="*"`)
  assert.equal(last['@odata.deltaLink'], undefined)
})

test('a token is void when it is old, when the columns changed, and when it is none', async () => {
  const link = await deltaLink()
  const codeOf = async (url: string) => (await asked.ask(url)).json.error?.code
  const old = link.replace(/%21.*$/, `%21${encodeURIComponent('01/02/2020 10:00:00')}`)
  assert.equal(await codeOf(old), '0x80044352')
  assert.equal(await codeOf(link.replace(/deltatoken=.*/, 'deltatoken=nonsense')), '0x80044183')
  assert.equal(await codeOf(link.replace(/deltatoken=\d+/, 'deltatoken=99999999999')), '0x80044183')
  assert.equal(await codeOf(link), undefined)
  await asked.control('POST', '/schema', { entity: 'contact', addColumn: { name: 'new_colour' } })
  assert.equal(await codeOf(link), '0x80044352')
})

test('a change during a reading is on neither side of the page it was read for', async () => {
  const link = await deltaLink()
  const id = await create('Before')
  await asked.control('POST', '/faults', {
    kind: 'change',
    on: 'delta',
    when: 'during',
    records: [{ entity: 'contact', operation: 'change', id, fields: { lastname: 'During' } }],
  })
  const first = (await asked.ask(link)).json
  assert.deepEqual(
    first.value.map((row) => row.lastname),
    ['Before'],
  )
  const second = (await asked.ask(first['@odata.deltaLink'] as string)).json
  assert.deepEqual(
    second.value.map((row) => row.lastname),
    ['During'],
  )
})
