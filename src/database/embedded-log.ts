import { constants } from 'node:fs'
import { copyFile, type FileHandle, open, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'

const largest = 16 * 1024 * 1024

export const logFileOf = (dataFolder: string) => join(dataFolder, 'postgres.log')

/** Opened for appending, so that it can be emptied under the running server. */
export function openLog(dataFolder: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
  return open(logFileOf(dataFolder), O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
}

export async function logSize(dataFolder: string): Promise<number> {
  return (await stat(logFileOf(dataFolder)).catch(() => undefined))?.size ?? 0
}

/** What was written since the log had `from` bytes, its end only. */
export async function readLogSince(dataFolder: string, from: number): Promise<string> {
  const handle = await open(logFileOf(dataFolder), 'r').catch(() => undefined)
  if (!handle) return ''
  try {
    const { size } = await handle.stat()
    const start = Math.max(from > size ? 0 : from, size - 4000)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4000), 0, 4000, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Keeps the log and one older one, 16 MB each. The server holds the file open, so it is copied and emptied, not renamed. */
export async function limitLog(dataFolder: string): Promise<void> {
  const file = logFileOf(dataFolder)
  if ((await logSize(dataFolder)) <= largest) return
  // On a full disk the copy fails, and emptying is what helps.
  await copyFile(file, `${file}.1`).catch(() => undefined)
  await truncate(file)
}
