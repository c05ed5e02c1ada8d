import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { jackfield, newFolder, program, startJackfield } from './command-line.ts'

test('On a bare machine: served on a data folder, used beside, refused to a second, ended whole', async (t) => {
  const data = await newFolder(t)
  const hub = await startJackfield(t, ['serve', '--port', '0', '--data', data, '--json'])
  assert.equal((await fetch(`${hub.first.url}/readyz`)).status, 200)

  const made = await jackfield(['key', 'create', '--scope', 'read:status', '--data', data, '--json'])
  assert.equal(made.code, 0, made.stderr)
  const headers = { authorization: `Bearer ${made.last.key}` }
  assert.equal((await fetch(`${hub.first.url}/api/v1/status`, { headers })).status, 200)

  const second = await jackfield(['serve', '--port', '0', '--data', data, '--json'])
  assert.equal(second.code, 4)
  assert.equal(second.last.error.code, 'database.in_use')
  assert.ok(second.last.error.message.includes(String(hub.pid)), second.last.error.message)
  assert.ok(second.last.error.message.includes(hub.first.url), second.last.error.message)

  const link = await jackfield(['sign-in', '--data', data, '--json'])
  assert.ok(link.last.signIn.startsWith(`${hub.first.url}/sign-in#`))
  const health = await jackfield(['doctor', '--data', data, '--json'])
  assert.equal(health.code, 0, health.stdout)
  const checks = health.last.checks.map((one: { check: string }) => one.check)
  assert.deepEqual(checks, ['node', 'data folder', 'disk', 'database', 'durability', 'master key', 'clock', 'feed'])

  assert.equal(await hub.stop('SIGINT'), 0)
  const alone = await jackfield(['status', '--data', data, '--json'])
  assert.equal(alone.code, 0, alone.stderr)
  assert.deepEqual(alone.last.connections, [])
})

test('The demo copies, tells what it holds, and takes up again where it ended', async (t) => {
  const data = await newFolder(t)
  const args = ['demo', '--port', '0', '--data', data, '--exit-when-synced', '--json']
  const first = await jackfield([...args, '--records', '60', '--seed', '2'])
  assert.equal(first.code, 0, first.stderr)
  assert.deepEqual([first.last.synced.account, first.last.synced.contact], [10, 50])

  const live = await startJackfield(t, ['demo', '--port', '0', '--data', data, '--json'])
  // Where the organisation's port was taken meanwhile it is connected anew, and the steps of that are told first.
  const told = (what: string) => live.lines.map((line) => JSON.parse(line)).find((line) => what in line)
  const until = async (what: string) => {
    while (!told(what)) await new Promise((resolve) => setTimeout(resolve, 100))
    return told(what)
  }
  const { synced } = await until('synced')
  assert.deepEqual([synced.account, synced.contact], [10, 50])
  assert.ok((await until('change')).change.operation)
  assert.equal(await live.stop('SIGINT'), 0)
  const third = await jackfield(args)
  assert.equal(third.code, 0, third.stderr)
})

test('The demo of all CRMs copies each, writes them into one, lives on, and takes all up again', async (t) => {
  const data = await newFolder(t)
  const args = ['demo', '--port', '0', '--data', data, '--json']
  const first = await jackfield([...args, '--crm', 'all', '--records', '60', '--exit-when-synced'])
  assert.equal(first.code, 0, first.stderr)
  const { synced, connections, destination } = first.last
  assert.deepEqual([synced.account, synced.contact], [30, 150])
  const kinds = connections.map((one: { crm: string }) => one.crm)
  assert.deepEqual(kinds, ['dynamics', 'salesforce', 'generic-http'])
  for (const one of connections) assert.deepEqual([one.synced.account, one.synced.contact], [10, 50], one.name)
  assert.deepEqual([destination.written, destination.parked], [120, 0])

  // Which CRMs there are is not told again.
  const live = await startJackfield(t, args)
  const changed = () =>
    new Set(live.lines.map((line) => JSON.parse(line)).flatMap(({ change }) => (change ? [change.connectionId] : [])))
  while (changed().size < 3) await new Promise((resolve) => setTimeout(resolve, 100))
  const { code, last } = await jackfield(['status', '--data', data, '--json'])
  assert.equal(code, 0)
  assert.equal(await live.stop('SIGINT'), 0, live.stderr())
  for (const { url } of last.connections) assert.equal(await fetch(url).catch(() => null), null, 'all ends with it')

  const one = await jackfield([...args, '--crm', 'salesforce', '--exit-when-synced'])
  assert.equal(one.code, 0, one.stderr)
  assert.equal(one.last.connections.length, 1)
})

test('The demo ends whole when its terminal is closed, when nobody reads it, and but for the database when killed', async (t) => {
  const data = await newFolder(t)
  const args = ['demo', '--port', '0', '--data', data, '--records', '60', '--json']
  const closed = await startJackfield(t, args)
  assert.equal(await closed.stop('SIGHUP'), 0, closed.stderr())
  assert.ok(!existsSync(join(data, 'holder.json')))

  const piped = spawn('sh', ['-c', '"$@" | head -n 1', 'sh', process.execPath, program, ...args.slice(0, -1)])
  const said = text(piped.stderr)
  piped.stdout.resume()
  await once(piped, 'close')
  assert.doesNotMatch(await said, /EPIPE/)
  assert.ok(!existsSync(join(data, 'holder.json')))

  const killed = await startJackfield(t, args)
  const { url } = (await jackfield(['status', '--data', data, '--json'])).last.connections[0]
  await killed.stop('SIGKILL')
  while (await fetch(url).catch(() => null)) await new Promise((resolve) => setTimeout(resolve, 50))
  // Ends the database too.
  assert.equal((await jackfield(['status', '--data', data, '--json'])).code, 0)
})

test('A simulator started by the command line says where it is, and ends when it is told', async (t) => {
  const simulator = await startJackfield(t, [
    'simulate',
    'dynamics',
    '--port',
    '0',
    '--records',
    '20',
    '--seed',
    '1',
    '--json',
  ])
  for (const key of ['url', 'authority', 'tenant', 'clientId', 'clientSecret', 'control']) {
    assert.equal(typeof simulator.first[key], 'string', key)
  }
  assert.equal((await fetch(`${simulator.first.control}/requests`)).status, 200)
  assert.equal(await simulator.stop(), 0)
  await assert.rejects(fetch(`${simulator.first.control}/requests`))
})
