import type { Reply } from '../exchange/http.ts'
import { abort, addJob, jobJson, jobOf, listJobs, removeJob, runJob } from './bulk-jobs.ts'
import { csvLine, separatorOf } from './csv.ts'
import { ApiError, json } from './errors.ts'
import type { Job } from './job.ts'
import { pathOf } from './paths.ts'
import { inputOf } from './records.ts'
import type { Call } from './simulator.ts'
import { parseSoql } from './soql.ts'
import { queriedTable, select, selectedFields } from './soql-run.ts'

/** `/jobs/query/…` */
export function bulkQuery(call: Call): Reply {
  const [, , id, part] = call.segments
  if (id === undefined) return call.method === 'POST' ? start(call) : listJobs(call, 'query')
  const job = jobOf(call, 'query')
  if (part === 'results') return results(call, job)
  if (call.method === 'PATCH') return abort(call, job)
  if (call.method === 'DELETE') return removeJob(call, job)
  return json(200, jobJson(job))
}

function start(call: Call): Reply {
  const { org } = call.sim
  const input = inputOf(call) as { operation?: string; query?: string; columnDelimiter?: string; lineEnding?: string }
  if (input.operation !== 'query' && input.operation !== 'queryAll')
    throw new ApiError(400, 'INVALIDJOB', 'operation must be query or queryAll')
  const query = parseSoql(String(input.query))
  if (query.select.some((item) => item.aggregate !== null) || query.offset > 0)
    throw new ApiError(400, 'API_ERROR', 'Bulk API does not support queries with aggregate functions, OFFSET or TYPEOF')
  const table = queriedTable(org, query)
  const fields = selectedFields(org, table, query)
  const job = addJob(call, {
    kind: 'query',
    operation: input.operation,
    object: table.definition.name,
    state: 'UploadComplete',
    version: call.version,
    query: String(input.query),
    columnDelimiter: input.columnDelimiter ?? 'COMMA',
    lineEnding: input.lineEnding ?? 'LF',
    fields,
    errorMessage: call.struck.includes('job-failed') ? 'InternalServerError : The job failed.' : null,
  })
  runJob(org, job, () => {
    job.selection = select(org, query, input.operation === 'queryAll' || query.allRows)
    job.processed = job.selection.rows.length
  })
  return json(200, jobJson(job))
}

const locatorOf = (at: number) => Buffer.from(String(at)).toString('base64url')

function results(call: Call, job: Job): Reply {
  if (job.state !== 'JobComplete' || !job.selection)
    throw new ApiError(400, 'INVALIDJOBSTATE', `Job state is ${job.state}, results are not available`)
  if (job.apiVersion !== Number(call.version.slice(1)))
    throw new ApiError(409, 'API_ERROR', 'The API version of the job differs from the one of the request')
  const { org } = call.sim
  const { table, rows } = job.selection
  const locator = call.query.get('locator')
  const from = locator === null ? 0 : Number(Buffer.from(locator, 'base64url').toString())
  if (!Number.isInteger(from) || from < 0 || from > rows.length)
    throw new ApiError(400, 'INVALID_LOCATOR', `Invalid locator: ${locator}`)
  const most = Number(call.query.get('maxRecords') ?? org.settings.bulkPageSize)
  const to = Math.min(rows.length, from + Math.max(1, most))
  const separator = separatorOf(job.columnDelimiter)
  const paths = job.fields.map((name) => pathOf(org, table, name))
  const reads = paths.map(({ field, read }) =>
    // The files write UTC as Z where REST writes +0000.
    field.type === 'datetime' && org.settings.bulkDates === 'Z'
      ? (row: (typeof rows)[number]) => read(row)?.toString().replace('+0000', 'Z') ?? null
      : read,
  )
  let body = csvLine(job.fields, separator)
  for (let i = from; i < to; i++) {
    const row = rows[i]!
    body += csvLine(
      reads.map((read) => read(row)),
      separator,
    )
  }
  if (job.lineEnding === 'CRLF') body = body.replaceAll('\n', '\r\n')
  const next = to >= rows.length ? 'null' : locatorOf(to)
  return {
    status: 200,
    headers: { 'content-type': 'text/csv', 'sforce-locator': next, 'sforce-numberofrecords': String(to - from) },
    body,
  }
}
