import { setTimeout as wait } from 'node:timers/promises'
import type { Phase, Victim } from './plan.ts'
import { withClient } from './postgres.ts'
import { type Running, until } from './processes.ts'
import type { Chance } from './random.ts'
import { brokenList, putOn, struck, vendorFaults } from './vendor-faults.ts'
import type { World } from './world.ts'

export interface StrikeOrder {
  world: World
  victim: Victim
  phase: Phase
  strike: string
  chance: Chance
  /** How long a stop lasts. */
  stopMs: number
  connection: string
}

/** Carries a strike out, from the blow to where the victim could work again. */
export async function strike(order: StrikeOrder): Promise<void> {
  if (order.victim === 'crm') return strikeVendor(order)
  if (order.victim === 'postgres') return strikeDatabase(order)
  const process = order.victim === 'hub' ? order.world.door() : await holderOf(order)
  return strikeProcess(order, process)
}

async function strikeProcess({ world, strike: name, chance, stopMs }: StrikeOrder, victim: Running): Promise<void> {
  if (name === 'stop') {
    victim.signal('SIGSTOP')
    await wait(stopMs)
    victim.signal('SIGCONT')
    return
  }
  if (name === 'hang and kill') {
    world.postgres.freeze()
    await wait(chance.whole(600, 2_000))
  }
  victim.signal('SIGKILL')
  await victim.gone
  world.postgres.thaw()
  await wait(chance.whole(0, 1_000))
}

/** Leases of the work that a phase is measured by. */
const leaseOf: Record<Phase, string> = {
  'initial sync': `name in (select 'sync:' || id from jackfield.synced_table where entity = 'contact')`,
  'incremental sync': `name like 'sync:%'`,
  hints: `name like 'hints:%'`,
  'write-back': `name like 'outbox:%'`,
}

/** The worker that does the phase's work now: another one would hardly be missed. */
async function holderOf({ world, phase, chance }: StrikeOrder): Promise<Running> {
  const url = await world.postgres.url()
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const pids = await withClient(url, async (client) => {
      const { rows } = await client.query<{ pid: number }>(
        `select substring(holder from '[0-9]+$')::integer as pid from jackfield.lease
          where ${leaseOf[phase]} and until > clock_timestamp()`,
      )
      return rows.map((row) => row.pid)
    })
    const holder = world.workers().find((worker) => pids.includes(worker.pid))
    if (holder) return holder
    await wait(50)
  }
  return chance.pick(world.workers())
}

async function strikeDatabase({ world, strike: name, chance, stopMs }: StrikeOrder): Promise<void> {
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
  const { control, api } = world
  const isAudit = name === 'broken enumeration'
  const faults = isAudit ? [await brokenList(control, chance)] : vendorFaults(name, phase, chance)
  const ids = await putOn(control, faults)
  if (isAudit) await api.insist('POST', '/audits', { connection, entity: 'contact', repair: true })
  await until(`the vendor fault '${name}' strikes`, 60, async () => (await struck(control, ids)) === ids.length)
  await wait(2_000)
}
