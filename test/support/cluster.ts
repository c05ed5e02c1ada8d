import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isHubError } from '#core/errors.ts'
import { ownFolder } from '#database/embedded-cache.ts'
import { lockFile } from '#database/embedded-claim.ts'
import { clusterData, clusterFolder } from '#database/embedded-cluster.ts'
import { stopPostmaster } from '#database/embedded-postmaster.ts'
import { bringUp, databaseUrl, install } from '#database/embedded-server.ts'
import { quickFolder } from './quick-folder.ts'

export interface TestCluster {
  /** The maintenance database of a server on which test databases are made. */
  url: string
  /** Stops the server unless another test process uses it. */
  stop(): Promise<void>
}

// Whoever uses the cluster holds this lock shared; who stops it must get it alone.
const usersKey = 7_204_600

/**
 * One Postgres per user and machine for all test files, whether started by the runner or alone. It is started or found
 * running; a file run alone leaves it for the next.
 */
export async function startTestCluster(): Promise<TestCluster> {
  const given = process.env.JACKFIELD_TEST_DATABASE_URL
  if (given) return { url: given, stop: async () => undefined }
  const folder = join(quickFolder(), `jackfield-test-${process.getuid?.() ?? 0}`)
  await ownFolder(folder, 0o700)
  await chmod(folder, 0o700)
  const { url, session, data } = await locked(folder, async () => {
    const { installed, port } = await bringUpOrReset(folder)
    const address = databaseUrl(installed.cluster.password, port, 'postgres')
    // Taken before the folder's lock is given back: nobody stops the server in between.
    return { url: address, session: await joinUsers(address), data: installed.cluster.data }
  })
  return {
    url,
    stop: () =>
      locked(folder, async () => {
        holdsProcess(session).ref()
        await session.end()
        if (await isUnused(url)) await stopPostmaster(data)
      }),
  }
}

/** Cleaners of temporary folders take single files out of a cluster that rested for days; nothing in it is worth a mend. */
async function bringUpOrReset(folder: string) {
  const attempt = async () => {
    const installed = await install(folder)
    const { port } = await bringUp(installed, { log: (line) => console.error(line) })
    return { installed, port }
  }
  return attempt().catch(async (error) => {
    if (!isHubError(error, 'database.folder_unusable', 'database.not_started')) throw error
    console.error(`Making the test cluster anew: ${error.message}`)
    await stopPostmaster(clusterData(folder))
    await rm(clusterFolder(folder), { recursive: true, force: true })
    return attempt()
  })
}

async function joinUsers(url: string): Promise<pg.Client> {
  const session = await openSession(url, 'jackfield test run')
  await session.query(`select pg_advisory_lock_shared(${usersKey})`)
  // Held until the process ends, without keeping it from ending.
  holdsProcess(session).unref()
  return session
}

/** Methods of the driver that its type definitions lack. */
function holdsProcess(session: pg.Client): { ref(): void; unref(): void } {
  return session as pg.Client & { ref(): void; unref(): void }
}

async function isUnused(url: string): Promise<boolean> {
  const session = await openSession(url, 'jackfield test run, stopping')
  try {
    // The session of a process that just ended takes a moment to go.
    for (let attempt = 0; attempt < 10; attempt++) {
      const { rows } = await session.query<{ alone: boolean }>(`select pg_try_advisory_lock(${usersKey}) as alone`)
      if (rows[0]?.alone) return true
      await sleep(100)
    }
    return false
  } finally {
    await session.end()
  }
}

async function openSession(url: string, name: string): Promise<pg.Client> {
  const session = new pg.Client({ connectionString: url, application_name: name })
  session.on('error', () => undefined)
  await session.connect()
  return session
}

async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const lock = lockFile(join(folder, 'postgres.lock'))
    if (lock) return work().finally(() => lock.release())
    await sleep(100)
  }
  throw new Error(`${folder} stays locked by another process`)
}
