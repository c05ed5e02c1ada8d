import type { Reply } from '../exchange/http.ts'
import { dateTime } from './dates.ts'
import { ApiError, json, notFound, nothing } from './errors.ts'
import { makeId } from './ids.ts'
import type { Job, JobState } from './job.ts'
import { now, type Organisation } from './organisation.ts'
import type { Call } from './simulator.ts'

type Given = Pick<Job, 'kind' | 'operation' | 'object' | 'state' | 'version'> & Partial<Job>

export function addJob(call: Call, given: Given): Job {
  const { org, jobs } = call.sim
  const at = now(org)
  const job: Job = {
    id: makeId('750', org.instance, jobs.next++),
    apiVersion: Number(call.version.slice(1)),
    createdById: call.userId,
    createdAt: at,
    changedAt: at,
    columnDelimiter: 'COMMA',
    lineEnding: 'LF',
    errorMessage: null,
    processed: 0,
    failed: 0,
    query: '',
    fields: [],
    selection: null,
    externalIdField: '',
    upload: null,
    header: [],
    rows: [],
    origin: '',
    ...given,
  }
  jobs.list.set(job.id, job)
  return job
}

/** Goes through the states in their time; what the job does is done between InProgress and its end. */
export function runJob(org: Organisation, job: Job, work: () => void): void {
  const step = (state: JobState) => {
    job.state = state
    job.changedAt = now(org)
  }
  const later = (then: () => void) => setTimeout(then, org.settings.bulkStateMs).unref()
  later(() => {
    if (job.state !== 'UploadComplete') return
    step('InProgress')
    later(() => {
      if (job.state !== 'InProgress') return
      try {
        if (job.errorMessage !== null) throw new Error(job.errorMessage)
        work()
        step('JobComplete')
      } catch (error) {
        job.errorMessage =
          error instanceof ApiError ? `${error.errorCode} : ${error.message}` : (error as Error).message
        step('Failed')
      }
    })
  })
}

export function jobJson(job: Job): Record<string, unknown> {
  const query = job.kind === 'query'
  return {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.createdById,
    createdDate: dateTime(job.createdAt),
    systemModstamp: dateTime(job.changedAt),
    state: job.state,
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: job.apiVersion,
    ...(query
      ? {}
      : {
          contentUrl: `services/data/${job.version}/jobs/ingest/${job.id}/batches`,
          externalIdFieldName: job.externalIdField || undefined,
        }),
    ...(query ? { jobType: 'V2Query' } : { jobType: 'V2Ingest' }),
    lineEnding: job.lineEnding,
    columnDelimiter: job.columnDelimiter,
    ...(job.state === 'Open'
      ? {}
      : {
          numberRecordsProcessed: job.processed,
          retries: 0,
          totalProcessingTime: Math.round(job.changedAt - job.createdAt),
        }),
    ...(query ? {} : { numberRecordsFailed: job.failed, apexProcessingTime: 0, apiActiveProcessingTime: 0 }),
    ...(job.errorMessage === null || job.state !== 'Failed' ? {} : { errorMessage: job.errorMessage }),
  }
}

export function jobOf(call: Call, kind: Job['kind']): Job {
  const job = call.sim.jobs.list.get(call.segments[2] ?? '')
  if (job?.kind !== kind) throw notFound()
  return job
}

export function abort(call: Call, job: Job): Reply {
  if (job.state === 'JobComplete' || job.state === 'Failed' || job.state === 'Aborted')
    throw new ApiError(400, 'INVALIDJOBSTATE', 'Aborting already completed Job not allowed')
  job.state = 'Aborted'
  job.changedAt = now(call.sim.org)
  return json(200, jobJson(job))
}

export function removeJob(call: Call, job: Job): Reply {
  if (job.state === 'InProgress')
    throw new ApiError(400, 'API_ERROR', 'Error encountered when deleting the job because the job is not terminated')
  call.sim.jobs.list.delete(job.id)
  return nothing()
}

export function listJobs(call: Call, kind: Job['kind']): Reply {
  const records = [...call.sim.jobs.list.values()].filter((j) => j.kind === kind).map(jobJson)
  return json(200, { done: true, records, nextRecordsUrl: null })
}
