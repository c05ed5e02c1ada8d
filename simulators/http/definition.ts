import type { Kind } from './list.ts'
import { type Entity, entities } from './rows.ts'

/** How the credentials travel, as a definition says it. */
function authenticationOf(kind: string, origin: string): Record<string, unknown> {
  switch (kind) {
    case 'api_key_header':
      return { kind, header: 'X-Api-Key' }
    case 'api_key_query':
      return { kind, parameter: 'api_key' }
    case 'client_credentials':
    case 'authorization_code':
      return { kind, tokenUrl: `${origin}/oauth/token`, authorizeUrl: `${origin}/oauth/authorize` }
    default:
      return { kind }
  }
}

const size = { sizeParameter: 'limit', size: 100 }
const shapes: Record<Kind, Record<string, unknown>> = {
  all: { records: '', paging: { kind: 'none' } },
  page: { records: 'data.items', total: 'total', paging: { kind: 'page', parameter: 'page', ...size } },
  offset: { records: 'data.items', total: 'total', paging: { kind: 'offset', parameter: 'offset', ...size } },
  cursor: { records: 'items', paging: { kind: 'cursor', parameter: 'cursor', cursor: 'meta.next_cursor', ...size } },
  next: { records: 'results', paging: { kind: 'next_link', link: 'links.next', ...size } },
  link: { records: '', paging: { kind: 'link_header', ...size } },
  lines: {
    format: 'ndjson',
    paging: { kind: 'cursor', parameter: 'cursor', cursor: 'header:x-next-cursor', ...size },
  },
  search: {
    records: 'items',
    paging: { kind: 'cursor', parameter: 'cursor', cursor: 'meta.next_cursor', in: 'body', ...size },
  },
}

/** A definition that fits this API: what an administrator would write. */
export function definitionOf(origin: string, kind: Kind = 'cursor', auth = 'bearer'): Record<string, unknown> {
  return {
    name: 'Simulated HTTP API',
    baseUrl: `${origin}/api`,
    authentication: authenticationOf(auth, origin),
    tables: entities.map((entity) => tableOf(entity, kind)),
  }
}

function tableOf(entity: Entity, kind: Kind): Record<string, unknown> {
  const posts = kind === 'search'
  return {
    entity,
    list: { path: `/${kind}/${entity}s`, ...(posts ? { method: 'POST', body: { sort: 'id' } } : {}) },
    ...shapes[kind],
    id: 'id',
    version: { path: 'updated_at' },
    modified: 'updated_at',
    since: { parameter: 'updated_since', ...(posts ? { in: 'body' } : {}) },
    item: { path: `/items/${entity}s/{id}`, record: entity },
  }
}
