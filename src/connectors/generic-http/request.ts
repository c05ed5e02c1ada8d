import type { Asked } from '#connectors/ask.ts'
import type { CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import type { Definition, TableRequest } from './definition.ts'
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

/** Path and query of a link that the API gave; a link goes only where the credentials go. */
export function ownLink(session: CrmSession, link: string, from: string): string {
  const at = new URL(from, session.url)
  const url = URL.canParse(link, at.href) ? new URL(link, at.href) : null
  if (url?.origin === new URL(session.url).origin && !url.username && !url.password) return url.pathname + url.search
  throw new HubError('crm.foreign_link', `a page of ${session.url} links to ${url?.host || 'no address'}`, {
    mend: 'Nothing was sent there. If the API lives at that address, give it as the base address.',
  })
}
