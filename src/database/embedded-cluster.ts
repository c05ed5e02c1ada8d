import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HubError } from '#core/errors.ts'
import type { Binaries } from './embedded-binaries.ts'
import { type RunUser, spawnAs } from './embedded-user.ts'

/** The superuser and owner of everything in an embedded cluster. */
export const clusterUser = 'jackfield'

/** A cluster with its password, both below `<data folder>/postgres`, so that they appear together by one rename. */
export interface Cluster {
  dataFolder: string
  folder: string
  /** PGDATA. */
  data: string
  password: string
}

export const clusterFolder = (dataFolder: string) => join(dataFolder, 'postgres')
export const clusterData = (dataFolder: string) => join(clusterFolder(dataFolder), 'cluster')

export async function readPassword(dataFolder: string): Promise<string> {
  const file = join(clusterFolder(dataFolder), 'password')
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw new HubError('database.folder_unusable', `The database password in ${file} cannot be read`, {
      cause,
      mend: 'Restore the file from a backup of the data folder',
    })
  }
}

/** The cluster of this data folder, made by initdb if there is none. The caller holds the folder's lock. */
export async function openCluster(dataFolder: string, binaries: Binaries, user: RunUser): Promise<Cluster> {
  const folder = clusterFolder(dataFolder)
  await sweepUnfinished(dataFolder)
  const present = await lstat(folder).catch(() => undefined)
  if (!present) await createCluster(dataFolder, binaries, user)
  const data = clusterData(dataFolder)
  const found = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')
  if (Number.parseInt(found, 10) !== binaries.major) throw wrongCluster(folder, found.trim(), binaries.major)
  const password = await readPassword(dataFolder)
  return { dataFolder, folder, data, password }
}

function wrongCluster(folder: string, found: string, wanted: number): HubError {
  if (!found) {
    return new HubError('database.folder_unusable', `${folder} is there but holds no Postgres cluster`, {
      mend: 'Restore it from a backup, or move it away to start with an empty database',
    })
  }
  return new HubError(
    'database.folder_unusable',
    `${folder} was made by Postgres ${found}; this is Postgres ${wanted}`,
    {
      mend: `Run the release of Jackfield that brings Postgres ${found}, or move the data over with pg_upgrade`,
    },
  )
}

const unfinishedName = /^postgres\.new-\d+-[0-9a-f]{8}$/

/** Removes what initdb left when it was killed: such a folder never served, since serving begins with the rename. */
async function sweepUnfinished(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    // An initdb that outlived its hub may still be writing there: what resists now is removed by a later start.
    if (unfinishedName.test(name))
      await rm(join(dataFolder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

async function createCluster(dataFolder: string, binaries: Binaries, user: RunUser): Promise<void> {
  const fresh = join(dataFolder, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`)
  await mkdir(fresh, { mode: 0o700 })
  try {
    await chmod(fresh, 0o700)
    const passwordFile = join(fresh, 'password')
    await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flush: true })
    if (user.uid !== undefined && user.gid !== undefined) {
      for (const path of [fresh, passwordFile]) await chown(path, user.uid, user.gid)
    }
    await runInitdb(fresh, binaries, user)
    await syncFolder(fresh)
    await rename(fresh, clusterFolder(dataFolder))
    await syncFolder(dataFolder)
  } finally {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined)
  }
}

const initdbFlags = [
  `--username=${clusterUser}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--text-search-config=simple',
]

async function runInitdb(folder: string, binaries: Binaries, user: RunUser): Promise<void> {
  const way = await openWay(folder, user)
  try {
    const flags = [`--pgdata=${way.path}/cluster`, `--pwfile=${way.path}/password`, ...initdbFlags]
    const child = spawn(binaries.initdb, flags, { ...spawnAs(user), stdio: ['ignore', 'pipe', 'pipe', ...way.stdio] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        said = (said + chunk).slice(-2000)
      })
    }
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : initdbError(said, code ?? signal)))
    const failure = await promise
    if (failure) {
      throw new HubError('database.not_started', `The embedded database could not be created: ${failure}`, {
        mend: 'Most often the disk is full: make room, then start again',
      })
    }
  } finally {
    await way.close()
  }
}

function initdbError(said: string, code: number | string | null): string {
  const causes = said.split('\n').filter((line) => /error:|FATAL:|PANIC:/.test(line))
  return causes.join('; ') || `initdb ended with ${code}`
}

/** How a child that runs as `user` comes to `folder`: a path, and the descriptors to hand over from number 3 on. */
export interface Way {
  path: string
  stdio: number[]
  close(): Promise<void>
}

/**
 * Root's data folder is closed to others (the master key lies in it) and may lie below /root. So that Postgres, as
 * another user, reaches its own folder and nothing else, it inherits that folder opened: /proc/self/fd/3 leads there
 * without asking the folders above for leave.
 */
export async function openWay(folder: string, user: RunUser): Promise<Way> {
  if (user.uid === undefined || process.platform !== 'linux') {
    return { path: folder, stdio: [], close: async () => undefined }
  }
  const handle = await open(folder, 'r')
  return { path: '/proc/self/fd/3', stdio: [handle.fd], close: () => handle.close() }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
