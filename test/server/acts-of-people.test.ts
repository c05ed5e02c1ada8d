import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newAccount, openByLink, openPage, signIn } from '../people/page.ts'
import { connectBody, type ServedHub, serveHub, startSimulator, until } from './served-hub.ts'

interface Shown {
  actor: { kind: string; id: string; name: string | null }
  sessionId: string | null
  act: string
  subject: { kind: string; id: string; name: string | null } | null
  outcome: string
  from: { address: string } | null
  details: Record<string, unknown>
  erased: boolean
}

async function actsOf(hub: ServedHub, query: Record<string, string>): Promise<Shown[]> {
  const reply = await hub.ask(`/api/v1/audit-log?${new URLSearchParams({ limit: '1000', ...query })}`)
  assert.equal(reply.status, 200, reply.text)
  return reply.json.acts
}

test('What people do and what is done to them', async (t) => {
  const hub = await serveHub(t)
  const admin = await openByLink(hub)
  const ann = await newAccount(hub, 'ann@example.org', ['agent'])

  await t.test('is written with who it was, from the invitation on', async () => {
    const [invited] = await actsOf(hub, { act: 'invitation.create' })
    assert.deepEqual(invited!.subject, { kind: 'person', id: ann.id, name: 'Somebody' })
    assert.deepEqual(invited!.details.roles, ['agent'])
    const [accepted] = await actsOf(hub, { act: 'invitation.accept' })
    assert.deepEqual([accepted!.outcome, accepted!.actor.id, accepted!.actor.kind], ['done', ann.id, 'person'])
    assert.equal((await ann.page.ask('PATCH', '/me', { name: 'Ann' })).status, 200)
    const [renamed] = await actsOf(hub, { act: 'account.change' })
    assert.deepEqual([renamed!.subject!.id, renamed!.sessionId], [ann.id, accepted!.sessionId])
    assert.equal((await admin.ask('PATCH', `/people/${ann.id}`, { roles: ['supervisor'] })).status, 200)
    const [changed] = await actsOf(hub, { act: 'person.change' })
    assert.deepEqual([changed!.subject!.name, changed!.details.roles], ['Ann', ['supervisor']])
    assert.equal(changed!.actor.name, 'Administrator')
  })

  await t.test('tells of a sign-in that failed whom it meant, where there is such a person', async () => {
    assert.equal((await signIn(openPage(hub), ann.email, 'not the right one')).status, 401)
    assert.equal((await signIn(openPage(hub), 'nobody@example.org', 'not the right one')).status, 401)
    assert.equal((await signIn(openPage(hub), ann.email, ann.password)).status, 200)
    const [right, unknown, wrong] = await actsOf(hub, { act: 'person.sign_in' })
    assert.deepEqual([right!.outcome, right!.actor.id, right!.actor.name], ['done', ann.id, 'Ann'])
    assert.ok(right!.from)
    assert.deepEqual([unknown!.outcome, unknown!.details.code, unknown!.subject], ['refused', 'auth.rejected', null])
    assert.deepEqual([wrong!.outcome, wrong!.actor.kind, wrong!.subject!.id], ['refused', 'nobody', ann.id])
    const { rows } = await hub.hub.pool.query('select a::text as row from jackfield.act a')
    for (const { row } of rows) assert.ok(!/example\.org|not the right one|127\.0\.0\.1|::1/.test(row), row)
  })

  await t.test('stays readable after an account was removed, until it is erased', async () => {
    const early = await admin.ask('DELETE', `/people/${ann.id}/personal-data`)
    assert.deepEqual([early.status, early.json.error.code], [409, 'people.not_removed'])
    assert.equal((await admin.ask('DELETE', `/people/${ann.id}`)).status, 204)
    const kept = await actsOf(hub, { actor: ann.id })
    assert.ok(kept.some(({ actor }) => actor.name === 'Ann'))
    assert.equal((await admin.ask('DELETE', `/people/${ann.id}/personal-data`)).status, 204)
    const told = [...(await actsOf(hub, { actor: ann.id })), ...(await actsOf(hub, { subject: ann.id }))]
    assert.ok(told.length > kept.length)
    for (const { actor, subject, from } of told) {
      if (actor.id === ann.id) assert.deepEqual([actor.name, from], [null, null])
      if (subject?.id === ann.id) assert.equal(subject.name, null)
    }
    const { rows } = await hub.hub.pool.query('select i::text as row from jackfield.invitation i')
    assert.ok(!JSON.stringify(rows).includes('ann@example.org'))
    assert.equal((await admin.ask('DELETE', `/people/${ann.id}/personal-data`)).status, 404)
    assert.equal((await hub.ask('/api/v1/audit-log/verify', { json: {} })).json.ok, true)
  })
})

test('Who rings is known though the database has no room for the act', async (t) => {
  const simulator = await startSimulator(t, 12)
  const hub = await serveHub(t, { simulator, work: true })
  assert.equal((await hub.ask('/api/v1/connections', { json: connectBody(simulator) })).status, 201)
  await fetch(`${simulator.control}/records`, {
    method: 'POST',
    body: JSON.stringify({
      entity: 'contact',
      operation: 'create',
      fields: { lastname: 'Dubois', mobilephone: '+32478912345', emailaddress1: 'marie@example.org' },
    }),
  })
  const asked = ['phone=%2B32478912345', 'phone=0478912345', 'email=marie%40example.org', 'name=Dubois']
  const matches = async (query: string) => (await hub.ask(`/api/v1/lookup?${query}`)).json.matches?.length
  await until('the contact is found', async () => (await matches(asked[0]!)) === 1)
  const key = await hub.ask('/api/v1/keys', { json: { name: 'limited', scopes: ['read:records'], role: 'agent' } })
  await hub.hub.pool.query(`create function jackfield.full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`)
  await hub.hub.pool.query(`create trigger full_disk before insert on jackfield.act for each row
    when (new.act = 'record.look_up') execute function jackfield.full_disk()`)
  for (const query of asked) assert.equal(await matches(query), 1, query)
  assert.equal((await hub.ask('/api/v1/lookup?name=Dubois', { key: key.json.key })).json.matches.length, 1)
  const many = await Promise.all(Array.from({ length: 40 }, () => matches(asked[0]!)))
  assert.ok(many.every((count) => count === 1))
  assert.match((await hub.ask('/metrics')).text, /jackfield_lookups_unwritten_total 45/)
  const ready = await hub.ask('/readyz')
  assert.deepEqual([ready.status, ready.json.checks.lookUpsWritten], [200, false])
  assert.ok(hub.lines.some((line) => line.includes('without being written to the audit log')))

  await hub.hub.pool.query('drop trigger full_disk on jackfield.act')
  await until('acts are written again', async () => {
    await matches(asked[0]!)
    return (await hub.ask('/readyz')).json.checks.lookUpsWritten
  })
})
