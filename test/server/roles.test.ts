import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { permissions } from '#model/permission.ts'
import { grantsOfPerson } from '#people/grants.ts'
import { Permission } from '#server/contract/permissions.ts'
import { newAccount } from '../people/page.ts'
import { type ServedHub, serveHub } from './served-hub.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API
type Json = any

const outcome = ({ status, json }: { status: number; json: Json }) => [status, json?.error?.code]

test('Roles, teams and what they give', { timeout: 240_000 }, async (t) => {
  const hub = await serveHub(t)
  await t.test('the built-in roles are copied, not changed', () => builtIn(hub))
  await t.test('a role is changed upon what stands, and kept while somebody has it', () => changed(hub))
  await t.test('nobody gives away more than they have', () => beyond(hub))
  await t.test('several roles together let one do what any of them lets', () => together(hub))
  await t.test('teams', () => teams(hub))
  await t.test('older names of scopes are kept as what they stand for', () => older(hub))
  await t.test('the words of permissions', () => words(hub))
})

async function builtIn(hub: ServedHub): Promise<void> {
  const { roles } = (await hub.ask('/api/v1/roles')).json
  const names = ['Administrator', 'Integrator', 'Supervisor', 'Agent', 'Office worker', 'Auditor']
  assert.deepEqual(
    roles.map(({ name }: Json) => name),
    names,
  )
  assert.ok(roles.every((role: Json) => role.builtIn))
  const rename = await hub.ask('/api/v1/roles/agent', { method: 'PATCH', json: { name: 'x' } })
  assert.deepEqual(outcome(rename), [409, 'role.built_in'])
  assert.deepEqual(outcome(await hub.ask('/api/v1/roles/agent', { method: 'DELETE' })), [409, 'role.built_in'])
  const taken = await hub.ask('/api/v1/roles', { json: { name: 'agent', copyOf: 'agent' } })
  assert.deepEqual(outcome(taken), [409, 'role.name_taken'])
  assert.deepEqual(outcome(await hub.ask('/api/v1/roles/nobody')), [404, 'resource.not_found'])
}

async function changed(hub: ServedHub): Promise<void> {
  const made = await hub.ask('/api/v1/roles', { json: { name: 'Front desk', copyOf: 'agent' } })
  assert.equal(made.status, 201)
  const { id, version } = made.json
  assert.deepEqual(made.json.permissions, ['read:records', 'write:records', 'use:desktop'])
  const change = (json: Json) => hub.ask(`/api/v1/roles/${id}`, { method: 'PATCH', json })
  const contact = { entity: 'contact', reads: 'all', writes: 'own', masked: ['birthDate'] }
  const first = await change({ entities: [contact], version })
  assert.deepEqual(first.json.entities, [contact])
  assert.deepEqual(outcome(await change({ name: 'Reception', version })), [409, 'settings.changed'])
  const two = await Promise.all([change({ description: 'a' }), change({ description: 'b' })])
  assert.ok(two.every(({ status }) => status === 200 || status === 409))

  const key = await hub.ask('/api/v1/keys', { json: { name: 'board', scopes: ['read:records'], role: id } })
  assert.equal(key.json.role, id)
  assert.equal((await hub.ask(`/api/v1/roles/${id}`)).json.use.keys, 1)
  const refused = await hub.ask(`/api/v1/roles/${id}`, { method: 'DELETE' })
  assert.deepEqual(outcome(refused), [409, 'role.in_use'])
  assert.match(refused.json.error.message, /1 key has/)
  const session = (await hub.ask('/api/v1/session', { key: key.json.key })).json
  assert.deepEqual([session.kind, session.sight.all, session.sight.entities[0].masked], ['key', false, ['birthDate']])
  await hub.ask(`/api/v1/keys/${key.json.id}`, { method: 'DELETE' })
  assert.equal((await hub.ask(`/api/v1/roles/${id}`, { method: 'DELETE' })).status, 204)
}

async function beyond(hub: ServedHub): Promise<void> {
  const people = await hub.newKey('manage:people', 'read:records')
  const role = (json: Json, key = people) => hub.ask('/api/v1/roles', { key, json })
  assert.deepEqual(outcome(await role({ name: 'All', copyOf: 'administrator' })), [403, 'auth.denied'])
  assert.deepEqual(outcome(await role({ name: 'Writer', copyOf: 'agent' })), [403, 'auth.denied'])
  const reader = await role({ name: 'Reader', copyOf: 'agent', permissions: ['read:records'] })
  assert.equal(reader.status, 201)
  const grown = { method: 'PATCH', key: people, json: { permissions: ['manage:sync'] } }
  assert.deepEqual(outcome(await hub.ask(`/api/v1/roles/${reader.json.id}`, grown)), [403, 'auth.denied'])

  const own = { name: 'Own', copyOf: 'office-worker', permissions: ['read:records', 'manage:keys', 'manage:people'] }
  const narrow = await hub.ask('/api/v1/roles', { json: own })
  const made = await hub.ask('/api/v1/keys', {
    json: { name: 'x', scopes: own.permissions, role: narrow.json.id, owners: [randomUUID()] },
  })
  const { key, owners } = made.json
  const give = (json: Json) => hub.ask('/api/v1/keys', { key, json: { name: 'y', scopes: ['read:records'], ...json } })
  assert.deepEqual(outcome(await give({})), [403, 'auth.denied'], 'a key that sees all')
  assert.deepEqual(outcome(await give({ role: 'agent' })), [403, 'auth.denied'])
  assert.equal((await give({ role: narrow.json.id, owners })).status, 201)
  const ofAnother = await give({ role: narrow.json.id, owners: [randomUUID()] })
  assert.deepEqual(outcome(ofAnother), [403, 'auth.denied'], 'somebody else’s own')
  assert.deepEqual(outcome(await role({ name: 'Wide', copyOf: 'auditor', permissions: ['read:status'] }, key)), [
    403,
    'auth.denied',
  ])
  const wide = { name: 'Wide', copyOf: 'agent', permissions: ['read:records'] }
  assert.deepEqual(outcome(await role(wide, key)), [403, 'auth.denied'])
}

async function together(hub: ServedHub): Promise<void> {
  const { pool } = hub.hub
  const { id: person } = await newAccount(hub, 'together@example.org')
  const right = (masked: string[], reads = 'all') => ({ entity: 'contact', reads, writes: 'none', masked })
  const role = async (json: Json): Promise<string> =>
    (await hub.ask('/api/v1/roles', { json: { copyOf: 'office-worker', ...json } })).json.id
  const a = await role({ name: 'A', entities: [right(['birthDate', 'email'])] })
  const b = await role({ name: 'B', entities: [right(['birthDate', 'jobTitle'])] })
  const blind = await role({ name: 'C', entities: [right([], 'none')] })
  const owned = randomUUID()
  await hub.ask(`/api/v1/people/${person}/owners`, { method: 'PUT', json: { owners: [owned] } })
  const hold = async (roles: string[]) =>
    outcome(await hub.ask(`/api/v1/people/${person}`, { method: 'PATCH', json: { roles } }))
  assert.deepEqual(await hold([a, randomUUID()]), [404, 'resource.not_found'])
  assert.deepEqual(await hold([a, b, blind]), [200, undefined])
  const { permissions: may, sight } = await grantsOfPerson(pool, person)
  assert.deepEqual([...may], ['read:records', 'write:records'])
  assert.deepEqual([...sight.entities.get('contact')!.masked], ['birthDate'], 'masked by all that let it be read')
  assert.equal(sight.entities.get('contact')!.reads, 'all')
  assert.deepEqual([...sight.owners], [owned])
  assert.deepEqual(outcome(await hub.ask(`/api/v1/roles/${a}`, { method: 'DELETE' })), [409, 'role.in_use'])
  await hold(['administrator'])
  assert.equal((await grantsOfPerson(pool, person)).sight.all, true)
}

async function teams(hub: ServedHub): Promise<void> {
  const { id: person } = await newAccount(hub, 'teams@example.org')
  const queue = randomUUID()
  const nobody = await hub.ask(`/api/v1/people/${randomUUID()}/owners`, { method: 'PUT', json: { owners: [queue] } })
  assert.deepEqual(outcome(nobody), [404, 'resource.not_found'])
  const made = await hub.ask('/api/v1/teams', { json: { name: 'Night shift', owners: [queue] } })
  assert.equal(made.status, 201, made.text)
  const { id, version } = made.json
  assert.deepEqual(outcome(await hub.ask('/api/v1/teams', { json: { name: 'night SHIFT' } })), [409, 'team.name_taken'])
  for (const _ of [1, 2]) {
    const added = await hub.ask(`/api/v1/teams/${id}/members/${person}`, { method: 'PUT' })
    assert.deepEqual(added.json.members, [person])
  }
  assert.deepEqual([...(await grantsOfPerson(hub.hub.pool, person)).sight.owners], [queue])
  const renamed = await hub.ask(`/api/v1/teams/${id}`, { method: 'PATCH', json: { name: 'Nights', version } })
  assert.deepEqual([renamed.json.name, renamed.json.owners], ['Nights', [queue]])
  const late = await hub.ask(`/api/v1/teams/${id}`, { method: 'PATCH', json: { name: 'Days', version } })
  assert.deepEqual(outcome(late), [409, 'settings.changed'])
  const gone = await hub.ask(`/api/v1/teams/${id}/members/${person}`, { method: 'DELETE' })
  assert.deepEqual(gone.json.members, [])
  assert.equal((await hub.ask(`/api/v1/teams/${id}`, { method: 'DELETE' })).status, 204)
  assert.deepEqual(outcome(await hub.ask(`/api/v1/teams/${id}`)), [404, 'resource.not_found'])
}

async function older(hub: ServedHub): Promise<void> {
  const make = async (scopes: string[]) => (await hub.ask('/api/v1/keys', { json: { name: 'old', scopes } })).json
  const made = await make(['manage:connections'])
  assert.deepEqual(made.scopes, ['create:integrations', 'edit:integrations'])
  assert.equal((await make(['all'])).scopes.length, permissions.length)
  await hub.hub.pool.query(`update jackfield.api_key set scopes = '{manage:connections,gone:since}' where id = $1`, [
    made.id,
  ])
  hub.hub.credentials.forget()
  assert.equal(
    (await hub.ask('/api/v1/authentications', { key: made.key })).status,
    200,
    'as an older process wrote it',
  )
}

async function words(hub: ServedHub): Promise<void> {
  const { json } = await hub.ask('/api/v1/permissions')
  assert.deepEqual(
    json.permissions.map(({ permission }: Json) => permission),
    [...permissions],
  )
  assert.deepEqual([...Permission.options], [...permissions], 'the contract has the same list')
  for (const { title, text } of json.permissions) {
    for (const language of ['en', 'fr', 'nl']) assert.ok(title[language] && text[language])
  }
}
