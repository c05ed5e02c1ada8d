import type { Reading } from '#connectors/ask.ts'
import { emptyPage, idsOnce, questionsFor } from '#connectors/by-ids.ts'
import type { CrmSession, Lane } from '#connectors/call.ts'
import type { Page, TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { allOf, kindCondition, otherKindsCondition, quoted } from './filter.ts'
import { canonicalId } from './ids.ts'
import { questionWhere, readFew } from './pages.ts'
import { type Question, toSoql } from './question.ts'
import { readId } from './read-row.ts'

/** Ids read back in one call: at 20 characters each they leave room for the fields in an address of 8 KB. */
export const idsPerRead = 200

// What stands between often takes no more; Salesforce takes 16 KB.
const longestAddress = 8_000

/** Rows by id, filter or not; what is in the recycle bin is absent. */
export async function readByIds(
  session: CrmSession,
  scope: TableScope,
  ids: readonly string[],
  lane: Lane,
): Promise<Page> {
  const wanted = idsOnce(ids.map(canonicalId), idsPerRead)
  const asked = { what: `to read ${scope.table.name} by id`, lane }
  let whole = emptyPage()
  for (const question of questions(wanted, (condition) => ofTable(scope, condition))) {
    const { rows, asOf, bytes } = await readFew(session, question, asked)
    whole = { ...whole, rows: [...whole.rows, ...rows], asOf: whole.asOf ?? asOf, bytes: whole.bytes + bytes }
  }
  const answered = new Set(whole.rows.map((raw) => readId(scope, raw)))
  const elsewhere = await readElsewhere(
    session,
    scope,
    wanted.filter((id) => !answered.has(id)),
    asked,
  )
  return { ...whole, elsewhere }
}

/** Those of the ids that the object has under another table of ours, or had: the recycle bin tells what they were. */
async function readElsewhere(
  session: CrmSession,
  scope: TableScope,
  ids: readonly string[],
  asked: Reading,
): Promise<string[]> {
  const others = otherKindsCondition(scope.table)
  if (others === null) return []
  const found: string[] = []
  const asking = (condition: string) => {
    const where = allOf([condition, others])
    return { ...questionWhere(scope, where), select: ['Id'], types: 't', where, all: true }
  }
  for (const question of questions(ids, asking)) {
    const { rows } = await readFew(session, question, asked)
    found.push(...rows.map((raw) => readId(scope, raw)).filter((id) => id !== null))
  }
  return found
}

function questions(ids: readonly string[], asking: (condition: string) => Question): Question[] {
  const conditionOf = (some: readonly string[]) => `Id IN (${some.map((id) => `'${id}'`).join(',')})`
  const isShort = (condition: string) =>
    encodeURIComponent(toSoql(asking(condition), idsPerRead)).length <= longestAddress
  return questionsFor(ids, conditionOf, isShort).map(asking)
}

function ofTable(scope: TableScope, condition: string): Question {
  const kind = kindCondition(scope.table)
  return questionWhere(scope, allOf([condition, ...(kind === null ? [] : [kind])]))
}

/** The row that a create wrote this key into. */
export async function readByKey(session: CrmSession, scope: TableScope, key: string): Promise<Page> {
  const field = scope.table.keyField?.name
  if (!field) throw new HubError('input.invalid', `${scope.table.name} has no field for keys`)
  const asked = { what: `to read ${scope.table.name} by its key`, lane: 'person' } as const
  return readFew(session, ofTable(scope, `${field} = ${quoted(key)}`), asked)
}
