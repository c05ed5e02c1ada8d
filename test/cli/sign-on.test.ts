import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startIssuer } from '../sign-on/invented-issuer.ts'
import { testDatabase } from '../support/database.ts'
import { jackfield, newFolder } from './command-line.ts'

test('Providers are tried, added, listed and removed by the operator of the machine', async (t) => {
  const { url } = await testDatabase(t)
  const issuer = await startIssuer(t)
  const folder = await newFolder(t)
  const environment = { DATABASE_URL: url, JACKFIELD_DATA: folder, JACKFIELD_ALLOW_HOSTS: issuer.host }
  const run = (...args: string[]) => jackfield(['sign-on', ...args, '--json'], environment)
  // Makes the master key, as `key create` does.
  assert.equal((await jackfield(['key', 'create', '--scope', 'all'], environment)).code, 0)

  const wrong = await run('test', '--issuer', `${issuer.url}/wrong`)
  assert.equal(wrong.code, 1)
  assert.equal(wrong.last.check.steps[0].state, 'failed')
  assert.equal((await run('test', '--issuer', issuer.url)).code, 0)
  const neither = await run('test')
  assert.equal(neither.code, 2, neither.stdout + neither.stderr)

  const secretFile = join(folder, 'secret.txt')
  await writeFile(secretFile, 'a secret of the tests\n')
  const settings = ['--issuer', issuer.url, '--client-id', 'x', '--client-secret-file', secretFile]
  const groups = ['--group-claim', 'groups', '--group', 'CN=desk=Agent', '--group', 'leads=supervisor']
  const added = await run('add', 'own', ...settings, ...groups, '--origin', 'https://hub.example')
  assert.equal(added.code, 0, added.stdout + added.stderr)
  const { provider } = added.last
  assert.equal(provider.callbackUrl, 'https://hub.example/api/v1/sign-on/own/callback')
  assert.equal(provider.hasSecret, true)
  assert.deepEqual(provider.groups, [
    { group: 'CN=desk', role: 'agent' },
    { group: 'leads', role: 'supervisor' },
  ])
  assert.equal(
    (await run('add', 'own', ...settings, '--origin', 'https://hub.example')).last.error.code,
    'sign_on.name_taken',
  )
  assert.equal((await run('add', 'two', ...settings, '--group', 'desk=king')).code, 2)

  assert.equal((await run('list')).last.providers[0].id, 'own')
  assert.equal((await run('test', 'own')).code, 0)
  assert.deepEqual((await run('remove', 'own')).last, { removed: 'own' })
  assert.equal((await run('test', 'own')).last.error.code, 'resource.not_found')
})
