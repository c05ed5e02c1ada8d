import { randomBytes } from 'node:crypto'
import {
  access,
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A link of the package: `at` and `to` lie below native/, in one folder. */
export interface LibraryLink {
  at: string
  to: string
}

/** Tries one cache folder after another; the caller stops at the first copy that runs. */
export async function* copyToCache(
  native: string,
  name: string,
  links: LibraryLink[],
): AsyncGenerator<{ folder?: string; error?: string }> {
  for (const root of cacheFolders()) {
    try {
      await ownFolder(root)
      yield { folder: await copyOnce(native, join(root, name), links) }
    } catch (error) {
      yield { error: (error as Error).message }
    }
  }
}

function cacheFolders(): string[] {
  const uid = process.getuid?.() ?? 0
  const shared = ['/var/tmp', tmpdir()].map((folder) => join(folder, `jackfield-${uid}`))
  // Root's own cache must lie where the user who runs Postgres can come, which excludes /root.
  const first =
    uid === 0 ? '/var/cache/jackfield' : join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'jackfield')
  return [first, ...shared]
}

/**
 * Makes the folder, or takes one that is there only if nobody else could have put a program into it: what lies in it is
 * going to be run.
 */
export async function ownFolder(folder: string, mode = 0o755): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await mkdir(folder).then(
    () => chmod(folder, mode),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  const found = await lstat(folder)
  const uid = process.getuid?.() ?? found.uid
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to, or may be written by, someone else`)
  }
  for (let above = dirname(await realpath(folder)); ; above = dirname(above)) {
    const { uid: owner, mode: rights } = await stat(above)
    const exposed = (rights & 0o022) !== 0 && (rights & 0o1000) === 0
    if (exposed || (owner !== 0 && owner !== uid)) throw new Error(`${above} may be changed by someone else`)
    if (above === dirname(above)) return
  }
}

async function copyOnce(native: string, target: string, links: LibraryLink[]): Promise<string> {
  const files = await listFiles(native)
  if (await isComplete(native, target, files, links)) return target
  const fresh = `${target}.${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await copyFiles(native, fresh, files, links)
    await replace(fresh, target, () => isComplete(native, target, files, links))
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  if (await isComplete(native, target, files, links)) return target
  throw new Error(`the copy in ${target} is not complete`)
}

async function listFiles(native: string): Promise<string[]> {
  const entries = await readdir(native, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(native.length + 1))
}

/** Cleaners of temporary folders remove single old files, and a crash can leave empty ones. */
async function isComplete(native: string, target: string, files: string[], links: LibraryLink[]): Promise<boolean> {
  try {
    for (const file of files) {
      const [wanted, found] = await Promise.all([stat(join(native, file)), stat(join(target, file))])
      if (wanted.size !== found.size) return false
    }
    for (const { at } of links) await access(join(target, at))
    return true
  } catch {
    return false
  }
}

async function copyFiles(native: string, target: string, files: string[], links: LibraryLink[]): Promise<void> {
  const folders = new Set<string>([target])
  for (const file of files) {
    // The umask may be stricter than what the other user needs: rights are set by chmod, folder by folder.
    for (let folder = dirname(join(target, file)); !folders.has(folder); folder = dirname(folder)) folders.add(folder)
  }
  for (const folder of [...folders].sort()) {
    await mkdir(folder)
    await chmod(folder, 0o755)
  }
  for (const file of files) {
    await copyFile(join(native, file), join(target, file), constants.COPYFILE_FICLONE)
    await chmod(join(target, file), file.startsWith('bin/') ? 0o755 : 0o644)
  }
  for (const { at, to } of links) await symlink(to, join(target, at)).catch(() => undefined)
}

/** Puts the fresh copy in place. Of two who do it at once one wins, and the loser uses the winner's. */
async function replace(fresh: string, target: string, isGood: () => Promise<boolean>): Promise<void> {
  try {
    await rename(fresh, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
    if (await isGood()) return
    const broken = `${fresh}.old`
    await rename(target, broken)
    await rename(fresh, target).catch(() => undefined)
    await rm(broken, { recursive: true, force: true })
  }
}
