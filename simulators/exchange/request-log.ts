/** What was asked of the simulator: counts by kind, and every write with its outcome. */
export type WriteRecord = {
  at: string
  operation: string
  method: string
  path: string
  entity: string | null
  id: string | null
  ifMatch: string | null
  ifNoneMatch: string | null
  status: number
  /** The version that the write made, where it made one. */
  version: number | null
  /** True where the caller never got the answer. */
  cut: boolean
  /** True where its change set failed as a whole. */
  rolledBack: boolean
}

export type RequestLog = {
  counts: Record<string, number>
  statuses: Record<string, number>
  total: number
  open: number
  maxOpen: number
  writes: WriteRecord[]
  /** The last 500 requests, newest last. */
  recent: { at: string; method: string; url: string; kind: string; status: number; ms: number }[]
}

/** Older writes are forgotten beyond this. */
const MAX_WRITES = 200_000

export const makeLog = (): RequestLog => ({
  counts: {},
  statuses: {},
  total: 0,
  open: 0,
  maxOpen: 0,
  writes: [],
  recent: [],
})

export function resetLog(log: RequestLog): void {
  Object.assign(log, { ...makeLog(), open: log.open, maxOpen: log.open })
}

export function countRequest(log: RequestLog, kind: string): void {
  log.total++
  log.counts[kind] = (log.counts[kind] ?? 0) + 1
}

export function recordWrite(log: RequestLog, write: WriteRecord): void {
  log.writes.push(write)
  if (log.writes.length > MAX_WRITES) log.writes.splice(0, MAX_WRITES / 10)
}

/** Counts a request while it is served; `serve` answers the status that was sent, 0 where the connection was cut. */
export async function counted(
  log: RequestLog,
  request: { method: string; url: string; kind: string },
  serve: () => Promise<number>,
): Promise<void> {
  const started = performance.now()
  countRequest(log, request.kind)
  log.open++
  log.maxOpen = Math.max(log.maxOpen, log.open)
  try {
    const status = await serve()
    log.statuses[status] = (log.statuses[status] ?? 0) + 1
    const ms = Math.round(performance.now() - started)
    log.recent.push({ at: new Date().toISOString(), ...request, status, ms })
    if (log.recent.length > 500) log.recent.shift()
  } finally {
    log.open--
  }
}
