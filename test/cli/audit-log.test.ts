import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPool } from '#database/pool.ts'
import { testDatabase } from '../support/database.ts'
import { until } from '../support/hub.ts'
import { jackfield, newFolder, startJackfield } from './command-line.ts'

test('a hub killed in the middle of an act leaves it begun; the log is listed, proven and exported without a hub', async (t) => {
  // Takes calls and never answers.
  const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.after(async () => void silent.close())
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`
  const data = await newFolder(t)
  const { url } = await testDatabase(t)
  const environment = { DATABASE_URL: url, JACKFIELD_DATA: data, JACKFIELD_ALLOW_HOSTS: host }
  const run = (...args: string[]) => jackfield(args, environment)

  const { key } = (await run('key', 'create', '--scope', 'all', '--json')).last
  const hub = await startJackfield(t, ['serve', '--port', '0', '--json'], environment)
  const pool = createPool({ url, max: 1, name: 'test' })
  t.after(() => pool.end())
  const body = {
    ...{ crm: 'dynamics', url: `http://${host}`, name: 'Silent' },
    authentication: { settings: { authority: `http://${host}`, tenant: 't', clientId: 'c' }, secret: 'kept-to-itself' },
  }
  const asking = fetch(`${hub.first.url}/api/v1/connections/check`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => null)
  await until(async () => (await pool.query(`select from jackfield.act where act = 'connection.try'`)).rowCount)
  await hub.stop('SIGKILL')
  await asking

  const listed = await run('audit-log', 'list', '--act', 'connection.try', '--json')
  assert.equal(listed.code, 0, listed.stderr)
  assert.deepEqual(
    listed.last.acts.map(({ outcome }: { outcome: string }) => outcome),
    ['begun'],
  )
  assert.match((await run('audit-log', 'list')).stdout, /connection\.try +begun, no outcome known/)

  const { code, last: verified } = await run('audit-log', 'verify', '--json')
  assert.deepEqual([code, verified.ok], [0, true], JSON.stringify(verified))
  assert.equal((await run('audit-log', 'verify', '--head', 'ab'.repeat(32))).code, 3)

  const file = join(data, 'acts.ndjson')
  const exported = await run('audit-log', 'export', '--format', 'ndjson', '--out', file)
  assert.equal(exported.code, 0, exported.stderr)
  const acts = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.ok(acts.some(({ act, actor }) => act === 'key.create' && actor.kind === 'operator'))
  assert.notEqual((await run('audit-log', 'export', '--out', file)).code, 0, 'a file that is there stays as it is')
  assert.match((await run('audit-log', 'export', '--act', 'key.create')).stdout, /^"time",/)

  const { id } = listed.last.acts[0]
  await pool.query('update jackfield.act set actor_id = $2 where id = $1', [id, 'somebody'])
  const after = await run('audit-log', 'verify', '--json')
  assert.equal(after.code, 3)
  assert.ok(after.last.findings.some((finding: { id: string }) => finding.id === id))
})
