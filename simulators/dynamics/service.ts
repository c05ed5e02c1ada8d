import { demand } from './auth.ts'
import { countChanges, deltaPage, trackedPage, wantsTracking } from './changes.ts'
import { csdl } from './csdl.ts'
import { odata, ServiceError } from './errors.ts'
import { expander } from './expand.ts'
import { json, parsePrefer, type Reply, type Request } from './http.ts'
import { readKey } from './keys.ts'
import { COUNT_LIMIT, countMatching, listPage } from './list.ts'
import { applied, contextOf, type ListRequest } from './list-request.ts'
import { metadataPage } from './metadata.ts'
import type { Organization } from './organization.ts'
import { heldPrivileges } from './privileges.ts'
import { parseQuery, selected, splitUrl } from './query.ts'
import { annotationTest, rowWriter } from './row-json.ts'
import { find, type Row, type Table, versionOf } from './table.ts'

export type Service = { org: Organization; origin: string; totals: Map<string, number>; totalsAt: number }

export type Call = {
  service: Service
  request: Request
  /** `{origin}/api/data/v9.2/` */
  root: string
  segments: string[]
  query: string
}

/** Answers one request of the Web API; errors become the service's error bodies. */
export function answer(service: Service, request: Request, writes: (call: Call) => Reply): Reply {
  try {
    const { path, query } = splitUrl(request.url)
    const version = /^\/api\/data\/(v9\.\d)(?:\/|$)/.exec(path)?.[1]
    if (!version) throw new ServiceError(404, '0x80060888', 'Resource not found.')
    const segments = splitPath(path.slice(`/api/data/${version}/`.length))
    const call = { service, request, root: `${service.origin}/api/data/${version}/`, segments, query }
    return request.method === 'GET' ? read(call) : writes(call)
  } catch (error) {
    return errorReply(error, request)
  }
}

export function errorReply(error: unknown, request: Request): Reply {
  if (!(error instanceof ServiceError)) throw error
  const annotations = parsePrefer(request.headers.prefer).get('odata.include-annotations')
  const more =
    annotations === '*'
      ? {
          '@Microsoft.PowerApps.CDS.ErrorDetails.HttpStatusCode': String(error.status),
          '@Microsoft.PowerApps.CDS.HelpLink': `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${error.code}`,
          '@Microsoft.PowerApps.CDS.TraceText': '',
          '@Microsoft.PowerApps.CDS.InnerError.Message': error.message,
        }
      : {}
  return json(
    error.status,
    JSON.stringify({ error: { code: error.code, message: error.message, ...more } }),
    error.headers,
  )
}

/** Path parts, decoded; a `/` inside quotes or parentheses separates nothing. */
function splitPath(path: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let part = ''
  for (const c of decodeURIComponent(path)) {
    if (c === "'") quoted = !quoted
    if (!quoted && c === '(') depth++
    if (!quoted && c === ')') depth--
    if (c === '/' && depth === 0 && !quoted) {
      parts.push(part)
      part = ''
    } else part += c
  }
  return [...parts, part].filter((p, i, all) => p !== '' || i < all.length - 1)
}

function read(call: Call): Reply {
  const { service, request, segments, root, query } = call
  const [first = ''] = segments
  const name = first.split('(')[0]!
  if (segments.length === 0) return serviceDocument(call)
  if (/^(EntityDefinitions|GlobalOptionSetDefinitions)$/.test(name))
    return metadataPage({ org: service.org, root, query }, segments)
  if (name === '$metadata') return csdl(service.org, query.includes('annotations=true'))
  if (name === 'RetrieveCurrentOrganization') return currentOrganization(call)
  if (name === 'WhoAmI' || name === 'Microsoft.Dynamics.CRM.WhoAmI') return whoAmI(call)
  if (name === 'RetrieveVersion') return plain(call, 'RetrieveVersionResponse', { Version: '9.2.26104.00182' })
  if (name === 'RetrieveTotalRecordCount') return totalCounts(call)
  if (/^(Microsoft\.Dynamics\.CRM\.)?RetrieveUserPrivileges\b/.test(segments[1] ?? '')) return userPrivileges(call)
  const table = tableOf(call, name)
  demand(service.org, request.userId, 'Read', table.definition.logical)
  if (first !== name) return readOne(call, table)
  if (segments[1] === '$count' && segments.length === 2) return count(call, table)
  if (segments.length > 1) throw noSegment(segments[1]!)
  return readList(call, table)
}

export const noSegment = (segment: string) =>
  new ServiceError(404, '0x8006088a', `Resource not found for the segment '${segment}'.`)

export function tableOf(call: Call, set: string): Table {
  const table = call.service.org.sets.get(set)
  if (!table) throw noSegment(set)
  return table
}

function serviceDocument({ root, service }: Call): Reply {
  const value = [...service.org.sets.keys()].map((name) => ({ name, kind: 'EntitySet', url: name }))
  return json(200, JSON.stringify({ '@odata.context': `${root}$metadata`, value }))
}

function plain({ root }: Call, type: string, values: Record<string, unknown>): Reply {
  const body = { '@odata.context': `${root}$metadata#Microsoft.Dynamics.CRM.${type}`, ...values }
  return json(200, JSON.stringify(body), { 'x-ms-dop-hint': '10' })
}

function whoAmI(call: Call): Reply {
  const { org } = call.service
  const BusinessUnitId = org.seedData.businessUnit
  return plain(call, 'WhoAmIResponse', { BusinessUnitId, UserId: call.request.userId, OrganizationId: org.id })
}

function userPrivileges(call: Call): Reply {
  const { org } = call.service
  const userId = /\(([^)]*)\)/.exec(call.segments[0] ?? '')?.[1]?.toLowerCase() ?? call.request.userId
  return plain(call, 'RetrieveUserPrivilegesResponse', { RolePrivileges: heldPrivileges(org, userId) })
}

function currentOrganization(call: Call): Reply {
  const { org, origin } = call.service
  const Detail = {
    OrganizationId: org.id,
    FriendlyName: 'Contoso',
    OrganizationVersion: '9.2.26104.00182',
    EnvironmentId: org.id,
    UniqueName: org.name,
    UrlName: org.name,
    State: 'Enabled',
    Endpoints: { Count: 1, IsReadOnly: false, Keys: ['WebApplication'], Values: [`${origin}/`] },
  }
  return plain(call, 'RetrieveCurrentOrganizationResponse', { Detail })
}

const DAY = 86_400_000

/** A snapshot that may be a day old, as in the service. */
function totalCounts(call: Call): Reply {
  const { service, query } = call
  const text = decodeURIComponent(query)
  const names = [
    ...(/\[(.*)\]/s.exec(text || decodeURIComponent(call.request.url))?.[1] ?? '').matchAll(/['"]([^'"]+)['"]/g),
  ].map((m) => m[1]!)
  if (!service.org.settings.staleTotals || Date.now() - service.totalsAt > DAY) snapshotTotals(service)
  for (const name of names)
    if (!service.org.tables.has(name))
      throw new ServiceError(
        400,
        '0x80041102',
        `The entity with a name = '${name}' with namemapping = 'Logical' was not found in the MetadataCache.`,
      )
  const Values = names.map((name) => service.totals.get(name) ?? 0)
  return plain(call, 'RetrieveTotalRecordCountResponse', {
    EntityRecordCountCollection: { Count: names.length, IsReadOnly: false, Keys: names, Values },
  })
}

export function snapshotTotals(service: Service): void {
  service.totals = new Map([...service.org.tables].map(([name, table]) => [name, table.live]))
  service.totalsAt = Date.now()
}

function listRequest(call: Call, table: Table): ListRequest {
  const { service, request, root, query } = call
  return {
    org: service.org,
    table,
    query: parseQuery(query),
    prefer: parsePrefer(request.headers.prefer),
    root,
    url: request.url,
  }
}

function readList(call: Call, table: Table): Reply {
  const r = listRequest(call, table)
  if (r.query.deltatoken !== null) return deltaPage(r)
  return wantsTracking(r) ? trackedPage(r) : listPage(r)
}

function count(call: Call, table: Table): Reply {
  const r = listRequest(call, table)
  const number = r.query.deltatoken === null ? countMatching(r, COUNT_LIMIT) : countChanges(r)
  return { status: 200, headers: { 'content-type': 'text/plain', 'odata-version': '4.0' }, body: String(number) }
}

function readOne(call: Call, table: Table): Reply {
  const { segments, request } = call
  const key = readKey(table, segments[0]!)
  if (key.row === undefined) throw key.missing()
  const r = listRequest(call, table)
  const etag = `W/"${versionOf(table, key.row)}"`
  if (segments.length > 1) return property(r, segments.slice(1), key.row)
  const narrow = r.query.expand.length === 0 && !r.prefer.has('odata.include-annotations')
  if (narrow && request.headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: '' }
  return json(200, single(r, key.row), { etag, ...applied(r.prefer) })
}

/** One row as a reply's body. */
function single(r: ListRequest, row: Row): string {
  const columns = selected(r.table, r.query.select)
  const annotations = annotationTest(r.prefer.get('odata.include-annotations'))
  const write =
    r.query.expand.length === 0
      ? rowWriter(r.org, r.table, columns, { annotations })
      : expander(r, columns, annotations)
  return `{${contextOf(r, '/$entity')},${write(row).slice(1)}`
}

export const representation = (call: Call, table: Table, id: string): string =>
  single(listRequest(call, table), find(table, id)!)

function property(r: ListRequest, rest: string[], row: Row): Reply {
  const [name = '', tail] = rest
  const column = r.table.columns.get(name)
  if (!column) throw odata(`Resource not found for the segment '${name}'.`, 404)
  const write = rowWriter(r.org, r.table, [column], { annotations: null, bare: true })
  const value = write(row).slice(JSON.stringify(name).length + 2, -1)
  if (tail === '$value')
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(JSON.parse(value) ?? '') }
  return json(
    200,
    `{"@odata.context":${JSON.stringify(`${r.root}$metadata#${r.table.definition.set}/${name}`)},"value":${value}}`,
  )
}
