import { waitAtMost } from '#core/time-limit.ts'
import type { Pool } from '#database/pool.ts'
import { createBell } from '#outbox/bell.ts'
import type { DesktopContext } from './context.ts'
import { memorialize } from './memorialize.ts'
import { runMoments } from './run-moments.ts'
import { runWaiting } from './run-waiting.ts'
import { takeEvents } from './take-events.ts'
import { tellEnded } from './tell-ended.ts'

/** Ends wrap-ups that nobody closes, and brings what is over to the outbox. Any number of processes may do so at once. */
export interface DesktopWorker {
  start(): void
  stop(): Promise<void>
  /** Something was told or typed: no need to wait for the next look. */
  wake(): void
}

interface WorkerParts extends DesktopContext {
  /** Something was handed to the outbox. */
  kept(): void
}

const lookEveryMs = 500
/** Looked at together; the next look takes the rest. */
const atOnce = 40
const parallel = 4
const stopWithinMs = 5_000

export function createDesktopWorker(parts: WorkerParts): DesktopWorker {
  const bell = createBell()
  let stopped = false
  let ended: Promise<void> = Promise.resolve()
  const run = async () => {
    while (!stopped) {
      const busy = await turn(parts).catch((error: unknown) => {
        parts.log.warn('interactions wait', { error })
        return false
      })
      if (!busy) await bell.sleep(lookEveryMs)
    }
  }
  return {
    start() {
      ended = run()
    },
    async stop() {
      stopped = true
      bell.ring()
      await waitAtMost(stopWithinMs, ended)
    },
    wake: () => bell.ring(),
  }
}

/** Answers whether there may be more to do at once. */
async function turn(parts: WorkerParts): Promise<boolean> {
  await closeWrapUps(parts)
  await tellEnded(parts.pool).catch((error: unknown) => parts.log.error('ends of writes are not told yet', { error }))
  if ((await runWaiting(parts)) > 0) parts.kept()
  const due = await dueInteractions(parts.pool)
  const waiting = [...due]
  const work = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await oneOf(parts, one)
  }
  await Promise.all(Array.from({ length: parallel }, work))
  if (due.length > 0) parts.kept()
  return due.length === atOnce
}

/** One that cannot be brought now is looked at again later, and keeps no other waiting. */
async function oneOf({ pool, log, ...parts }: WorkerParts, { id, moments }: Due): Promise<void> {
  try {
    if (moments) await runMoments({ ...parts, pool, log }, id)
    else await memorialize({ ...parts, pool, log }, id)
  } catch (error) {
    log.error('an interaction could not be written of yet', { interaction: id, error })
    const column = moments ? 'moments_at' : 'memorialize_at'
    await pool.query(
      `update jackfield.interaction set ${column} = clock_timestamp() + interval '30 seconds' where id = $1`,
      [id],
    )
  }
}

interface Due {
  id: string
  /** Workflows may have to run by themselves; else something is to be written of it. */
  moments: boolean
}

// A workflow's own moment first: what it creates and links is written of.
const DUE = {
  name: 'interactions-due',
  text: `select id, moments_at is not null and moments_at <= clock_timestamp() as moments from jackfield.interaction
    where moments_at <= clock_timestamp() or memorialize_at <= clock_timestamp()
    order by least(moments_at, memorialize_at) limit ${atOnce}`,
}

async function dueInteractions(pool: Pool): Promise<Due[]> {
  return (await pool.query<Due>(DUE)).rows
}

interface OverWrapUp {
  source: string
  interaction: string
  at: Date
}

/** The hub's own event, of the moment at which it was due; a wrap-up that goes on later has another. */
async function closeWrapUps({ pool, log }: WorkerParts): Promise<void> {
  const { rows } = await pool.query<OverWrapUp>({
    name: 'interactions-wrap-up-over',
    text: `select source, external_id as interaction, wrap_up_until as at from jackfield.interaction
      where wrap_up_until <= clock_timestamp() and state <> 'closed' limit ${atOnce}`,
  })
  for (const { at, ...one } of rows) {
    const event = { ...one, at, agent: null, data: {}, scriptVariables: {}, type: 'wrap_up_closed' as const }
    const closing = [{ ...event, id: `hub:wrap-up:${at.toISOString()}` }]
    await takeEvents(pool, closing, { sentBy: 'hub:hub' }).catch(async (error) => {
      log.error('a wrap-up could not be closed yet', { ...one, error })
      await pool.query(
        `update jackfield.interaction set wrap_up_until = clock_timestamp() + interval '30 seconds'
          where source = $1 and external_id = $2`,
        [one.source, one.interaction],
      )
    })
  }
}
