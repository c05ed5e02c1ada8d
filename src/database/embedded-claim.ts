import { accessSync, closeSync, constants, openSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { HubError } from '#core/errors.ts'
import { isAlive } from './embedded-postmaster.ts'

/** Who holds a data folder, as told to whoever comes second. */
export interface Holder {
  pid: number
  host: string
  started: string
  /** Where its console is, once it listens. */
  url?: string
}

/**
 * An exclusive lock on a file that the kernel takes back when the process dies, by whatever death; or undefined where
 * another process has it. Node has no flock, so SQLite's file lock stands in: nothing is ever written to the file.
 */
export function lockFile(file: string): { release(): void } | undefined {
  let database: DatabaseSync | undefined
  try {
    createLockFile(file)
    const held = new DatabaseSync(file)
    database = held
    held.exec('begin exclusive')
    return { release: () => held.close() }
  } catch (cause) {
    database?.close()
    const code = (cause as { errcode?: number }).errcode ?? 0
    // SQLITE_BUSY and SQLITE_LOCKED; the upper bits tell kinds of it.
    if ((code & 0xff) === 5 || (code & 0xff) === 6) return undefined
    throw new HubError('database.folder_unusable', `${file} cannot be locked`, {
      cause,
      mend: 'Put the data folder on a local disk that this user may write to',
    })
  }
}

/**
 * Never opens a file that is there: a process loses its lock on a file with the first descriptor of that file which it
 * closes. One that is only readable would be locked in appearance only.
 */
function createLockFile(file: string): void {
  try {
    closeSync(openSync(file, 'ax', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    accessSync(file, constants.W_OK)
  }
}

export interface Claim {
  /** Adds the hub's address to what a second hub is told. */
  announce(url: string): Promise<void>
  release(): Promise<void>
}

/** Takes the data folder for this process, or says who has it. */
export async function claimFolder(dataFolder: string): Promise<Claim> {
  const lock = await waitForLock(dataFolder)
  const holder: Holder = { pid: process.pid, host: hostname(), started: new Date().toISOString() }
  await writeHolder(dataFolder, holder)
  return {
    announce: (url) => writeHolder(dataFolder, { ...holder, url }),
    release: async () => {
      await rm(holderFile(dataFolder), { force: true }).catch(() => undefined)
      lock.release()
    },
  }
}

async function waitForLock(dataFolder: string): Promise<{ release(): void }> {
  for (let attempt = 0; ; attempt++) {
    const lock = lockFile(join(dataFolder, 'postgres.lock'))
    if (lock) return lock
    const holder = await readHolder(dataFolder)
    // A file that names a dead process is that of the holder before: the new one has yet to write its own.
    const known = holder && (holder.host !== hostname() || isAlive(holder.pid))
    if (known || attempt === 30) throw inUse(dataFolder, holder)
    await sleep(100)
  }
}

const holderFile = (dataFolder: string) => join(dataFolder, 'holder.json')

/** Only advice for people: a full disk must not keep the hub from its own database. */
async function writeHolder(dataFolder: string, holder: Holder): Promise<void> {
  const fresh = `${holderFile(dataFolder)}.${process.pid}`
  try {
    await writeFile(fresh, `${JSON.stringify(holder)}\n`, { mode: 0o600 })
    await rename(fresh, holderFile(dataFolder))
  } catch {
    await rm(fresh, { force: true }).catch(() => undefined)
  }
}

export async function readHolder(dataFolder: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(holderFile(dataFolder), 'utf8')) as Holder
  } catch {
    return undefined
  }
}

function inUse(dataFolder: string, holder: Holder | undefined): HubError {
  const who = holder
    ? `process ${holder.pid} on ${holder.host}, since ${holder.started}${holder.url ? `, at ${holder.url}` : ''}`
    : 'its name is not written yet'
  return new HubError('database.in_use', `Another hub holds the data folder ${dataFolder}: ${who}`, {
    mend: 'Use that hub, stop it, or give this one a data folder of its own (--data)',
  })
}

// Any fixed number; the lock's scope is the cluster's database "postgres", where nothing else takes locks.
const claimKey = 7_204_500

/**
 * The second half of the claim, held in the database itself, so that the folder stays claimed even if its lock file was
 * removed. A killed hub's session ends a moment after it; hence the patience.
 */
export async function claimSession(client: Client, dataFolder: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${claimKey}) as taken`)
    if (rows[0]?.taken) return
    if (attempt === 100) {
      const other = await client.query<{ application_name: string }>(
        `select application_name from pg_locks join pg_stat_activity using (pid)
         where locktype = 'advisory' and granted and objid = ${claimKey}`,
      )
      const name = other.rows[0]?.application_name ?? 'an unnamed session'
      throw new HubError('database.in_use', `Another hub holds the database in ${dataFolder}: ${name}`, {
        mend: 'Stop that hub, or give this one a data folder of its own (--data)',
      })
    }
    await sleep(100)
  }
}

/** What the claim's session is called in pg_stat_activity. */
export const sessionName = () => `jackfield hub, process ${process.pid} on ${hostname()}`.slice(0, 63)
