import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { Page, PageOptions } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import { canonicalNumber, canonicalTime } from './canonical.ts'
import { askAndRead, askJson, refusal, sendOnce, vendorError } from './client.ts'
import { csvRecords } from './csv.ts'
import { type Question, toLink, toSoql } from './question.ts'
import { bulkJob } from './wire.ts'

/**
 * From so many rows on a job reads them: below, REST has them in fewer than thirty calls and is done before a job of the
 * Bulk API has left its queue; above, calls of the day are what counts (2,000 rows a call by REST, as many as the page is
 * large by a job).
 */
export const bulkFrom = 50_000

// Looked at after these pauses, then every ten seconds; a page without rows is given at most this often, so that what
// was read so far is told, and a stop is heeded.
const firstPauseMs = 250
const longestPauseMs = 10_000
const longestLookMs = 20_000
const leaveMs = 15_000

/** One step of a walk by a job: made, waited for, read page by page. Each step's link is enough to go on from. */
export function readJobPage(session: CrmSession, question: Question, options: PageOptions): Promise<Page> {
  const { job } = question
  if (job === undefined || job === 'to be made') return make(session, question, options)
  const ofJob: OfJob = { ...question, job }
  return job.locator === null ? waitFor(session, ofJob, options) : readResults(session, ofJob, options)
}

const empty = { rows: [], deleted: [], delta: null, bytes: 0 }

/**
 * Ends a job that nobody waits for: else it goes on reading, and counts among the few that may. What it has read is
 * removed too, unless the walk may go on.
 */
export async function leaveJob(session: CrmSession, id: string, { mayGoOn }: { mayGoOn: boolean }): Promise<void> {
  const path = `jobs/query/${id}`
  const once = { lane: 'incremental', deadlineMs: leaveMs } as const
  const aborted = await sendOnce(session, path, { method: 'PATCH', body: { state: 'Aborted' }, ...once })
  // Ended by itself: what it has read stays for who resumes the walk.
  const done = aborted.status === 400 && /INVALID_?JOB_?STATE/i.test(vendorError(aborted).code)
  if (aborted.status === 404 || (done && mayGoOn)) return
  if (!done && aborted.status >= 300) throw refusal(aborted, `to abort the job ${id}`)
  const removed = await sendOnce(session, path, { method: 'DELETE', ...once })
  if (removed.status >= 300 && removed.status !== 404) throw refusal(removed, `to delete the job ${id}`)
}

async function make(session: CrmSession, question: Question, { lane, signal }: PageOptions): Promise<Page> {
  const asked = {
    what: `to read ${question.from} by a job`,
    lane,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // Made twice after a lost answer it costs a job of ten thousand a day, and no row.
    body: JSON.stringify({
      operation: question.all ? 'queryAll' : 'query',
      query: toSoql(question, null),
    }),
  }
  let asOf: Date | null = null
  const id = await askAndRead(session, 'jobs/query', asked, (reply) => {
    asOf = answeredAt(reply)
    return jobOf(reply).id
  })
  // Stopped while it was being made: no page tells of it, so nobody could end it later.
  if (signal?.aborted) {
    await leaveJob(session, id, { mayGoOn: false }).catch(() => undefined)
    signal.throwIfAborted()
  }
  return { ...empty, asOf, next: toLink({ ...question, job: { id, polls: 0, locator: null } }) }
}

function jobOf(reply: CrmReply) {
  let body: unknown
  try {
    body = JSON.parse(reply.text)
  } catch {
    throw new HubError('crm.body_invalid', 'the answer is not valid JSON')
  }
  const job = bulkJob.safeParse(body)
  if (job.success) return job.data
  throw new HubError('crm.body_invalid', 'the answer tells of no job')
}

interface OfJob extends Question {
  job: { id: string; polls: number; locator: string | null }
}

async function waitFor(session: CrmSession, question: OfJob, options: PageOptions): Promise<Page> {
  const { job } = question
  const { lane, signal } = options
  const asked = { what: `for the state of job ${job.id}`, lane, ...(signal ? { signal } : {}) }
  for (let pause = firstPauseMs, waited = 0; ; pause = Math.min(pause * 2, longestPauseMs)) {
    const { state, errorMessage } = await askJson(session, `jobs/query/${job.id}`, asked, bulkJob).catch(
      whenGone(job.id),
    )
    // The first page of a file has no locator: an empty one stands for it.
    if (state === 'JobComplete')
      return { ...empty, asOf: null, next: toLink({ ...question, job: { ...job, locator: '' } }) }
    if (state === 'Failed' || state === 'Aborted') throw ended(job.id, state, errorMessage)
    if (waited >= longestLookMs) break
    await wait(pause, undefined, signal ? { signal } : {})
    waited += pause
  }
  return { ...empty, asOf: null, next: toLink({ ...question, job: { ...job, polls: job.polls + 1 } }) }
}

function ended(id: string, state: string, message: string | null | undefined): HubError {
  const field = /No such column '([^']+)'/.exec(message ?? '')?.[1]
  const reason = `The job ${id} of Salesforce is ${state.toLowerCase()}${message ? `: ${message.slice(0, 300)}` : ''}`
  if (field) return new HubError('field.unknown', reason, { field })
  return new HubError('crm.delta_expired', `${reason}. The reading begins anew`, {
    mend: 'If it happens again, look at “Bulk Data Load Jobs” in Setup, where the job stands with its reason.',
  })
}

/** Jobs are kept for seven days, and a change of the API's version makes them unreadable. */
const whenGone = (id: string) => (error: unknown) => {
  const gone =
    isHubError(error, 'crm.refused', 'crm.privilege_missing') && [404, 409].includes(error.detail.vendorStatus ?? 0)
  if (!gone) throw error
  throw new HubError('crm.delta_expired', `The job ${id} of Salesforce is gone. The reading begins anew`, {
    cause: error,
  })
}

async function readResults(session: CrmSession, question: OfJob, options: PageOptions): Promise<Page> {
  const { job } = question
  const { lane, pageSize, signal } = options
  const query = new URLSearchParams({ maxRecords: String(pageSize), ...(job.locator ? { locator: job.locator } : {}) })
  const asked = {
    what: `for the rows of job ${job.id}`,
    lane,
    headers: { accept: 'text/csv' },
    ...(signal ? { signal } : {}),
  }
  return askAndRead(session, `jobs/query/${job.id}/results?${query}`, asked, async (reply) => {
    const rows = await rowsOf(reply, question)
    const locator = reply.headers['sforce-locator'] ?? 'null'
    if (locator === job.locator) throw new HubError('crm.body_invalid', 'the page names itself as the next one')
    const next = locator === 'null' || locator === '' ? null : toLink({ ...question, job: { ...job, locator } })
    return { ...empty, rows, asOf: answeredAt(reply), next, bytes: reply.body.length }
  }).catch(whenGone(job.id))
}

const rowsPerTurn = 500

async function rowsOf(reply: CrmReply, question: Question): Promise<RawRow[]> {
  const records = csvRecords(reply.text)
  const header = records.next().value
  if (!header || header.join() !== question.select.join()) {
    throw new HubError('crm.body_invalid', 'the file is not of the fields that were asked for')
  }
  const rows: RawRow[] = []
  const write = rowWriter(question)
  for (const record of records) {
    if (record.length !== header.length) throw new HubError('crm.body_invalid', 'a line of the file is not whole')
    rows.push(Buffer.from(write(record)))
    if (rows.length % rowsPerTurn === 0) await nextTurn()
  }
  const told = reply.headers['sforce-numberofrecords']
  if (told !== undefined && Number(told) !== rows.length) {
    throw new HubError('crm.body_invalid', `the file has ${rows.length} rows where ${told} were told`)
  }
  return rows
}

/** A line as REST would have written the row. */
function rowWriter({ select, types }: Question): (record: readonly string[]) => string {
  const keys = select.map((name, at) => `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`)
  return (record) => {
    let text = ''
    for (let at = 0; at < keys.length; at += 1) text += keys[at] + valueText(record[at]!, types[at])
    return `${text}}`
  }
}

// Salesforce keeps no empty texts: they are null.
function valueText(text: string, type: string | undefined): string {
  if (text === '') return 'null'
  if (type === 'n' && /^-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?$/.test(text)) return canonicalNumber(text)
  if (type === 'b' && (text === 'true' || text === 'false')) return text
  return JSON.stringify(type === 'd' ? canonicalTime(text) : text)
}

export function answeredAt(reply: CrmReply): Date | null {
  const time = Date.parse(reply.headers.date ?? '')
  return Number.isNaN(time) ? null : new Date(time)
}
