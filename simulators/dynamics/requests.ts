import type { FaultRules } from '../exchange/faults.ts'

/** What faults strike unless they name something else. */
export const FAULT_RULES: FaultRules = {
  guarded: new Set(['discovery', 'jwks', 'authorize', 'token', 'userinfo', 'logout', 'adminconsent']),
  natural: {
    'delta-expired': ['delta'],
    'foreign-next-link': ['page', 'delta', 'enumerate'],
    'late-commit': ['write', 'batch', 'action'],
    'drop-after': ['write', 'batch', 'action'],
  },
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
