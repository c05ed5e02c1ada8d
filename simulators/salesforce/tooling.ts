import type { Reply } from '../exchange/http.ts'
import { calloutsOfAnonymous } from './apex-callout.ts'
import { customField } from './components.ts'
import { ApiError, json, notFound } from './errors.ts'
import { callOut } from './outgoing.ts'
import { inputOf } from './records.ts'
import type { Call } from './simulator.ts'

/** Of the Tooling API what makes a field, `POST /tooling/sobjects/CustomField`, and `GET /tooling/executeAnonymous`. */
export function tooling(call: Call): Reply {
  if (call.segments.join('/') === 'tooling/executeAnonymous') return executeAnonymous(call)
  if (call.segments.join('/') !== 'tooling/sobjects/CustomField' || call.method !== 'POST') throw notFound()
  const input = inputOf(call) as { FullName?: string; Metadata?: Record<string, unknown> }
  const [object = '', name = ''] = (input.FullName ?? '').split('.')
  // Fields of an Activity are those of tasks and of events.
  const objects = object === 'Activity' ? ['Task', 'Event'] : [object]
  const table = call.sim.org.tables.get(objects[0]!.toLowerCase())
  if (!table || !call.sim.org.settings.mayDeploy)
    throw new ApiError(400, 'INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id')
  if (table.fields.has(name.toLowerCase()))
    throw new ApiError(400, 'DUPLICATE_DEVELOPER_NAME', `There is already a field named ${name} on ${object}.`)
  const source = Object.entries(input.Metadata ?? {}).map(([key, value]) => `<${key}>${String(value)}</${key}>`)
  for (const each of objects) customField(call.sim.org, `${each}.${name}`, source.join(''))
  return json(201, {
    id: `00N${table.definition.keyPrefix}${String(table.definition.fields.length).padStart(9, '0')}AAA`,
    success: true,
    errors: [],
    warnings: [],
    infos: [],
  })
}

function executeAnonymous({ sim, query, userId }: Call): Reply {
  if (!sim.org.settings.mayExecuteApex)
    throw new ApiError(403, 'INSUFFICIENT_ACCESS', 'This user lacks the permission Author Apex')
  const installed = [...sim.deployments.installed.values()]
  const callouts = calloutsOfAnonymous(sim.org, installed, query.get('anonymousBody') ?? '', userId)
  const problem = callouts.find(({ error }) => error !== null)?.error ?? null
  if (problem === null) callOut(sim.outgoing, callouts)
  const place = { line: problem === null ? -1 : 1, column: problem === null ? -1 : 1 }
  const trace = { exceptionMessage: null, exceptionStackTrace: null }
  return json(200, {
    ...place,
    compiled: problem === null,
    success: problem === null,
    compileProblem: problem,
    ...trace,
  })
}

/** Of classes and triggers name and text, by a list of names or their beginning; null for other queries. */
export function apexQuery({ sim, query }: Call): Reply | null {
  const soql = query.get('q') ?? ''
  const type = /^SELECT\s+Name,\s*Body\s+FROM\s+(ApexClass|ApexTrigger)\s+WHERE\b/i.exec(soql)?.[1]
  if (type === undefined) return null
  const texts = [...soql.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text]) => text!.replaceAll('\\', ''))
  const fits = (name: string) =>
    texts.some((text) => (text.endsWith('%') ? name.startsWith(text.slice(0, -1)) : name === text))
  const records = [...sim.deployments.installed.values()].flatMap((component) =>
    component.type === type && fits(component.fullName)
      ? [{ attributes: { type }, Name: component.fullName, Body: component.source }]
      : [],
  )
  return json(200, { totalSize: records.length, done: true, records })
}
