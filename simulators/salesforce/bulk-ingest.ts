import type { Reply } from '../exchange/http.ts'
import { abort, addJob, jobJson, jobOf, listJobs, removeJob, runJob } from './bulk-jobs.ts'
import { createRow, deleteRow, type Target, updateRow } from './change-rows.ts'
import { byExternalId, toFields } from './coerce.ts'
import { csvLine, parseCsv, separatorOf } from './csv.ts'
import { ApiError, json, nothing } from './errors.ts'
import { longId } from './ids.ts'
import type { IngestRow, Job } from './job.ts'
import { atomically } from './organisation.ts'
import { inputOf, tableFor } from './records.ts'
import type { Call } from './simulator.ts'

const OPERATIONS = ['insert', 'update', 'upsert', 'delete', 'hardDelete']
/** Rows of one transaction: triggers and change events see so many at once. */
const CHUNK = 200

/** `/jobs/ingest/…` */
export function bulkIngest(call: Call): Reply {
  const [, , id, part] = call.segments
  if (id === undefined) return call.method === 'POST' ? open(call) : listJobs(call, 'ingest')
  const job = jobOf(call, 'ingest')
  if (part === 'batches') return upload(call, job)
  if (part !== undefined) return results(job, part)
  if (call.method === 'PATCH') return inputOf(call).state === 'Aborted' ? abort(call, job) : close(call, job)
  if (call.method === 'DELETE') return removeJob(call, job)
  return json(200, jobJson(job))
}

function open(call: Call): Reply {
  const input = inputOf(call) as Record<string, string | undefined>
  const operation = input.operation ?? ''
  if (!OPERATIONS.includes(operation)) throw new ApiError(400, 'INVALIDJOB', `Invalid operation: ${operation}`)
  const table = tableFor(call, input.object ?? '')
  const externalIdField = input.externalIdFieldName ?? ''
  if (operation === 'upsert' && !table.fields.get(externalIdField.toLowerCase()))
    throw new ApiError(
      400,
      'INVALIDJOB',
      `Field name provided, ${externalIdField} does not match an External ID for ${table.definition.name}`,
    )
  const job = addJob(call, {
    kind: 'ingest',
    operation,
    object: table.definition.name,
    state: 'Open',
    version: call.version,
    externalIdField,
    columnDelimiter: input.columnDelimiter ?? 'COMMA',
    lineEnding: input.lineEnding ?? 'LF',
    origin: `com/salesforce/api/bulk/${call.version.slice(1)}`,
    errorMessage: call.struck.includes('job-failed') ? 'InternalServerError : The job failed.' : null,
  })
  return json(200, jobJson(job))
}

function upload(call: Call, job: Job): Reply {
  if (job.state !== 'Open' || job.upload)
    throw new ApiError(400, 'INVALIDJOBSTATE', 'Job is not open for uploads, or has data already')
  job.upload = call.body
  return nothing(201)
}

function close(call: Call, job: Job): Reply {
  if (job.state !== 'Open')
    throw new ApiError(400, 'INVALIDJOBSTATE', `Job state ${job.state} cannot become UploadComplete`)
  job.state = 'UploadComplete'
  runJob(call.sim.org, job, () => ingest(call, job))
  return json(200, jobJson(job))
}

function ingest(call: Call, job: Job): void {
  const { org } = call.sim
  const table = tableFor(call, job.object)
  const target: Target = { org, table, userId: job.createdById, origin: job.origin }
  const [header = [], ...lines] = parseCsv(job.upload?.toString('utf8') ?? '', separatorOf(job.columnDelimiter))
  job.header = header
  for (let at = 0; at < lines.length; at += CHUNK)
    atomically(org, () => {
      for (const values of lines.slice(at, at + CHUNK)) job.rows.push(ingestRow(job, target, values))
    })
  job.processed = job.rows.length
  job.failed = job.rows.filter((r) => r.error !== null).length
}

function ingestRow(job: Job, target: Target, values: string[]): IngestRow {
  const given: Record<string, unknown> = {}
  job.header.forEach((name, i) => {
    const value = values[i] ?? ''
    // An empty cell leaves the field alone; #N/A empties it.
    if (value === '') return
    const [relation = '', key] = name.split('.')
    const cell = value === '#N/A' ? null : value
    given[key === undefined ? name : relation] = key === undefined ? cell : { [key]: cell }
  })
  const { undo } = target.org.transaction!
  const before = undo.length
  try {
    return { ...apply(job, target, given), error: null, values }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    for (const back of undo.splice(before).reverse()) back()
    return {
      id: '',
      created: false,
      error: `${error.errorCode}:${error.message}:${error.fields?.join(',') ?? ''}--`,
      values,
    }
  }
}

function apply(job: Job, target: Target, given: Record<string, unknown>): { id: string; created: boolean } {
  const { org, table } = target
  const { Id, ...rest } = given
  const id = longId(Id)
  if (job.operation === 'insert') return { id: createRow(target, toFields(org, table, rest)).id, created: true }
  if (job.operation === 'upsert' && job.externalIdField.toLowerCase() !== 'id') {
    const key = String(rest[job.externalIdField] ?? '')
    const ids = key === '' ? [] : byExternalId(table, job.externalIdField, key)
    if (ids.length > 1)
      throw new ApiError(400, 'DUPLICATE_EXTERNAL_ID', `${job.externalIdField}: more than one record found`)
    if (ids.length === 0) return { id: createRow(target, toFields(org, table, rest)).id, created: true }
    return { id: updateRow(target, ids[0]!, toFields(org, table, rest)).id, created: false }
  }
  if (id === null) throw new ApiError(400, 'MISSING_ARGUMENT', 'Id not specified in an update call')
  if (job.operation.toLowerCase().endsWith('delete')) return { id: deleteRow(target, id).id, created: false }
  return { id: updateRow(target, id, toFields(org, table, rest)).id, created: false }
}

function results(job: Job, part: string): Reply {
  const csv = (body: string): Reply => ({ status: 200, headers: { 'content-type': 'text/csv' }, body })
  const separator = separatorOf(job.columnDelimiter)
  const line = (values: unknown[]) => csvLine(values, separator)
  if (part === 'successfulResults')
    return csv(
      line(['sf__Id', 'sf__Created', ...job.header]) +
        job.rows
          .filter((r) => r.error === null)
          .map((r) => line([r.id, r.created, ...r.values]))
          .join(''),
    )
  if (part === 'failedResults')
    return csv(
      line(['sf__Id', 'sf__Error', ...job.header]) +
        job.rows
          .filter((r) => r.error !== null)
          .map((r) => line([r.id, r.error, ...r.values]))
          .join(''),
    )
  if (part === 'unprocessedrecords')
    return csv(job.state === 'JobComplete' ? line(job.header) : (job.upload?.toString('utf8') ?? ''))
  throw new ApiError(404, 'NOT_FOUND', 'The requested resource does not exist')
}
