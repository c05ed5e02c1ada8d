import type { Reply } from '../exchange/http.ts'
import { bulkIngest } from './bulk-ingest.ts'
import { bulkQuery } from './bulk-query.ts'
import { collections } from './collections.ts'
import { customField } from './components.ts'
import { batch, composite, graphs } from './composite.ts'
import { queryPage, searchPage } from './cursors.ts'
import { deployRequest } from './deploy.ts'
import { describeGlobal, describeObject } from './describe.ts'
import { ApiError, bodyOf, json, notFound } from './errors.ts'
import { admit, limitHeader, limitsReport } from './limits.ts'
import { userOf } from './oauth.ts'
import { changedIds, inputOf, recordRequest } from './records.ts'
import type { Call, Simulator } from './simulator.ts'

export type Request = { method: string; url: string; headers: Record<string, string>; body: Buffer; struck: string[] }

/** The oldest version that is still spoken. */
const OLDEST = 31

function versions(sim: Simulator): Reply {
  const list = Array.from({ length: sim.org.settings.apiVersion - OLDEST + 1 }, (_, i) => `${OLDEST + i}.0`)
  return json(
    200,
    list.map((version) => ({ label: `Release ${version}`, url: `/services/data/v${version}`, version })),
  )
}

/** Answers one request of the data service; errors become its error bodies. `closed` is called when its answer is out. */
export function serve(sim: Simulator, request: Request, closed: (done: () => void) => void): Reply {
  try {
    const url = new URL(request.url, sim.origin)
    if (/^\/services\/data\/?$/.test(url.pathname)) return versions(sim)
    const userId = userOf(sim.org, sim.sessions, request.headers.authorization)
    if (userId === null) throw new ApiError(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
    closed(admit(sim.limits))
    const reply = route(sim, request, url, userId)
    return { ...reply, headers: { ...reply.headers, ...limitHeader(sim.limits) } }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return json(error.status, bodyOf(error), error.status === 401 ? {} : limitHeader(sim.limits))
  }
}

function route(sim: Simulator, request: Request, url: URL, userId: string): Reply {
  const [, version = '', rest = ''] = /^\/services\/data\/(v\d+\.\d+)(?:\/(.*))?$/.exec(url.pathname) ?? []
  const number = Number(version.slice(1))
  if (version === '' || number < OLDEST || number > sim.org.settings.apiVersion) throw notFound()
  const { method, headers, body, struck } = request
  const segments = rest.split('/').filter(Boolean).map(decodeURIComponent)
  return answer({ sim, method, version, segments, query: url.searchParams, headers, body, userId, struck })
}

const RESOURCES = ['query', 'queryAll', 'search', 'sobjects', 'limits', 'composite', 'jobs', 'metadata', 'tooling']

function answer(call: Call): Reply {
  const { sim, version, segments } = call
  const [first, second] = segments
  switch (first) {
    case undefined:
      return json(200, {
        ...Object.fromEntries(RESOURCES.map((name) => [name, `/services/data/${version}/${name}`])),
        identity: `${sim.origin}/id/${sim.org.id}/${call.userId}`,
      })
    case 'limits':
      return json(200, limitsReport(sim.limits))
    case 'query':
    case 'queryAll':
      return queryPage(call)
    case 'search':
      return searchPage(call)
    case 'sobjects':
      return sobjects(call)
    case 'composite':
      if (second === 'sobjects') return collections(call)
      if (second === 'batch') return batch(call, answer)
      if (second === 'graph') return graphs(call, answer)
      return composite(call, answer)
    case 'jobs':
      return second === 'ingest' ? bulkIngest(call) : bulkQuery(call)
    case 'metadata':
      return deployRequest(call)
    case 'tooling':
      return tooling(call)
    default:
      throw notFound()
  }
}

function sobjects(call: Call): Reply {
  const [, name, part] = call.segments
  if (name === undefined) return describeGlobal(call)
  if (part === 'describe') return describeObject(call, name, call.sim.schemaAt.value)
  if (part === 'updated' || part === 'deleted') return changedIds(call)
  if (part === undefined && call.method === 'GET') {
    const body = JSON.parse(String(describeObject({ ...call, headers: {} }, name, 0).body)) as Record<string, unknown>
    const { fields: _, childRelationships: __, ...objectDescribe } = body
    return json(200, { objectDescribe, recentItems: [] })
  }
  return recordRequest(call)
}

/** Of the Tooling API what makes a field: `POST /tooling/sobjects/CustomField`. */
function tooling(call: Call): Reply {
  if (call.segments.join('/') !== 'tooling/sobjects/CustomField' || call.method !== 'POST') throw notFound()
  const input = inputOf(call) as { FullName?: string; Metadata?: Record<string, unknown> }
  const [object = '', name = ''] = (input.FullName ?? '').split('.')
  const table = call.sim.org.tables.get(object.toLowerCase())
  if (!table || !call.sim.org.settings.mayDeploy)
    throw new ApiError(400, 'INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id')
  if (table.fields.has(name.toLowerCase()))
    throw new ApiError(400, 'DUPLICATE_DEVELOPER_NAME', `There is already a field named ${name} on ${object}.`)
  const source = Object.entries(input.Metadata ?? {}).map(([key, value]) => `<${key}>${String(value)}</${key}>`)
  customField(call.sim.org, `${object}.${name}`, source.join(''))
  return json(201, {
    id: `00N${table.definition.keyPrefix}${String(table.definition.fields.length).padStart(9, '0')}AAA`,
    success: true,
    errors: [],
    warnings: [],
    infos: [],
  })
}
