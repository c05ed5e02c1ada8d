import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { findEmbedded } from '#database/embedded.ts'
import { clusterData } from '#database/embedded-cluster.ts'
import { findPostmaster } from '#database/embedded-postmaster.ts'
import { createPool } from '#database/pool.ts'
import type { TestScope } from '../support/database.ts'
import { type HubProcess, last, type Reply, until } from '../support/processes.ts'
import { type ConnectedHub, connectedHub, copied, differences, pushSecret } from './connected-hub.ts'

/** Pushes of the organisation as they come to the door, and those that were acknowledged. */
interface Pushes {
  acknowledged: string[]
  refused: Map<number, number>
  push(): Promise<Reply>
  /** Pushes all the time, a few at once. */
  flow(): { stop(): Promise<void> }
}

async function pushesTo(t: TestScope, { hub, crm, connection, organisation }: ConnectedHub): Promise<Pushes> {
  const secret = await pushSecret({ crm })
  const acknowledged: string[] = []
  const refused = new Map<number, number>()
  const push = async () => {
    const id = randomUUID()
    const body = JSON.stringify({
      OrganizationId: organisation,
      CorrelationId: randomUUID(),
      PrimaryEntityName: 'contact',
      PrimaryEntityId: id,
      MessageName: 'Update',
      OperationCreatedOn: '/Date(1700000000000)/',
    })
    const path = `/hooks/crm/${connection}?code=${encodeURIComponent(secret)}`
    const reply = await hub.ask(path, { key: null, method: 'POST', body })
    if (reply.status === 202) acknowledged.push(id)
    else refused.set(reply.status, (refused.get(reply.status) ?? 0) + 1)
    return reply
  }
  let going = false
  t.after(async () => {
    going = false
  })
  const flow = () => {
    going = true
    const sender = async () => {
      for (; going; await wait(20)) assertComeBack(await push(), 202, 'a push')
    }
    const senders = Promise.all(Array.from({ length: 4 }, sender))
    // Told by stop().
    senders.catch(() => undefined)
    return {
      stop: async () => {
        going = false
        await senders
      },
    }
  }
  return { acknowledged, refused, push, flow }
}

/** Either well, or an error that says when to come back. */
function assertComeBack({ status, headers, text }: Reply, well: number, what = ''): void {
  if (status === well) return
  assert.equal(status, 503, `${what} ${text}`)
  assert.ok(Number(headers.get('retry-after')) >= 1, `${what} Retry-After ${headers.get('retry-after')}`)
  assert.doesNotMatch(text, /could not (extend|write|open)|No space|ECONN|postgres/i)
}

async function assertKept({ options }: ConnectedHub, { acknowledged }: Pushes): Promise<void> {
  const url = await findEmbedded(options.dataFolder)
  const pool = createPool({ url: url!, max: 1, name: 'test of an outage' })
  // Still to be read back, or read back: the organisation has none of these records, so a tombstone says so.
  const { rows } = await pool.query<{ id: string }>(
    'select source_id as id from jackfield.hint union all select source_id from jackfield.record where deleted_at is not null',
  )
  await pool.end()
  const kept = new Set(rows.map(({ id }) => id))
  assert.deepEqual(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
}

const postmaster = ({ options }: ConnectedHub) => findPostmaster(clusterData(options.dataFolder))!.pid

/** The server and everything that it started. */
function wholeServer(world: ConnectedHub): number[] {
  const root = postmaster(world)
  const parent = (pid: string) => {
    try {
      return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
    } catch {
      return undefined
    }
  }
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return [root, ...all.filter((pid) => parent(pid) === root).map(Number)]
}

const well = (hub: HubProcess) =>
  until('it is ready again', async () => (await hub.ask('/readyz', { key: null })).status === 200)

/** What every door is asked while the database is away. */
const doors = ({ hub, connection }: ConnectedHub, { push }: Pushes): Record<string, () => Promise<Reply>> => ({
  hook: push,
  lookup: () => hub.ask('/api/v1/lookup?name=an'),
  records: () => hub.ask('/api/v1/records?entity=contact'),
  connections: () => hub.ask('/api/v1/connections'),
  ready: () => hub.ask('/readyz', { key: null }),
  write: () => {
    const fields = { lastname: 'Kept or refused' }
    return hub.ask('/api/v1/writes', { json: { operation: 'create', connection, entity: 'contact', fields } })
  },
})

/** A file system of its own that can be filled; null where this user may not mount one. */
function smallDisk(t: TestScope, megabytes: number): { path: string; fill(): void; free(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'jackfield-disk-'))
  let mounted = false
  last(t, async () => {
    if (mounted) execFileSync('umount', ['-l', path])
    rmSync(path, { recursive: true })
  })
  try {
    const options = `size=${megabytes}m,mode=755`
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return null
  }
  mounted = true
  const ballast = join(path, 'ballast')
  return {
    path,
    fill() {
      const file = openSync(ballast, 'w')
      const chunk = Buffer.alloc(64 * 1024)
      try {
        for (;;) writeSync(file, chunk)
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(ballast),
  }
}

const goesOn = ({ acknowledged }: Pushes) => {
  const before = acknowledged.length
  return until('pushes are acknowledged', () => acknowledged.length > before + 20)
}

test('A database that freezes, dies or has no space left is a 503 at each door, and loses nothing acknowledged', async (t) => {
  const disk = smallDisk(t, 220)
  const folder = disk ? { dataFolder: join(disk.path, 'data') } : {}
  const world = await connectedHub(t, { embedded: true, records: 60, ...folder })
  await copied(world)
  const pushes = await pushesTo(t, world)
  const { hub, connection } = world
  const { refused } = pushes

  await t.test('frozen', async (s) => {
    assert.equal((await pushes.push()).status, 202)
    const frozen = wholeServer(world)
    const thaw = () => {
      for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT')
    }
    s.after(thaw)
    for (const pid of frozen) process.kill(pid, 'SIGSTOP')
    const asked = Object.entries(doors(world, pushes)).map(async ([name, ask]) => {
      const reply = await ask()
      assert.equal(reply.status, 503, `${name}: ${reply.text}`)
      assertComeBack(reply, 503, name)
    })
    const figures = hub.ask('/metrics', { key: null })
    await Promise.all(asked)
    assert.match((await figures).text, /process_cpu_seconds_total/)
    thaw()
    await well(hub)
    for (const [name, ask] of Object.entries(doors(world, pushes))) assert.ok((await ask()).status < 300, name)
  })

  await t.test('killed', async () => {
    refused.clear()
    const flow = pushes.flow()
    await goesOn(pushes)
    process.kill(postmaster(world), 'SIGKILL')
    await until('they are refused', () => refused.size > 0)
    await goesOn(pushes)
    await flow.stop()
    assert.deepEqual([...refused.keys()], [503])
    await assertKept(world, pushes)
  })

  await t.test('full', { skip: disk ? false : 'no small file system can be mounted here' }, async () => {
    refused.clear()
    const flow = pushes.flow()
    await goesOn(pushes)
    disk!.fill()
    await until('they are refused', () => refused.size > 0)
    // Work of all kinds is tried meanwhile, more often than there are sessions for it.
    for (let time = 0; time < 15; time++) {
      assertComeBack(await hub.ask('/api/v1/audits', { json: { connection, repair: true } }), 202, 'an audit')
      await wait(200)
    }
    for (const [name, ask] of Object.entries(doors(world, pushes))) {
      assertComeBack(await ask(), name === 'write' || name === 'hook' ? 202 : 200, name)
    }
    disk!.free()
    await goesOn(pushes)
    await flow.stop()
    assert.deepEqual([...refused.keys()], [503])
    await assertKept(world, pushes)
  })

  await well(hub)
  await world.control('/records', { entity: 'contact', operation: 'create', fields: { lastname: 'After all that' } })
  await until('the copy is true again', async () => (await differences(world, 'contact')).length === 0)
})
