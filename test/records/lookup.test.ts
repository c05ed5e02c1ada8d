import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '#core/clock.ts'
import { silentLog } from '#core/log.ts'
import { createLookUp, type LookupQuery } from '#records/lookup.ts'
import { createUnwrittenLookUps } from '#records/lookup-unwritten.ts'
import { asker, testActs } from '../support/acts.ts'
import { copied, type TestHub, testHub } from '../support/hub.ts'

async function hubWith(
  t: Parameters<typeof testHub>[0],
  contacts: Record<string, unknown>[],
): Promise<{ hub: TestHub; ids: string[] }> {
  const hub = await testHub(t, { records: 12 })
  await hub.connect()
  const created = await hub.control<{ id: string }[]>(
    '/records',
    contacts.map((fields) => ({ entity: 'contact', operation: 'create', fields })),
  )
  hub.worker()
  await copied(hub)
  return { hub, ids: created.map(({ id }) => id) }
}

const lookUpIn = (hub: TestHub) => {
  const unwritten = createUnwrittenLookUps({ clock: systemClock, log: silentLog })
  const lookUp = createLookUp({ pool: hub.pool, finder: hub.finder, acts: testActs(), unwritten })
  return (query: LookupQuery) => lookUp(query, asker)
}

const found = async (hub: TestHub, query: LookupQuery) =>
  (await lookUpIn(hub)(query)).matches.map(({ source }) => source.id)

test('a caller is found by the number in any notation, and the card says why', async (t) => {
  const { hub, ids } = await hubWith(t, [
    { firstname: 'Marie', lastname: 'Dubois', mobilephone: '0478 91 23 45', address1_country: 'Belgium' },
  ])
  for (const phone of [
    '+32478912345',
    '0478 91 23 45',
    '0032 478/912.345',
    '+32 (0)478-91-23-45',
    '0478912345',
    'tel:+32478912345',
  ]) {
    assert.deepEqual(await found(hub, { phone }), ids, phone)
  }
  const { matches } = await lookUpIn(hub)({ phone: '+32478912345' })
  assert.equal(matches[0]!.name, 'Marie Dubois')
  assert.deepEqual(matches[0]!.why, ['Mobile Phone matches exactly', 'active'])
  assert.deepEqual(matches[0]!.reasons, [{ code: 'number_exact', field: 'mobilephone' }, { code: 'active' }])
  assert.match(matches[0]!.source.url, new RegExp(ids[0]!))
})

test("a national number is read by the country of its own record, not by the hub's", async (t) => {
  const { hub, ids } = await hubWith(t, [
    { lastname: 'London', telephone1: '020 7946 0958', address1_country: 'United Kingdom' },
    { lastname: 'Lyon', telephone1: '04 72 00 12 34', address1_country: 'France' },
  ])
  assert.deepEqual(await found(hub, { phone: '+442079460958' }), [ids[0]])
  assert.deepEqual(await found(hub, { phone: '+33472001234' }), [ids[1]])
  assert.deepEqual(await found(hub, { phone: '+3247200123' }), [])
})

test('a number kept without a country is found by a full one that ends in it', async (t) => {
  const { hub, ids } = await hubWith(t, [
    { lastname: 'Nowhere', telephone1: '(99) 8877 6655', address1_country: 'Atlantis' },
  ])
  assert.deepEqual(await found(hub, { phone: '998877 6655' }), ids)
})

test('an extension does not hide the number', async (t) => {
  const { hub, ids } = await hubWith(t, [{ lastname: 'Desk', telephone1: '+32 2 555 12 12 ext. 204' }])
  assert.deepEqual(await found(hub, { phone: '+3225551212' }), ids)
})

test('several matches are ranked: active first, a mobile number before a desk', async (t) => {
  const { hub, ids } = await hubWith(t, [
    { lastname: 'Desk', telephone3: '+32 2 555 99 88' },
    { lastname: 'Mobile', mobilephone: '+32 2 555 99 88' },
    { lastname: 'Gone', mobilephone: '+32 2 555 99 88', statecode: 1, statuscode: 2 },
  ])
  assert.deepEqual(await found(hub, { phone: '+3225559988' }), [ids[1], ids[0], ids[2]])
})

test('an unknown number says why there is none, a number of thousands is answered too', async (t) => {
  const { hub } = await hubWith(
    t,
    Array.from({ length: 300 }, (_, i) => ({ lastname: `Switchboard ${i}`, telephone1: '+3223334455' })),
  )
  const unknown = await lookUpIn(hub)({ phone: '+3299999999' })
  assert.deepEqual(unknown.matches, [])
  assert.match(unknown.whyNone.join(), /\+3299999999/)
  const many = await lookUpIn(hub)({ phone: '+3223334455' })
  assert.equal(many.matches.length, 20)
  assert.equal(many.more, true)
  const none = await lookUpIn(hub)({ phone: 'anonymous' })
  assert.match(none.whyNone.join(), /no telephone number/)
})

test('names are found by the beginning of their words, without regard to case and accents', async (t) => {
  const { hub, ids } = await hubWith(t, [{ firstname: 'Zoë', lastname: 'Müller-Lüdenscheidt' }])
  for (const name of ['zoe mul', 'MÜLLER', 'lüden zoë', 'Zo'])
    assert.ok((await found(hub, { name })).includes(ids[0]!), name)
  assert.deepEqual(await found(hub, { name: "'; drop table x; --" }), [])
  assert.deepEqual(await found(hub, { name: 'z' }), [])
})

test('e-mail is found without regard to case', async (t) => {
  const { hub, ids } = await hubWith(t, [{ lastname: 'Mail', emailaddress2: 'Zoe@Example.ORG' }])
  assert.deepEqual(await found(hub, { email: ' zoe@example.org ' }), ids)
})

test('callers that ring at the same moment are each found by their own number', async (t) => {
  const callers = Array.from({ length: 40 }, (_, i) => ({
    lastname: `Caller ${i}`,
    mobilephone: `+3247000${1000 + i}`,
  }))
  const { hub, ids } = await hubWith(t, callers)
  const lookUp = lookUpIn(hub)
  const asked = [...callers.map(({ mobilephone }) => mobilephone), '+32470009999', 'nobody', '0470 001 003']
  const answers = await Promise.all(asked.map((phone) => lookUp({ phone })))
  const found = answers.map(({ matches }) => matches.map(({ source }) => source.id))
  assert.deepEqual(found, [...ids.map((id) => [id]), [], [], [ids[3]]])
})
