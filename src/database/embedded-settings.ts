import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024

/**
 * Every setting goes on the command line: it outranks postgresql.conf, so that what must hold (durability, loopback
 * only) cannot be edited away.
 */
export async function postgresSettings(port: number, dataFolder: string): Promise<Record<string, string>> {
  const memory = machineMemory() / mebibyte
  const disk = await statfs(dataFolder)
  const diskFree = (disk.bavail * disk.bsize) / mebibyte
  return {
    cluster_name: 'jackfield',
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    // A process of the hub opens up to 40, and any number of them share a database; a place that is free costs little.
    max_connections: '300',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    shared_buffers: `${clamp(memory / 8, 64, 512)}MB`,
    effective_cache_size: `${clamp(memory / 2, 256, 65_536)}MB`,
    work_mem: '16MB',
    maintenance_work_mem: `${clamp(memory / 16, 64, 256)}MB`,
    dynamic_shared_memory_type: await sharedMemoryKind(),
    max_wal_size: `${clamp(diskFree / 8, 256, 4096)}MB`,
    checkpoint_timeout: '15min',
    // What a copy writes leaves for the disk as it is written. Left to the kernel it went in bursts of a gigabyte, and
    // commits waited behind them for some tenths of a second.
    backend_flush_after: '512kB',
    // The embedded binaries are built without lz4.
    wal_compression: 'pglz',
    random_page_cost: '1.1',
    jit: 'off',
    autovacuum: 'on',
    timezone: 'UTC',
    ...logSettings,
  }
}

/** The log names statements and sessions but no values: a record's fields must not reach it. */
const logSettings = {
  log_destination: 'stderr',
  logging_collector: 'off',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %a: ',
  log_error_verbosity: 'terse',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_error_statement: 'panic',
}

function machineMemory(): number {
  // In a container its limit counts, not the machine's memory. 0 or a huge number where there is none.
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Containers often give /dev/shm 64 MB, too little for parallel plans, which then fail. */
async function sharedMemoryKind(): Promise<'posix' | 'mmap'> {
  if (process.platform !== 'linux') return 'posix'
  const shm = await statfs('/dev/shm').catch(() => undefined)
  return shm && shm.blocks * shm.bsize >= 256 * mebibyte ? 'posix' : 'mmap'
}

function clamp(value: number, low: number, high: number): number {
  return Math.round(Math.min(high, Math.max(low, value)))
}
