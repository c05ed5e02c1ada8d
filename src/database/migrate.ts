import { readdir, readFile } from 'node:fs/promises'
import type { Pool } from './pool.ts'

const migrationsFolder = new URL('../../migrations/', import.meta.url)

// Any fixed number: two hubs that start at once take turns.
const migrationLock = 7_204_511

/** Brings the schema up to date: each numbered file once, in order, all in one transaction. */
export async function migrate(pool: Pool): Promise<string[]> {
  const files = (await readdir(migrationsFolder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort()
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    await client.query('set local idle_in_transaction_session_timeout = 0')
    await client.query(`select pg_advisory_xact_lock(${migrationLock})`)
    await client.query('create schema if not exists jackfield')
    await client.query(
      'create table if not exists jackfield.migration(name text primary key, applied_at timestamptz not null default now())',
    )
    const applied = new Set(
      (await client.query<{ name: string }>('select name from jackfield.migration')).rows.map((row) => row.name),
    )
    const fresh = files.filter((name) => !applied.has(name))
    for (const name of fresh) {
      await client.query(await readFile(new URL(name, migrationsFolder), 'utf8'))
      await client.query('insert into jackfield.migration(name) values ($1)', [name])
    }
    await client.query('commit')
    return fresh
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}
