import type { CrmSession } from '#connectors/call.ts'
import type { TableTrial } from '#connectors/own-settings.ts'
import { authorise } from './auth.ts'
import { type Definition, definitionOf, tableOf } from './definition.ts'
import { sourceTable, suggestTable } from './fields.ts'
import { firstLink, readListPage, requestOfLink } from './pages.ts'
import { suggestFields } from './suggest-fields.ts'

const most = 50

/** One page of a table as the definition asks for it, and what its records show: nothing is stored. */
export async function tryTable(
  session: CrmSession,
  { entity, link }: { entity: string; link: string | null },
): Promise<TableTrial> {
  const definition = definitionOf(session)
  const table = tableOf(definition, entity)
  const at = link ?? firstLink({ table: sourceTable(table, []), columns: [], filter: null }, { kind: 'query' })
  const page = await readListPage(session, at, { lane: 'person', pageSize: most })
  const entities = definition.tables.map((one) => one.entity)
  const fields = suggestFields(page.rows, entities)
  const source = sourceTable(table, fields)
  return {
    request: shownRequest(session, definition, requestOfLink(session, at, most)),
    records: page.rows.length,
    total: page.total,
    next: page.next,
    rows: page.rows.slice(0, most),
    fields,
    suggested: { source, table: suggestTable(source) },
  }
}

type Request = ReturnType<typeof requestOfLink>

/** As it went out, with the word "secret" in the place of the secret. */
function shownRequest(session: CrmSession, definition: Definition, request: Request): TableTrial['request'] {
  const { headers = {}, query = {} } = authorise('[secret]', { definition })
  const url = new URL(request.path, session.url)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return {
    method: request.method,
    url: readable(url.href).replace('%5Bsecret%5D', '[secret]'),
    headers: { ...request.headers, ...mask(headers) },
    body: request.body?.toString() ?? null,
  }
}

/** An API's link may hold per cents that are no escapes: shown as they are. */
function readable(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}

const mask = (headers: Record<string, string>) =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, '[secret]']))
