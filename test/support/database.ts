import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { createPool, type Pool } from '#database/pool.ts'
import { startTestCluster } from './cluster.ts'

/** What is used of a TestContext, so that a whole file's hooks (`{ name, after }`) can stand in for one. */
export interface TestScope {
  name: string
  after(hook: () => Promise<void>): void
  passed?: boolean
  error?: unknown
}

export interface TestDatabase {
  name: string
  url: string
  pool: Pool
}

export interface TestDatabaseOptions {
  /** False gives an empty database. */
  migrated?: boolean
  /** Connections of the pool. */
  max?: number
}

/**
 * A fresh database, migrated, for one test. After the test it is dropped, or kept and named if the test failed; the test
 * fails if a client of the pool was not released or anyone is still connected.
 */
export async function testDatabase(t: TestScope, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const cluster = await findCluster()
  // The time in the name is how old ones are known.
  const name = `jackfield_test_${Math.floor(Date.now() / 1000).toString(36)}_${randomBytes(4).toString('hex')}`
  await asAdmin(cluster, (admin) => cloneTemplate(admin, cluster, name, options.migrated ?? true))
  const url = urlOf(cluster, name)
  // A test may hold a transaction open while it waits for others, which on a busy machine takes longer than a hub's.
  const pool = createPool({ url, max: options.max ?? 10, name: 'test', idleInTransactionMs: 60_000 })
  const clients = new Set<pg.PoolClient>()
  pool.on('connect', (client) => clients.add(client))
  // Hooks run in the order of their making, and those that the test makes later stop what uses the database: registered
  // once more from within a hook, this one comes last.
  t.after(async () =>
    t.after(() => {
      // Ended by force below, a client that is still checked out would end the process with its 'error'.
      for (const client of clients) client.on('error', () => undefined)
      return finish(t, cluster, { name, url, pool })
    }),
  )
  return { name, url, pool }
}

let clusterUrl: Promise<string> | undefined

function findCluster(): Promise<string> {
  clusterUrl ??= startTestCluster().then(async ({ url }) => {
    await asAdmin(url, dropOld)
    return url
  })
  return clusterUrl
}

async function asAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url, application_name: 'jackfield test admin' })
  admin.on('error', () => undefined)
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function urlOf(cluster: string, database: string): string {
  const url = new URL(cluster)
  url.pathname = `/${database}`
  return url.href
}

async function cloneTemplate(admin: pg.Client, cluster: string, name: string, migrated: boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const template = migrated ? await ensureTemplate(admin, cluster) : 'template0'
    try {
      await admin.query(`create database ${name} template ${template} strategy file_copy`)
      return
    } catch (error) {
      // Migrations that changed meanwhile replaced the template.
      if ((error as { code?: string }).code !== '3D000' || attempt === 3) throw error
    }
  }
}

// Two files that both find no template take turns.
const templateKey = 7_204_601

/** The name of the template database for the migrations as they are now, made if it is missing. */
async function ensureTemplate(admin: pg.Client, cluster: string): Promise<string> {
  const family = `jackfield_template_${hash(import.meta.dirname)}_`
  const template = `${family}${await hashMigrations()}`
  if (await exists(admin, template)) return template
  await admin.query(`select pg_advisory_lock(${templateKey})`)
  if (await exists(admin, template)) return template
  for (const old of await databasesLike(admin, family)) await admin.query(`drop database if exists ${old} with (force)`)
  const fresh = `${template}_new`
  await admin.query(`create database ${fresh} template template0`)
  const pool = createPool({ url: urlOf(cluster, fresh), max: 2, name: 'test template' })
  try {
    const { migrate } = await import('#database/migrate.ts')
    await migrate(pool)
  } finally {
    await pool.end()
  }
  // Under its final name it is complete.
  await admin.query(`alter database ${fresh} rename to ${template}`)
  return template
}

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  return (await admin.query('select from pg_database where datname = $1', [name])).rowCount === 1
}

async function databasesLike(admin: pg.Client, prefix: string): Promise<string[]> {
  const { rows } = await admin.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  )
  return rows.map((row) => row.datname)
}

async function hashMigrations(): Promise<string> {
  const folder = join(import.meta.dirname, '../../migrations')
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return hash([...names, ...texts].join('\0'))
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

const keepHours = 6

/** Failed tests keep their databases and killed ones leave theirs; after some hours nobody looks at them any more. */
async function dropOld(admin: pg.Client): Promise<void> {
  const oldest = Date.now() / 1000 - keepHours * 3600
  for (const name of await databasesLike(admin, 'jackfield_test_')) {
    const made = Number.parseInt(name.split('_')[2] ?? '', 36)
    // Another process may be at the same.
    if (made < oldest) await admin.query(`drop database if exists ${name}`).catch(() => undefined)
  }
}

async function finish(t: TestScope, cluster: string, { name, url, pool }: TestDatabase): Promise<void> {
  if (t.error || t.passed === false) {
    console.error(`Kept the database of the failed test "${t.name}": ${url}`)
    void pool.end().catch(() => undefined)
    await asAdmin(cluster, (admin) => disconnect(admin, name))
    return
  }
  const kept = await unreleased(pool)
  if (kept === 0) await pool.end()
  else void pool.end().catch(() => undefined)
  await asAdmin(cluster, async (admin) => {
    const others = kept > 0 ? [] : await stillConnected(admin, name)
    await admin.query(`drop database if exists ${name} with (force)`)
    if (kept > 0) throw new Error(`${kept} connection(s) of the test's pool were not released`)
    if (others.length > 0) throw new Error(`Still connected to the test's database:\n${others.join('\n')}`)
  })
}

/** Work that a test has just stopped may be giving back its connection. */
async function unreleased(pool: Pool): Promise<number> {
  for (let attempt = 0; attempt < 50 && pool.totalCount > pool.idleCount; attempt++) await sleep(100)
  return pool.totalCount - pool.idleCount
}

async function stillConnected(admin: pg.Client, name: string): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await admin.query<{ who: string }>(
      `select application_name || ': ' || left(query, 200) as who from pg_stat_activity
       where datname = $1 and backend_type = 'client backend'`,
      [name],
    )
    if (rows.length === 0 || attempt === 50) return rows.map((row) => row.who)
    await sleep(100)
  }
}

async function disconnect(admin: pg.Client, name: string): Promise<void> {
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
}
