import type { Reading } from '#connectors/ask.ts'
import { emptyPage } from '#connectors/by-ids.ts'
import type { CrmSession } from '#connectors/call.ts'
import type { Page, PageOptions, TableScope, Walk } from '#connectors/connector.ts'
import { sliceRows } from '#connectors/row-slices.ts'
import { HubError } from '#core/errors.ts'
import type { RawRow } from '#model/reading.ts'
import { answeredAt, bulkFrom, leaveJob, readJobPage } from './bulk.ts'
import { canonicalRow } from './canonical.ts'
import { cutDeleted, sinceQuestion } from './changes.ts'
import { askAndRead } from './client.ts'
import { scopeCondition } from './filter.ts'
import { fromLink, present, type Question, selectedFields, toLink, toSoql, typesOf } from './question.ts'
import { pageEnvelope } from './wire.ts'

/** Rows of one answer at most ("Query"); one of them only tells that there is more. */
const largestPage = 1_999

export function questionOf(scope: TableScope): Question {
  return questionWhere(scope, scopeCondition(scope))
}

/** The scope's fields under another condition than its own: of all rows but those in the recycle bin. */
export function questionWhere(scope: TableScope, where: string | null): Question {
  const select = selectedFields(scope)
  return {
    from: scope.table.setName,
    select,
    types: typesOf(scope, select),
    ...present(scope, where),
    order: 'Id',
    deletion: [],
    after: null,
  }
}

/**
 * Where a walk starts; one over many rows is read by a job. So is one over rows that could not be counted: a count of very
 * many runs out of time, and a job reads any number.
 */
export function firstLink(scope: TableScope, walk: Walk, expected: number | null = 0): string {
  if (walk.kind === 'delta') return walk.link
  const question = questionOf(scope)
  if (walk.kind === 'since')
    return toLink(sinceQuestion(scope, { ...question, where: scopeCondition(scope) }, walk.since))
  const isMany = expected === null || expected >= bulkFrom
  return toLink(isMany ? { ...question, job: 'to be made' } : question)
}

export function readPage(session: CrmSession, link: string, _walk: Walk, options: PageOptions): Promise<Page> {
  const question = fromLink(link)
  return question.job ? readJobPage(session, question, options) : readRows(session, question, options)
}

/** Of a walk by queries nothing is kept there. */
export async function leaveWalk(session: CrmSession, link: string, options: { mayGoOn: boolean }): Promise<void> {
  const { job } = fromLink(link)
  if (job !== undefined && job !== 'to be made') await leaveJob(session, job.id, options)
}

/** One page of rows by query, with the link of the one behind it. */
export async function readRows(session: CrmSession, question: Question, options: PageOptions): Promise<Page> {
  const { lane, pageSize, signal } = options
  const size = Math.max(1, Math.min(Math.trunc(pageSize), largestPage))
  const asked = { what: `to read ${question.from}`, lane, ...(signal ? { signal } : {}) }
  const { rows, isCut, asOf, bytes } = await query(session, { ...question, soql: toSoql(question, size + 1) }, asked)
  const met = rows.length > size ? rows.slice(0, size) : rows
  const next = isCut || met !== rows ? toLink({ ...question, after: lastOf(met, question) }) : null
  const told = question.deletion.length > 0 ? cutDeleted(met) : { rows: met, deleted: [] }
  return { ...told, next, delta: null, asOf, bytes }
}

/** All rows of a question that has few, fewer than a page. */
export async function readFew(session: CrmSession, question: Question, asked: Reading): Promise<Page> {
  const whole = emptyPage()
  for (let part = question; ; ) {
    const { rows, isCut, asOf, bytes } = await query(session, { ...part, soql: toSoql(part, largestPage) }, asked)
    whole.rows.push(...rows)
    whole.asOf ??= asOf
    whole.bytes += bytes
    if (!isCut) return whole
    if (whole.rows.length > largestPage) throw new HubError('crm.body_invalid', 'the answers come to no end')
    part = { ...part, after: lastOf(rows, part) }
  }
}

interface Answer {
  rows: RawRow[]
  /**
   * There are more. Salesforce gives less at once than it is asked for where rows are large (never more than 200 with two
   * long texts of the organisation's own); what it kept back is asked for by a question of its own, not by its locator.
   */
  isCut: boolean
  asOf: Date | null
  bytes: number
}

/** Rows of one answer to a query in their one spelling. */
export function query(
  session: CrmSession,
  { soql, all = false }: { soql: string; all?: boolean },
  asked: Reading,
): Promise<Answer> {
  const path = `${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`
  return askAndRead(session, path, asked, async (reply) => {
    const { rows, envelope } = await sliceRows(reply.body, ['records'])
    const parsed = pageEnvelope.safeParse(envelope)
    if (!parsed.success) throw new HubError('crm.body_invalid', 'the answer is no page of rows')
    const isCut = !parsed.data.done
    // Else rows that the CRM keeps back would pass for rows that are not there.
    if (isCut && rows.length === 0) throw new HubError('crm.body_invalid', 'the answer keeps back all of its rows')
    return { rows: rows.map(canonicalRow), isCut, asOf: answeredAt(reply), bytes: reply.body.length }
  })
}

const idOf = /"Id":"(\w{15,18})"/
const stampOf = /"SystemModstamp":"([^"]+)"/

/** The place of the last row that has one: a row without an id can be no record of ours, and holds up no other. */
function lastOf(rows: readonly RawRow[], { order, after }: Question): NonNullable<Question['after']> {
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const text = rows[at]!.toString('latin1')
    const id = idOf.exec(text)?.[1]
    const stamp = order === 'SystemModstamp' ? stampOf.exec(text)?.[1] : undefined
    if (!id || (order === 'SystemModstamp' && stamp === undefined)) continue
    if (id === after?.id && stamp === after.stamp) break
    return { id, ...(stamp === undefined ? {} : { stamp }) }
  }
  throw new HubError('crm.body_invalid', 'the page does not lead on from the one before')
}
