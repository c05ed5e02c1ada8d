/** One request as it came. */
export type Request = { method: string; url: string; headers: Record<string, string>; body: Buffer; struck: string[] }

/** What kind of request an address is, for faults and counts. */
export function kindOf(method: string, url: string): string {
  const path = url.split('?')[0]!
  if (path === '/services/oauth2/authorize') return 'authorize'
  if (path.startsWith('/services/oauth2/') || path.startsWith('/.well-known')) return 'token'
  if (path.startsWith('/cometd')) return 'streaming'
  if (path.startsWith('/services/Soap')) return 'soap'
  const rest = path.replace(/^\/services\/data(?:\/v\d+\.\d+)?\/?/, '')
  if (rest === '') return 'versions'
  const [first = ''] = rest.split('/')
  if (first === 'query' || first === 'queryAll' || first === 'search') return 'page'
  if (first === 'jobs') return rest.startsWith('jobs/ingest') ? 'ingest' : 'bulk'
  if (first === 'composite') return 'composite'
  if (first === 'metadata') return 'deploy'
  if (first === 'sobjects' && method !== 'GET') return 'write'
  if (/^sobjects(\/\w+(\/describe)?)?$/.test(rest)) return 'metadata'
  if (/\/(updated|deleted)\/?$/.test(rest)) return 'delta'
  return first === 'sobjects' ? 'byId' : first
}
