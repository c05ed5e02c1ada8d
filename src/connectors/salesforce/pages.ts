import type { Reading } from '#connectors/ask.ts'
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
import { fromLink, type Question, selectedFields, toLink, toSoql, typesOf } from './question.ts'
import { pageEnvelope } from './wire.ts'

/** Rows of one answer at most ("Query"); one of them only tells that there is more. */
const largestPage = 1_999

export function questionOf(scope: TableScope): Question {
  const select = selectedFields(scope)
  return {
    from: scope.table.setName,
    select,
    types: typesOf(scope, select),
    where: scopeCondition(scope),
    order: 'Id',
    deletion: [],
    after: null,
  }
}

/** Where a walk starts; one over many rows is read by a job. */
export function firstLink(scope: TableScope, walk: Walk, expected: number | null = null): string {
  if (walk.kind === 'delta') return walk.link
  const question = questionOf(scope)
  if (walk.kind === 'since') return toLink(sinceQuestion(scope, question, walk.since))
  return toLink(expected !== null && expected >= bulkFrom ? { ...question, job: 'to be made' } : question)
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
  const all = question.deletion.length > 0
  const { rows, asOf, bytes } = await query(session, { soql: toSoql(question, size + 1), all }, asked)
  const more = rows.length > size
  const met = more ? rows.slice(0, size) : rows
  const next = more ? toLink({ ...question, after: lastOf(met, question) }) : null
  return { ...(all ? cutDeleted(met) : { rows: met, deleted: [] }), next, delta: null, asOf, bytes }
}

interface Answer {
  rows: RawRow[]
  asOf: Date | null
  bytes: number
}

/** Rows of one query in their one spelling; a query that asks for no more than a page has no second one. */
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
    // Else rows that the CRM keeps back would pass for rows that are not there.
    if (!parsed.data.done) throw new HubError('crm.body_invalid', 'the answer is shorter than was asked for')
    return { rows: rows.map(canonicalRow), asOf: answeredAt(reply), bytes: reply.body.length }
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
