import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pool } from '#database/pool.ts'
import { createPool } from '#database/pool.ts'
import type { TestScope } from '../support/database.ts'
import { connectByCli, type HubProcess, makeKey, serve, until } from '../support/processes.ts'
import { type ConnectedHub, copied, differences, openWorld, withKey } from './connected-hub.ts'

/** The promise is 15 s; a machine that runs many tests at once may be late, but never by its double. */
const takeOverMs = 30_000

interface Company extends ConnectedHub {
  workers: HubProcess[]
  pool: Pool
}

/** One process with the doors, two that work, one database. */
async function company(t: TestScope): Promise<Company> {
  const world = await openWorld(t, { records: 120 })
  const { crm, options } = world
  const web = await serve(t, { ...options, role: 'web' })
  const environment = { ...options.environment, JACKFIELD_PUBLIC_URL: web.url }
  const [key, ...workers] = await Promise.all([
    makeKey(options, 'all'),
    serve(t, { ...options, environment, role: 'work' }),
    serve(t, { ...options, environment, role: 'work' }),
  ])
  const hub = withKey(web, key)
  const pool = createPool({ url: options.databaseUrl!, max: 2, name: 'test of many processes' })
  t.after(() => pool.end())
  await world.control('/faults', { kind: 'latency', ms: 1000, times: 12, on: ['page'] })
  const connected = await connectByCli(options, crm)
  assert.equal(connected.code, 0, connected.stdout + connected.stderr)
  return { ...world, hub, key, pool, workers, ...connected.json }
}

/** Who holds a piece of work just now, by its process number. */
async function holders(pool: Pool, like: string): Promise<number[]> {
  const { rows } = await pool.query<{ holder: string }>(
    `select holder from jackfield.lease where name like $1 and until > clock_timestamp()`,
    [like],
  )
  return rows.map(({ holder }) => Number(holder.split(':').at(-1)))
}

/** Begins to read every contact again, slowly, and answers whose work it is. */
async function slowPass({
  hub,
  control,
  connection,
  pool,
  workers,
}: Company): Promise<{ run: string; by: HubProcess }> {
  await control('/faults', { kind: 'latency', ms: 10_000, times: 1, on: ['page'], match: '/contacts' })
  const { json } = await hub.ask('/api/v1/runs', { json: { connection, entity: 'contact', kind: 'full' } })
  const run: string = json.runs[0].id
  const { rows } = await pool.query<{ id: number }>(`select id from jackfield.synced_table where entity = 'contact'`)
  const by = await until('somebody waits for the page', async () => {
    const { faults } = (await control('/faults', undefined, 'GET')) as { faults: unknown[] }
    const [pid] = await holders(pool, `sync:${rows[0]!.id}`)
    return faults.length === 0 && workers.find((worker) => worker.pid === pid)
  })
  return { run, by }
}

const ended = ({ hub }: Company, run: string) =>
  until(
    'the other worker takes it over and ends it',
    async () => (await hub.ask(`/api/v1/runs/${run}`)).json.state === 'done',
    takeOverMs,
  )

test('Workers share the work, take over what a dead or sleeping one held, and its waking does no harm', async (t) => {
  const all = await company(t)
  const { workers, pool, control } = all

  await t.test('both work at once, and a worker has no doors but those for machines', async () => {
    await until('both hold work', async () => new Set(await holders(pool, 'sync:%')).size === 2)
    await copied(all)
    const [worker] = workers
    assert.equal((await worker!.ask('/readyz', { key: null })).status, 200)
    assert.equal((await worker!.ask('/api/v1/status', { key: all.key })).status, 404)
    const push = await until(
      'the push is registered',
      async () => (await all.hub.ask(`/api/v1/connections/${all.connection}`)).json.webhook,
    )
    assert.equal(new URL(push.url).origin, all.hub.url)
  })

  await t.test('a sleeper’s work is taken over while it sleeps', async () => {
    const { run, by } = await slowPass(all)
    by.signal('SIGSTOP')
    const rows = (await all.hub.ask('/api/v1/records?entity=contact&limit=20')).json.records
    const [changed, deleted] = rows.map((row: { source: { id: string } }) => row.source.id)
    await control('/records', [
      { entity: 'contact', operation: 'change', id: changed, fields: { lastname: 'Changed meanwhile' } },
      { entity: 'contact', operation: 'delete', id: deleted },
      { entity: 'contact', operation: 'create', fields: { lastname: 'Created meanwhile' } },
    ])
    await ended(all, run)
    await until('what was pushed is stored', async () => (await differences(all, 'contact')).length === 0, takeOverMs)
    by.signal('SIGCONT')
    await until('the sleeper sees that it lost', async () => (await holders(pool, 'sync:%')).length === 0)
    assert.deepEqual(await differences(all, 'contact'), [])
  })

  await t.test('a dead one’s too', async () => {
    const { run, by } = await slowPass(all)
    by.signal('SIGKILL')
    assert.equal(await by.ended, 'SIGKILL')
    await ended(all, run)
    assert.deepEqual(await differences(all, 'contact'), [])
  })
})
