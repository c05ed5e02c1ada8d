/** What was asked of the simulator: counts by kind, and every write with its outcome. */
type WriteRecord = {
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

const NARROW = /^(?:\w+id|versionnumber|modifiedon)(?:,(?:\w+id|versionnumber|modifiedon))?$/

/** What kind of request an address of the data service is. */
export function kindOf(method: string, url: string): string {
  const [path = '', query = ''] = url.split('?')
  const rest = path.replace(/^\/api\/data\/v\d+\.\d+\/?/, '')
  if (rest === '$batch') return 'batch'
  if (/^(EntityDefinitions|GlobalOptionSetDefinitions|RelationshipDefinitions|\$metadata)/.test(rest) || rest === '')
    return 'metadata'
  if (rest.startsWith('WhoAmI')) return 'whoami'
  if (rest.startsWith('RetrieveTotalRecordCount')) return 'totalCount'
  if (method !== 'GET') return /^[A-Z]|Microsoft\.Dynamics\.CRM\.(?!\w*Multiple)/.test(rest) ? 'action' : 'write'
  if (rest.endsWith('/$count')) return 'count'
  if (rest.includes('(')) return 'byId'
  const plain = query.replace(/%24/gi, '$')
  if (plain.includes('$deltatoken=')) return 'delta'
  const select = /\$select=([^&]*)/.exec(plain)?.[1] ?? ''
  const filter = decodeURIComponent(/\$filter=([^&]*)/.exec(plain)?.[1]?.replaceAll('+', ' ') ?? '')
  if (/\b\w+id eq [0-9a-f]{8}-|PropertyName='\w+id'/i.test(filter) && !/^_/.test(filter)) return 'byIds'
  return NARROW.test(decodeURIComponent(select)) ? 'enumerate' : 'page'
}
