import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { lchown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What Postgres writes into postmaster.pid, as far as it is used here. */
export interface PidFile {
  pid: number
  port: number
  ready: boolean
}

const pidFileOf = (data: string) => join(data, 'postmaster.pid')

function readPidFile(data: string): PidFile | undefined {
  try {
    const lines = readFileSync(pidFileOf(data), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** The postmaster that runs on this folder now, whatever state it is in. Synchronous, for the hook at a process's exit. */
export function findPostmaster(data: string): PidFile | undefined {
  const file = readPidFile(data)
  return file && isPostmaster(file.pid, data) ? file : undefined
}

/** A process id alone proves nothing: it may have gone to another program since the file was written. */
function isPostmaster(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  try {
    // "(deleted)" once an update replaced the program. A zombie has no exe.
    return /\/postgres( \(deleted\))?$/.test(readlinkSync(`/proc/${pid}/exe`)) && worksIn(pid, data)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== 'ENOENT' && code !== 'ESRCH'
  }
}

function worksIn(pid: number, data: string): boolean {
  const there = statSync(`/proc/${pid}/cwd`)
  const here = statSync(data)
  return there.dev === here.dev && there.ino === here.ino
}

export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Postgres refuses to start while the id in a left-over postmaster.pid belongs to a live process of the same user, which
 * after a container's restart is the rule rather than the exception, and when the file is empty. The file itself must
 * stay, for its shared memory key is how Postgres finds orphans of the dead server. Its parent's id it takes for stale,
 * and the parent is this process. The caller holds the folder's lock and found no postmaster.
 */
export async function disownPidFile(data: string): Promise<void> {
  const file = pidFileOf(data)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return
  const pid = Number(text.split('\n')[0])
  if (text.trim() === '') {
    if (processesIn(data).length === 0) await rm(file, { force: true })
  } else if (isAlive(pid) && pid !== process.pid) {
    const { uid, gid, mode } = await stat(file)
    const fresh = join(data, '..', 'postmaster.pid.disowned')
    await rm(fresh, { force: true })
    await writeFile(fresh, text.replace(/^.*/, String(process.pid)), { mode: mode & 0o777, flag: 'wx' })
    if (process.getuid?.() === 0) await lchown(fresh, uid, gid)
    await rename(fresh, file)
  }
}

/** Processes at work in the folder: backends outlive a killed postmaster for a moment, or for long when stopped. */
export function processesIn(data: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && isStillIn(pid, data))
}

function isStillIn(pid: number, data: string): boolean {
  try {
    return worksIn(pid, data)
  } catch {
    return false
  }
}

/** Fast shutdown: sessions are ended, a checkpoint is written. Immediate only after a minute; then the next start recovers. */
export async function stopPostmaster(data: string): Promise<void> {
  const found = findPostmaster(data)
  if (!found) return
  for (const [signal, seconds] of [['SIGINT', 60] as const, ['SIGQUIT', 60] as const]) {
    sendSignal(found.pid, signal)
    for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
      // One that ends gives back its memory, and with it its program, before its folder and its port.
      if (!isPostmaster(found.pid, data) && !isStillIn(found.pid, data)) return
      await sleep(20)
    }
  }
}

export function sendSignal(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
