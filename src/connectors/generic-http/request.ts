import type { Asked } from '#connectors/ask.ts'
import type { CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { type Definition, definitionOf, type TableRequest } from './definition.ts'
import { withValueAt } from './paths.ts'

/** What is put into a request's query and body. */
export interface Parameters {
  query?: Record<string, string>
  body?: Record<string, string | number>
}

export function put(where: 'query' | 'body', name: string, value: string | number): Parameters {
  return where === 'body' ? { body: { [name]: value } } : { query: { [name]: String(value) } }
}

/** An address below the base address, as path and query. */
export function below({ baseUrl }: Definition, address: string): URL {
  const base = new URL(baseUrl)
  return new URL(`${base.pathname.replace(/\/+$/, '')}${address}`, base.origin)
}

type Request = Pick<Asked, 'path' | 'method' | 'headers' | 'body'>

/** The list's request, with parameters; `link` takes the place of its address. */
export function listRequest(
  definition: Definition,
  table: TableRequest,
  given: { parameters: readonly Parameters[]; link?: string | undefined },
): Required<Pick<Request, 'path' | 'method' | 'headers'>> & Pick<Request, 'body'> {
  const { list } = table
  const url = given.link === undefined ? below(definition, list.path) : new URL(given.link, definition.baseUrl)
  // A next link has the whole query in it already.
  if (given.link === undefined) {
    for (const [name, value] of Object.entries(list.query)) url.searchParams.set(name, value)
    for (const { query = {} } of given.parameters) {
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    }
  }
  const body = list.method === 'POST' ? bodyOf(list.body ?? {}, given.parameters) : undefined
  return {
    path: url.pathname + url.search,
    method: list.method,
    headers: headersOf(definition, table, body),
    ...(body === undefined ? {} : { body }),
  }
}

function bodyOf(template: Record<string, unknown>, parameters: readonly Parameters[]): string {
  let body = template
  for (const { body: values = {} } of parameters) {
    for (const [name, value] of Object.entries(values)) body = withValueAt(body, name, value)
  }
  return JSON.stringify(body)
}

export function headersOf(definition: Definition, table: TableRequest, body?: string): Record<string, string> {
  const accept = table.format === 'ndjson' ? 'application/x-ndjson, application/json;q=0.5' : 'application/json'
  return {
    accept,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...lowerCase(definition.headers),
    ...lowerCase(table.list.headers),
  }
}

const lowerCase = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/**
 * Path and query of a link that the API gave, without the key that it may repeat from what it was asked: links are stored
 * and shown. A link goes only where the credentials go.
 */
export function ownLink(session: CrmSession, link: string, from: string): string {
  const at = new URL(from, session.url)
  const url = URL.canParse(link, at.href) ? new URL(link, at.href) : null
  if (url?.origin === new URL(session.url).origin && !url.username && !url.password) {
    return url.pathname + withoutKey(url.search, definitionOf(session))
  }
  throw new HubError('crm.foreign_link', `a page of ${session.url} links to ${url?.host || 'no address'}`, {
    mend: 'Nothing was sent there. If the API lives at that address, give it as the base address.',
  })
}

/** All else stays as the API wrote it, escapes that are none as well. Each call is given its key anew. */
function withoutKey(search: string, { authentication }: Definition): string {
  if (authentication.kind !== 'api_key_query') return search
  const key = authentication.parameter.toLowerCase()
  // APIs to which `Key` is `key` may repeat it as either.
  const isKey = (part: string) => [...new URLSearchParams(part).keys()][0]?.toLowerCase() === key
  const kept = search
    .slice(1)
    .split('&')
    .filter((part) => !isKey(part))
  return kept.length === 0 || search === '' ? '' : `?${kept.join('&')}`
}
