import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../support/database.ts'
import { jackfield, newFolder, startJackfield } from './command-line.ts'

const page = { 'content-type': 'application/json', 'x-jackfield': '1' }

test('People are invited, listed, suspended, and let in again by the operator of the machine', async (t) => {
  const { url } = await testDatabase(t)
  const environment = { DATABASE_URL: url, JACKFIELD_DATA: await newFolder(t) }
  const hub = await startJackfield(t, ['serve', '--port', '0', '--json'], environment)
  const run = (...args: string[]) => jackfield([...args, '--json'], environment)
  const post = (path: string, body: unknown) =>
    fetch(`${hub.first.url}/api/v1${path}`, { method: 'POST', headers: page, body: JSON.stringify(body) })

  const origin = ['--origin', hub.first.url]
  const invited = await run('people', 'invite', '--email', 'ann@example.org', '--role', 'agent,auditor', ...origin)
  assert.equal(invited.code, 0, invited.stdout + invited.stderr)
  const link = new URL(invited.last.link)
  assert.equal(link.origin, hub.first.url)
  assert.equal(link.pathname, '/invitation')
  assert.equal((await run('people', 'list')).last.invitations[0].email, 'ann@example.org')
  const accepted = { token: link.hash.slice(1), name: 'Ann', password: 'correct horse battery staple' }
  assert.equal((await post('/invitations/accept', accepted)).status, 200)

  const listed = (await run('people', 'list')).last
  assert.deepEqual(listed.invitations, [])
  assert.deepEqual(
    listed.people.map(({ name, roles }: { name: string; roles: string[] }) => [name, roles]),
    [['Ann', ['agent', 'auditor']]],
  )
  assert.match(
    (await jackfield(['people', 'list'], environment)).stdout,
    /^Ann +ann@example\.org +agent auditor +active/,
  )

  const noRole = await run('people', 'invite', '--email', 'b@example.org', '--role', 'king', ...origin)
  assert.equal(noRole.code, 2)
  const taken = await run('people', 'invite', '--email', 'ANN@example.org', '--role', 'agent', ...origin)
  assert.equal(taken.last.error.code, 'people.exists')

  // Nobody is an administrator yet: there is none to lose.
  assert.equal((await run('people', 'suspend', 'ann@example.org')).last.person.state, 'suspended')
  assert.equal((await run('people', 'activate', listed.people[0].id)).last.person.state, 'active')
  assert.equal((await run('people', 'suspend', 'nobody@example.org')).code, 2)

  const signIn = await run('sign-in', ...origin)
  assert.equal((await post('/session', { token: new URL(signIn.last.signIn).hash.slice(1) })).status, 200)
  const anns = await run('sign-in', '--person', 'Ann@Example.org', ...origin)
  const session = await post('/session', { token: new URL(anns.last.signIn).hash.slice(1) })
  assert.equal(((await session.json()) as { name: string }).name, 'Ann')
  const unknown = await run('sign-in', '--person', 'nobody@example.org', ...origin)
  assert.equal(unknown.last.error.code, 'resource.not_found')
})
