import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isHubError } from '#core/errors.ts'
import { findEmbedded, startEmbedded } from '#database/embedded.ts'
import { clusterData } from '#database/embedded-cluster.ts'
import { sendSignal } from '#database/embedded-postmaster.ts'
import { dataFolder, noProcessIn, postmasterOf, query, startHubProcess, until } from './data-folder.ts'

test('A new data folder gives a durable UTF-8 database on loopback, and keeps its rows over a stop', async (t) => {
  const folder = await dataFolder(t)
  const first = await startEmbedded({ dataFolder: folder })
  assert.equal(first.adopted, false)
  const [settings] = await query(
    first.url,
    `select current_setting('fsync') fsync, current_setting('full_page_writes') pages,
       current_setting('synchronous_commit') commit, current_setting('listen_addresses') listen,
       current_setting('server_encoding') encoding, lower('ÉÑ') lowered, current_database() name`,
  )
  assert.deepEqual(settings, {
    fsync: 'on',
    pages: 'on',
    commit: 'on',
    listen: '127.0.0.1',
    encoding: 'UTF8',
    lowered: 'éñ',
    name: 'jackfield',
  })
  assert.equal(await findEmbedded(folder), first.url)
  await query(first.url, 'create table kept as select 7 as n')
  await first.stop()
  assert.equal(postmasterOf(folder), undefined)
  assert.equal(await findEmbedded(folder), undefined)

  const second = await startEmbedded({ dataFolder: folder })
  assert.equal(second.url, first.url, 'the address stays while its port is free')
  assert.deepEqual(await query(second.url, 'select n from kept'), [{ n: 7 }])
  await second.stop()
  assert.ok(noProcessIn(folder)())
})

test('No password, or a wrong one, does not come in', async (t) => {
  const folder = await dataFolder(t)
  const embedded = await startEmbedded({ dataFolder: folder })
  t.after(() => embedded.stop())
  const url = new URL(embedded.url)
  url.password = 'guess'
  await assert.rejects(query(url.href, 'select 1'), { code: '28P01' })
})

test('Postgres left by a killed hub is adopted, not restarted', async (t) => {
  const folder = await dataFolder(t)
  const hub = startHubProcess(t, folder)
  const { url } = await hub.said
  await query(url, 'create table kept as select 1 as n')
  const postmaster = postmasterOf(folder)
  hub.child.kill('SIGKILL')
  await hub.ended
  assert.equal(postmasterOf(folder), postmaster)

  const next = await startEmbedded({ dataFolder: folder })
  assert.equal(next.adopted, true)
  assert.equal(next.url, url)
  assert.equal(postmasterOf(folder), postmaster)
  assert.deepEqual(await query(next.url, 'select n from kept'), [{ n: 1 }])
  await next.stop()
  assert.equal(postmasterOf(folder), undefined, 'who adopts it also stops it')
})

test('A second hub is refused and told who holds the folder, also while the holder sleeps', async (t) => {
  const folder = await dataFolder(t)
  const hub = startHubProcess(t, folder)
  await hub.said
  const isRefusal = (error: unknown) =>
    isHubError(error, 'database.in_use') &&
    error.message.includes(`process ${hub.pid} on `) &&
    error.message.includes(`hub-of-${hub.pid}`)
  await assert.rejects(startEmbedded({ dataFolder: folder }), isRefusal)
  hub.child.kill('SIGSTOP')
  await assert.rejects(startEmbedded({ dataFolder: folder }), isRefusal)
  hub.child.kill('SIGCONT')
  assert.ok(postmasterOf(folder), 'the refused one leaves the database alone')

  hub.child.kill('SIGTERM')
  await hub.ended
  const next = await startEmbedded({ dataFolder: folder })
  await next.stop()
})

test('Of hubs that start at one instant on a new folder exactly one wins', async (t) => {
  const folder = await dataFolder(t)
  const hubs = Array.from({ length: 3 }, () => startHubProcess(t, folder))
  const said = await Promise.all(hubs.map((hub) => hub.said))
  const winners = said.filter((line) => line.url)
  assert.equal(winners.length, 1)
  for (const line of said) if (!line.url) assert.equal(line.code, 'database.in_use')
  assert.deepEqual(await query(winners[0]!.url, 'select 1 as one'), [{ one: 1 }])
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('postgres.new')),
    [],
  )
})

test('Ctrl-C in the terminal reaches the hub, which stops Postgres itself', async (t) => {
  const folder = await dataFolder(t)
  const hub = startHubProcess(t, folder)
  await hub.said
  process.kill(-hub.pid, 'SIGINT')
  await hub.ended
  assert.ok(noProcessIn(folder)())
  const log = await readFile(join(folder, 'postgres.log'), 'utf8')
  assert.match(log, /database system is shut down/)
})

test('A hub that ends without a stop still leaves no database behind', async (t) => {
  const folder = await dataFolder(t)
  const hub = startHubProcess(t, folder, { mode: '--exit' })
  await hub.said
  await hub.ended
  await until('Postgres ends', noProcessIn(folder))
})

test('A hub killed at any moment of its first start leaves a folder that the next one can use', async (t) => {
  for (const delay of [150, 300, 450, 600, 800, 1000]) {
    await t.test(`after ${delay} ms`, async (t) => {
      const folder = await dataFolder(t)
      const hub = startHubProcess(t, folder)
      hub.said.catch(() => undefined)
      await sleep(delay)
      hub.child.kill('SIGKILL')
      await hub.ended
      const next = await startEmbedded({ dataFolder: folder })
      assert.deepEqual(await query(next.url, 'select 1 as one'), [{ one: 1 }])
      await next.stop()
    })
  }
})

test('What a killed initdb left is swept; a folder without a cluster is refused and kept', async (t) => {
  const folder = await dataFolder(t)
  await mkdir(join(folder, 'postgres.new-1234-0badcafe/cluster/base'), { recursive: true })
  await mkdir(join(folder, 'postgres/cluster'), { recursive: true })
  await writeFile(join(folder, 'postgres/precious'), 'x')
  await chownToRunner(join(folder, 'postgres'))
  await assert.rejects(startEmbedded({ dataFolder: folder }), { code: 'database.folder_unusable' })
  assert.ok((await readdir(join(folder, 'postgres'))).includes('precious'))
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('postgres.new')),
    [],
  )
})

async function chownToRunner(path: string): Promise<void> {
  if (process.getuid?.() === 0) await chown(path, 65_534, 65_534)
}

test('A pid file whose number went to another process does not keep Postgres from starting', async (t) => {
  const folder = await dataFolder(t)
  const first = await startEmbedded({ dataFolder: folder })
  const pidFile = join(clusterData(folder), 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8')
  await first.stop()
  // Any live process of the same user will do, as numbers recur after a container's restart.
  const root = process.getuid?.() === 0
  const other = spawn('sleep', ['600'], { ...(root ? { uid: 65_534, gid: 65_534 } : {}), cwd: '/' })
  t.after(() => sendSignal(other.pid, 'SIGKILL'))
  await writeFile(pidFile, text.replace(/^\d+/, String(other.pid)))
  const next = await startEmbedded({ dataFolder: folder })
  assert.equal(next.adopted, false)
  await next.stop()

  await writeFile(pidFile, '')
  const third = await startEmbedded({ dataFolder: folder })
  await third.stop()
})
