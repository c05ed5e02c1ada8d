import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Phase, Victim } from './phases.ts'
import { withClient } from './postgres.ts'
import { type Running, until } from './processes.ts'
import { setSchedule } from './quiesce.ts'
import type { Chance } from './random.ts'
import { putOn, struck, struckOut, vendorFaults } from './vendor-faults.ts'
import type { World } from './world.ts'

export interface BlowOrder {
  world: World
  victim: Victim
  strike: string
  chance: Chance
  /** How long a stop lasts. */
  stopMs: number
}

export interface StrikeOrder extends BlowOrder {
  phase: Phase
  connection: string
}

/** Carries a strike out, from the blow to where the victim could work again. */
export const strike = (order: StrikeOrder): Promise<void> =>
  strikeAt(order, { leases: leaseOf[order.phase], vendor: () => strikeVendor(order) })

/** `leases`: of the work that is to be struck, as a condition on leases. */
export async function strikeAt(
  order: BlowOrder,
  { leases, vendor }: { leases: string; vendor: () => Promise<void> },
): Promise<void> {
  if (order.victim === 'crm') return vendor()
  if (order.victim === 'postgres') return strikeDatabase(order)
  return strikeProcess(order, order.victim === 'hub' ? order.world.door() : await holderOf(order, leases))
}

async function strikeProcess({ world, strike: name, chance, stopMs }: BlowOrder, victim: Running): Promise<void> {
  if (name === 'stop') {
    victim.signal('SIGSTOP')
    await wait(stopMs)
    victim.signal('SIGCONT')
    return
  }
  if (name === 'stop in mid-transaction') return stopInMidTransaction(world, victim, stopMs)
  if (name === 'hang and kill') {
    world.postgres.freeze()
    await wait(chance.whole(600, 2_000))
  }
  victim.signal('SIGKILL')
  await victim.gone
  world.postgres.thaw()
  await wait(chance.whole(0, 1_000))
}

/**
 * The worker sleeps while one of its statements is being carried out, and its sessions sleep with it, so that the database
 * does not end the transaction: on waking all of it goes on as if no time had passed.
 */
async function stopInMidTransaction({ postgres }: World, victim: Running, stopMs: number): Promise<void> {
  const sessions = await withClient(await postgres.url(), (client) => catchWriting(client, victim.pid))
  victim.signal('SIGSTOP')
  await wait(stopMs)
  signalAll(sessions, 'SIGCONT')
  victim.signal('SIGCONT')
}

const SESSIONS = `select a.pid, a.state = 'active' and a.backend_xid is not null as writing
  from pg_stat_activity a join torture.process p on p.who = a.usename where p.pid = $1`
const mostTries = 400

/** The sessions of a worker, stopped at a moment when one of them writes; after many tries, at any moment. */
async function catchWriting(client: pg.Client, worker: number): Promise<number[]> {
  for (let tries = 1; ; tries += 1) {
    const pids = (await client.query<{ pid: number }>(SESSIONS, [worker])).rows.map(({ pid }) => pid)
    signalAll(pids, 'SIGSTOP')
    const { rows } = await client.query<{ writing: boolean }>(SESSIONS, [worker])
    if (tries === mostTries || rows.some(({ writing }) => writing)) return pids
    signalAll(pids, 'SIGCONT')
    await wait(5)
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself.
    }
  }
}

/** Leases of the work that a phase is measured by. */
const leaseOf: Record<Phase, string> = {
  'initial sync': `name in (select 'sync:' || id from jackfield.synced_table where entity = 'contact')`,
  'incremental sync': `name like 'sync:%'`,
  hints: `name like 'hints:%'`,
  'write-back': `name like 'outbox:%'`,
}

/** The worker that does the phase's work now: another one would hardly be missed. */
async function holderOf({ world, chance }: BlowOrder, leases: string): Promise<Running> {
  const url = await world.postgres.url()
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const pids = await withClient(url, async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        `select substring(holder from '[0-9]+$')::integer as pid from jackfield.lease
          where ${leases} and until > clock_timestamp()`,
      )
      return rows.map((row) => row.pid)
    })
    const holder = world.workers().find((worker) => pids.includes(worker.pid))
    if (holder) return holder
    await wait(50)
  }
  return chance.pick(world.workers())
}

async function strikeDatabase({ world, strike: name, chance, stopMs }: BlowOrder): Promise<void> {
  const { postgres } = world
  switch (name) {
    case 'kill':
      await postgres.kill()
      return wait(chance.whole(0, 3_000))
    case 'stop':
      postgres.freeze()
      await wait(stopMs)
      return postgres.thaw()
    case 'hang and kill':
      postgres.freeze()
      await wait(chance.whole(1_500, 4_000))
      await postgres.kill()
      return wait(chance.whole(0, 1_500))
    default:
      return stutter(world, chance)
  }
}

/** For some seconds single sessions stop in the middle of what they do: transactions commit in another order than they began. */
async function stutter({ postgres }: World, chance: Chance): Promise<void> {
  for (const end = performance.now() + 8_000; performance.now() < end; ) {
    await postgres.jolt(chance, chance.whole(40, 250))
    await wait(chance.whole(5, 30))
  }
}

async function strikeVendor({ world, strike: name, phase, chance, connection }: StrikeOrder): Promise<void> {
  const { control, api, subject } = world
  const isAudit = name === 'broken enumeration'
  const faults = isAudit
    ? [await subject.brokenList(control, chance)]
    : vendorFaults({ subject, strike: name, phase, chance })
  const ids = await putOn(control, faults)
  const isLong = name === 'overtaken passes'
  // Passes run beside the pushes: what a pass read may be gone, and settled as gone, before its answer has arrived. Not
  // every pass meets such a row.
  if (isLong) await setSchedule(world, connection, 1)
  if (isAudit) await api.insist('POST', '/audits', { connection, entity: 'contact', repair: true })
  await until(`the vendor fault '${name}' strikes`, 60, async () =>
    isLong ? struckOut(control, ids) : (await struck(control, ids)) === ids.length,
  )
  await wait(2_000)
}
