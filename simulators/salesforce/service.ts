import type { Reply } from '../exchange/http.ts'
import { bulkIngest } from './bulk-ingest.ts'
import { bulkQuery } from './bulk-query.ts'
import { collections } from './collections.ts'
import { batch, composite, graphs } from './composite.ts'
import { queryPage, searchPage } from './cursors.ts'
import { deployRequest } from './deploy.ts'
import { describeGlobal, describeObject } from './describe.ts'
import { ApiError, bodyOf, json, notFound } from './errors.ts'
import { admit, limitHeader, limitsReport } from './limits.ts'
import { userOf } from './oauth.ts'
import { changedIds, recordRequest } from './records.ts'
import type { Request } from './request.ts'
import type { Call, Simulator } from './simulator.ts'
import { apexQuery, tooling } from './tooling.ts'

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
      return apexQuery(call) ?? queryPage(call)
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
