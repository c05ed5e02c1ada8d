import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'

const gibibyte = 1024 ** 3
/** Of the folder; and of the machine, or of the container, whose memory the folder takes. */
const [leastRoom, leastMemory] = [2 * gibibyte, 4 * gibibyte]

/**
 * Where data folders of tests are made: in memory, where Linux has a roomy place for that, else among the temporary files.
 * Postgres syncs there as everywhere, and what is written outlives the death of processes; only no disk is waited for.
 */
export function quickFolder(): string {
  const folder = '/dev/shm'
  if (process.platform !== 'linux' || process.availableMemory() < leastMemory) return tmpdir()
  try {
    const { type, bavail, bsize } = statfsSync(folder)
    return type === memoryType && bavail * bsize >= leastRoom ? folder : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** TMPFS_MAGIC of statfs(2). */
const memoryType = 0x01021994
