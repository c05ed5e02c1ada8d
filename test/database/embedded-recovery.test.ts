import assert from 'node:assert/strict'
import { stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { startEmbedded } from '#database/embedded.ts'
import { limitLog } from '#database/embedded-log.ts'
import { sendSignal } from '#database/embedded-postmaster.ts'
import { dataFolder, postmasterOf, query, startHubProcess, until } from './data-folder.ts'

test('Postgres killed under load comes back on its address, with every acknowledged row', async (t) => {
  const folder = await dataFolder(t)
  const events: string[] = []
  const embedded = await startEmbedded({
    dataFolder: folder,
    onLost: () => events.push('lost'),
    onBack: () => events.push('back'),
  })
  t.after(() => embedded.stop())
  await query(embedded.url, 'create table entry(n bigint primary key)')
  const load = startLoad(embedded.url)
  for (let round = 1; round <= 3; round++) {
    const before = load.acknowledged.length
    await until('rows are written', () => load.acknowledged.length > before + 50)
    process.kill(postmasterOf(folder)!, 'SIGKILL')
    await until('it is back', () => events.length === round * 2)
  }
  const before = load.acknowledged.length
  await until('rows are written again', () => load.acknowledged.length > before + 50)
  await load.stop()
  const rows = await query<{ n: string }>(embedded.url, 'select n from entry')
  const kept = new Set(rows.map((row) => String(row.n)))
  assert.deepEqual(
    load.acknowledged.filter((n) => !kept.has(n)),
    [],
  )
  assert.deepEqual(events, ['lost', 'back', 'lost', 'back', 'lost', 'back'])
})

/** Four writers of single rows, each its own transaction, that go on through errors as a hub does. */
function startLoad(url: string): { acknowledged: string[]; stop(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 5000 })
  pool.on('error', () => undefined)
  const acknowledged: string[] = []
  let next = 0
  let going = true
  const writer = async () => {
    while (going) {
      const n = String(next++)
      await pool.query('insert into entry values ($1)', [n]).then(
        () => acknowledged.push(n),
        () => undefined,
      )
    }
  }
  const writers = Array.from({ length: 4 }, writer)
  const stop = async () => {
    going = false
    await Promise.all(writers)
    await pool.end()
  }
  return { acknowledged, stop }
}

test('A backend that dies takes the sessions with it, and the claim is taken again', async (t) => {
  const folder = await dataFolder(t)
  let back = 0
  const embedded = await startEmbedded({ dataFolder: folder, onBack: () => back++ })
  t.after(() => embedded.stop())
  const postmaster = postmasterOf(folder)
  const victim = new pg.Client({ connectionString: embedded.url })
  victim.on('error', () => undefined)
  await victim.connect()
  const { rows } = await victim.query<{ pid: number }>('select pg_backend_pid() as pid')
  process.kill(rows[0]!.pid, 'SIGKILL')
  await until('it is back', () => back === 1)
  assert.equal(postmasterOf(folder), postmaster)
  const claims = await query(
    embedded.url.replace('/jackfield?', '/postgres?'),
    `select 1 from pg_locks where locktype = 'advisory' and granted`,
  )
  assert.equal(claims.length, 1)
})

test('Orphans of a dead server keep the folder until they are gone; meanwhile a start waits, and can be given up', async (t) => {
  const folder = await dataFolder(t)
  const hub = startHubProcess(t, folder)
  const { url } = await hub.said
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const orphan = rows[0]!.pid
  t.after(() => sendSignal(orphan, 'SIGKILL'))
  hub.child.kill('SIGKILL')
  await hub.ended
  const postmaster = postmasterOf(folder)!
  process.kill(orphan, 'SIGSTOP')
  process.kill(postmaster, 'SIGKILL')
  await until('the server is dead', () => postmasterOf(folder) === undefined)

  const lines: string[] = []
  const give = new AbortController()
  const log = (line: string) => lines.push(line)
  const first = startEmbedded({ dataFolder: folder, log, signal: give.signal })
  await until('it says why it waits', () => lines.some((line) => line.includes('pre-existing shared memory')))
  give.abort()
  await assert.rejects(first, { name: 'AbortError' })

  lines.length = 0
  const second = startEmbedded({ dataFolder: folder, log })
  await until('it says why it waits', () => lines.some((line) => line.includes('pre-existing shared memory')))
  process.kill(orphan, 'SIGCONT')
  const embedded = await second
  assert.deepEqual(await query(embedded.url, 'select 1 as one'), [{ one: 1 }])
  await embedded.stop()
})

test('A stop while Postgres is being brought back ends both', async (t) => {
  const folder = await dataFolder(t)
  let lost = 0
  const embedded = await startEmbedded({ dataFolder: folder, onLost: () => lost++ })
  process.kill(postmasterOf(folder)!, 'SIGKILL')
  await until('it is lost', () => lost === 1)
  await embedded.stop()
  assert.equal(postmasterOf(folder), undefined)
  const next = await startEmbedded({ dataFolder: folder })
  await next.stop()
})

test('The log of the running server is kept small', async (t) => {
  const folder = await dataFolder(t)
  const embedded = await startEmbedded({ dataFolder: folder })
  t.after(() => embedded.stop())
  const log = join(folder, 'postgres.log')
  await truncate(log, 20 * 1024 * 1024)
  await limitLog(folder)
  assert.equal((await stat(log)).size, 0)
  assert.equal((await stat(`${log}.1`)).size, 20 * 1024 * 1024)
  await query(embedded.url, 'checkpoint')
  await until('it writes on from the start', async () => {
    const { size } = await stat(log)
    return size > 0 && size < 100_000
  })
})
