import { randomUUID } from 'node:crypto'
import type { Lane } from '#connectors/call.ts'
import type { Clock } from '#core/clock.ts'
import type { Pool } from '#database/pool.ts'

/** A call that may have to wait for the quota. */
export interface Wait {
  /** It waits until then, in milliseconds since the epoch. */
  until(time: number): void
  end(): void
}

/** Calls of this process that wait, told to all processes so that a page can show them. */
export interface WaitingList {
  begin(authenticationId: string, lane: Lane): Wait
}

/** Told at most so often, whatever comes and goes in between. */
const tellEveryMs = 500

interface Group {
  authenticationId: string
  lane: Lane
  /** By wait, until when. */
  waits: Map<symbol, number>
}

export function createWaitingList(pool: Pool, clock: Clock): WaitingList {
  const waiter = randomUUID()
  const groups = new Map<string, Group>()
  let timer: NodeJS.Timeout | undefined

  async function tell(): Promise<void> {
    timer = undefined
    const all = [...groups.values()]
    for (const [key, group] of groups) if (group.waits.size === 0) groups.delete(key)
    await pool.query({ ...TELL, values: [waiter, JSON.stringify(all.map((group) => shownGroup(group, clock.now())))] })
  }

  const tellSoon = () => {
    // What is only looked at must fail no call and keep no process alive.
    if (timer === undefined) timer = setTimeout(() => void tell().catch(() => undefined), tellEveryMs).unref()
  }

  return {
    begin(authenticationId, lane) {
      const key = `${authenticationId} ${lane}`
      const own = Symbol()
      return {
        until(time) {
          const group = groups.get(key) ?? { authenticationId, lane, waits: new Map() }
          groups.set(key, group)
          group.waits.set(own, time)
          tellSoon()
        },
        end() {
          if (groups.get(key)?.waits.delete(own)) tellSoon()
        },
      }
    },
  }
}

function shownGroup({ authenticationId, lane, waits }: Group, now: number) {
  const untilAt = new Date(Math.max(now, ...waits.values())).toISOString()
  return { authentication_id: authenticationId, lane, count: waits.size, until_at: untilAt }
}

const TELL = {
  name: 'quota-waiting-tell',
  text: `with given as (
      select * from jsonb_to_recordset($2::jsonb) as g(authentication_id uuid, lane text, count int, until_at timestamptz)),
    gone as (delete from jackfield.quota_waiting w where w.seen_at < clock_timestamp() - interval '1 hour'
      or (w.waiter = $1 and exists (select from given g
        where g.authentication_id = w.authentication_id and g.lane = w.lane and g.count = 0)))
    insert into jackfield.quota_waiting (authentication_id, waiter, lane, count, until_at, seen_at)
      select authentication_id, $1, lane, count, until_at, clock_timestamp() from given where count > 0
      on conflict (authentication_id, waiter, lane) do update
        set count = excluded.count, until_at = excluded.until_at, seen_at = excluded.seen_at`,
}
