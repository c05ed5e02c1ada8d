import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Durability, refuseUnsafeDurability } from '#database/durability.ts'
import { startEmbedded } from '#database/embedded.ts'
import { createPool, type Pool } from '#database/pool.ts'
import { familySeconds } from './process.ts'

/** One embedded Postgres, as the hub itself would run it, with a database for each side. */
export interface Cluster {
  durability: Durability & { version: string }
  /** An empty database of this name; one that was there is dropped. What was written before is on disk afterwards. */
  fresh(name: string): Promise<string>
  /** That all of Postgres has used so far: what noise on the machine leaves alone. */
  processorSeconds(): Promise<number>
  stop(): Promise<void>
}

export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'jackfield-bench-'))
  const embedded = await startEmbedded({ dataFolder: folder })
  const admin = createPool({ url: urlOf(embedded.url, 'postgres'), max: 1, name: 'bench' })
  return {
    durability: { ...(await refuseUnsafeDurability(admin)), version: await version(admin) },
    async fresh(name) {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.query(`create database ${name}`)
      await admin.query('checkpoint')
      return urlOf(embedded.url, name)
    },
    async processorSeconds() {
      const { rows } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid')
      return familySeconds(rows[0]!.pid)
    },
    async stop() {
      await admin.end()
      await embedded.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function version(admin: Pool): Promise<string> {
  const { rows } = await admin.query<{ server_version: string }>('show server_version')
  return rows[0]!.server_version
}

function urlOf(embedded: string, database: string): string {
  const url = new URL(embedded)
  url.pathname = `/${database}`
  return url.href
}
