import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { feedChange, longTransaction } from '../support/held-feed.ts'
import { until } from '../support/hub.ts'
import { jackfield, newFolder, startJackfield } from './command-line.ts'

async function organisation(t: TestScope) {
  const simulator = await startDynamics({ port: 0, records: 30, seed: 3, protection: false })
  t.after(() => simulator.close())
  return simulator
}

/** A database and a data folder of its own, with a simulated organisation that may be called. */
async function place(t: TestScope) {
  const simulator = await organisation(t)
  const data = await newFolder(t)
  const { url } = await testDatabase(t)
  const environment = {
    DATABASE_URL: url,
    JACKFIELD_DATA: data,
    JACKFIELD_ALLOW_HOSTS: new URL(simulator.url).host,
  }
  const secretFile = join(data, 'secret')
  await writeFile(secretFile, `${simulator.clientSecret}\n`)
  const connectArgs = [
    ...['connect', 'dynamics', '--url', `${simulator.url}/main.aspx?appid=1`, '--authority', simulator.authority],
    ...['--tenant', simulator.tenant, '--client-id', simulator.clientId, '--client-secret-file', secretFile],
  ]
  return { simulator, environment, connectArgs, data }
}

test('Without a running hub: connect, copy, look up, audit, write and look at all of it', async (t) => {
  const { simulator, environment, connectArgs } = await place(t)
  const run = (...args: string[]) => jackfield(args, environment)

  const connected = await run(...connectArgs, '--name', 'Contoso', '--json')
  assert.equal(connected.code, 0, connected.stderr + connected.stdout)
  assert.match(connected.last.connection, /^[0-9a-f-]{36}$/)
  const again = await run(...connectArgs)
  assert.equal(again.code, 1)
  assert.match(again.stderr, /already/i)

  const synced = await run('sync', 'Contoso', '--wait', '--json')
  assert.equal(synced.code, 0, synced.stderr + synced.stdout)
  const rows = (await (await fetch(`${simulator.control}/dump?entity=contact`)).text()).trim().split('\n')
  const live = rows.map((row) => JSON.parse(row)).filter((row) => row.entity === 'contact' && !row.deleted)
  assert.equal(synced.last.synced.contact, live.length)
  assert.ok(synced.last.synced.account > 0)

  const status = await run('status', '--json')
  assert.equal(status.code, 0)
  assert.equal(
    status.last.connections[0].tables.find((table: { entity: string }) => table.entity === 'contact').counts.records,
    live.length,
  )
  const shown = await run('status')
  assert.match(shown.stdout, /Contoso .*: active/)
  assert.match(shown.stdout, /Nothing needs a person/)

  const name = live.map((row) => row.fields.lastname as string).find((one) => /^[A-Z][a-z]{3,}$/.test(one))!
  const found = await run('lookup', '--name', name, '--json')
  assert.ok(found.last.matches.length > 0, `${name}: ${found.stdout}`)
  const none = await run('lookup', '+999 1234567')
  assert.equal(none.code, 0)
  assert.match(none.stdout, /No record has the number/)

  const audited = await run('audit', 'Contoso', '--repair', '--json')
  assert.equal(audited.code, 0, audited.stdout)
  assert.equal(audited.last.differences, 0)
  assert.equal(audited.last.audited.contact.held, live.length)
  const reindexed = await run('reindex', connected.last.connection.slice(0, 8), '--table', 'contact', '--json')
  assert.equal(reindexed.last.tables[0].seen, live.length)

  const args = [
    '--connection',
    'Contoso',
    '--table',
    'contact',
    '--field',
    'lastname=Neumann',
    '--field',
    'statecode=0',
  ]
  const written = await run('write', 'create', ...args.slice(0, 6), '--wait', '--json')
  assert.equal(written.code, 0, written.stdout)
  assert.equal(written.last.write.state, 'done')
  const refused = await run(
    'write',
    'update',
    '--connection',
    'Contoso',
    '--table',
    'contact',
    '--id',
    written.last.write.sourceId,
    '--field',
    'no_such_field=1',
  )
  assert.equal(refused.code, 1)
  assert.match(refused.stderr, /no_such_field/)
})

test('A running hub is spoken to over its address, with a key of the right scope', async (t) => {
  const { simulator, environment, connectArgs } = await place(t)
  const hub = await startJackfield(t, ['serve', '--port', '0', '--json'], environment)
  assert.deepEqual(Object.keys(hub.first).sort(), ['pid', 'signIn', 'url'])
  assert.equal(hub.first.pid, hub.pid)
  assert.ok(hub.first.signIn.startsWith(`${hub.first.url}/sign-in#`))

  const second = await jackfield(['serve', '--port', new URL(hub.first.url).port, '--json'], environment)
  assert.equal(second.code, 1)
  assert.match(second.last.error.message, /is taken/)

  const made = await jackfield(
    ['key', 'create', '--scope', 'manage:connections', 'manage:sync,read:status', '--json'],
    environment,
  )
  assert.equal(made.code, 0, made.stderr)
  assert.match(made.last.key, /^jf_/)
  const over = { JACKFIELD_URL: hub.first.url, JACKFIELD_KEY: made.last.key }
  const connected = await jackfield([...connectArgs, '--json'], over)
  assert.equal(connected.code, 0, connected.stdout)
  const synced = await jackfield(['sync', connected.last.connection, '--wait', '--json'], over)
  assert.ok(synced.last.synced.contact > 0, synced.stdout)
  const denied = await jackfield(['lookup', 'someone', '--json'], over)
  assert.equal(denied.code, 1)
  assert.equal(denied.last.error.code, 'auth.denied')

  const listed = await jackfield(['key', 'list', '--json'], environment)
  const { id } = listed.last.keys[0]
  assert.equal((await jackfield(['key', 'revoke', id], environment)).code, 0)
  await simulator.close()
  assert.equal(await hub.stop(), 0)
  const gone = await jackfield(['status', '--json'], over)
  assert.equal(gone.code, 4)
  assert.equal(gone.last.error.code, 'hub.unreachable')
})

test('Exit codes tell scripts what happened', async (t) => {
  const data = await newFolder(t)
  const { url } = await testDatabase(t)
  const environment = { DATABASE_URL: url, JACKFIELD_DATA: data }
  const code = async (args: string[], more: Record<string, string> = {}) =>
    (await jackfield(args, { ...environment, ...more })).code
  assert.equal(await code(['status'], { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' }), 4)
  assert.equal(await code(['status'], { JACKFIELD_PORT: 'many' }), 1)
  const wrongKey = { JACKFIELD_MASTER_KEY: 'f'.repeat(64) }
  assert.equal(await code(['status']), 0)
  const refused = await jackfield(['status', '--json'], { ...environment, ...wrongKey })
  assert.equal(refused.code, 1)
  assert.equal(refused.last.error.code, 'secret.key_wrong')
  assert.ok(refused.last.error.mend)
})

test('What needs a person makes status end with 3', async (t) => {
  const { environment, connectArgs, simulator } = await place(t)
  const { last } = await jackfield([...connectArgs, '--json'], environment)
  await simulator.close()
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: environment.DATABASE_URL })
  await client.connect()
  const problem = { code: 'authentication.secret_expired', message: 'The secret is over', since: new Date(), checks: 0 }
  await client.query(`update jackfield.connection set state = 'needs_attention', problem = $2 where id = $1`, [
    last.connection,
    problem,
  ])
  await client.end()
  const status = await jackfield(['status'], environment)
  assert.equal(status.code, 3)
  assert.match(status.stdout, /The secret is over/)
  const waiting = await jackfield(['sync', last.connection, '--wait', '--json'], environment)
  assert.equal(waiting.code, 1)
  assert.equal(waiting.last.error.code, 'connection.not_ready')
})

test('Whose transaction holds the change feed back is told by status and doctor', async (t) => {
  const { url } = await testDatabase(t)
  const environment = { DATABASE_URL: url, JACKFIELD_DATA: await newFolder(t) }
  const long = await longTransaction(url)
  const told = new RegExp(
    `wait for a long transaction .*: process ${long.pid} \\(nightly report, user ${long.user}\\)\\.`,
  )
  // The oldest of the cluster is named, and all of them hold the feed back: one of another test's may come before and after.
  const says = (...args: string[]) =>
    until(async () => {
      const said = await jackfield(args, environment)
      return told.test(said.stdout) && said
    })
  try {
    await feedChange(url, 90)
    await says('status')
    assert.equal((await says('doctor')).code, 1)
  } finally {
    await long.end()
  }
  await until(async () => (await jackfield(['doctor'], environment)).code === 0)
})
