import type { Pool } from '#database/pool.ts'

const minutes = 30
/** However many pages are open, the feed's last half hour is counted this often. */
const maxAgeMs = 10_000

const LATELY = {
  name: 'status-lately',
  text: `select t.connection_id as id, floor(extract(epoch from now() - f.at) / 60)::int as ago, count(*)::int as changes
    from jackfield.change f join jackfield.synced_table t on t.id = f.table_id
    where f.at > now() - make_interval(mins => ${minutes}) group by 1, 2`,
}

type Lately = Map<string, number[]>
const counted = new WeakMap<Pool, { at: number; lately: Promise<Lately> }>()

/** How many changes came in during each of the last minutes, by connection, the oldest minute first. */
export async function changesLately(pool: Pool): Promise<Lately> {
  const known = counted.get(pool)
  const now = performance.now()
  if (known && now - known.at < maxAgeMs) return known.lately
  const lately = count(pool)
  counted.set(pool, { at: now, lately })
  // A count that failed is not kept: the next page asks again.
  lately.catch(() => counted.delete(pool))
  return lately
}

export const noneLately = (): number[] => Array.from({ length: minutes }, () => 0)

async function count(pool: Pool): Promise<Lately> {
  const { rows } = await pool.query<{ id: string; ago: number; changes: number }>(LATELY)
  const lately: Lately = new Map()
  for (const { id, ago, changes } of rows) {
    const series = lately.get(id) ?? noneLately()
    // A change that is stamped a little ahead counts as now.
    const place = minutes - 1 - Math.min(minutes - 1, Math.max(0, ago))
    series[place] = (series[place] ?? 0) + changes
    lately.set(id, series)
  }
  return lately
}
