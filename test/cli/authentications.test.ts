import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { changeDirectory } from '../../simulators/entra/faults.ts'
import { testDatabase } from '../support/database.ts'
import { jackfield, newFolder } from './command-line.ts'

test('Authentications are made, shared, renamed, mended and removed from the command line', async (t) => {
  const { url: databaseUrl } = await testDatabase(t)
  const simulator = await startDynamics({ records: 10, seed: 3, protection: false })
  t.after(() => simulator.close())
  const { url, authority, clientId } = simulator
  const folder = await newFolder(t)
  const environment = {
    DATABASE_URL: databaseUrl,
    JACKFIELD_DATA: folder,
    JACKFIELD_ALLOW_HOSTS: new URL(url).host,
  }
  const run = (...args: string[]) => jackfield([...args, '--json'], environment)
  const credentials = (...args: string[]) => run('authentication', ...args)
  const secretFile = join(folder, 'secret.txt')
  await writeFile(secretFile, `${simulator.clientSecret}\n`)
  const app = ['--url', url, '--authority', authority, '--client-id', clientId]

  assert.equal((await credentials('add', 'dynamics', '--name', 'App', ...app)).code, 2, 'a secret is needed')
  const added = await credentials('add', 'dynamics', '--name', 'App', ...app, '--client-secret-file', secretFile)
  assert.equal(added.code, 0, added.stdout + added.stderr)
  const { id } = added.last.authentication
  assert.ok(!added.stdout.includes(simulator.clientSecret))

  const connected = await run('connect', 'dynamics', '--url', url, '--authentication', 'App', '--name', 'Contoso')
  assert.equal(connected.code, 0, connected.stdout + connected.stderr)
  const { connection } = connected.last
  const listed = (await credentials('list')).last.authentications
  assert.deepEqual(
    listed.map((one: { id: string; connections: object }) => [one.id, one.connections]),
    [[id, [{ id: connection, name: 'Contoso', state: 'active' }]]],
  )
  assert.equal((await credentials('rename', 'App', 'Service account')).last.authentication.name, 'Service account')
  assert.equal((await credentials('show', id.slice(0, 13))).last.authentication.name, 'Service account')
  assert.equal((await credentials('show', 'App')).code, 2)

  changeDirectory(simulator.simulator.directory, { expireSecrets: true })
  const put = () => credentials('replace-secret', 'Service account', '--secret-file', secretFile)
  assert.equal((await put()).last.error.code, 'authentication.secret_expired')
  await writeFile(secretFile, 'another~secret~of~the~app\n')
  changeDirectory(simulator.simulator.directory, { secret: 'another~secret~of~the~app' })
  const replaced = await put()
  assert.deepEqual([replaced.code, replaced.last.replaced], [0, id])
  assert.equal(replaced.last.connections[0].name, 'Contoso')

  const waiting = await credentials('add', 'dynamics', '--name', 'By a window', ...app, '--window')
  assert.deepEqual([waiting.code, waiting.last.authentication.consent], [0, 'waiting'], waiting.stdout)
  const early = await run('connect', 'dynamics', '--url', url, '--authentication', 'By a window')
  assert.equal(early.code, 1)
  assert.equal((await credentials('remove', 'By a window')).code, 0)

  const refused = await credentials('remove', 'Service account')
  assert.deepEqual([refused.code, refused.last.error.code], [1, 'authentication.in_use'])
  assert.match(refused.last.error.message, /“Contoso”/)
})
