import type { TableScope } from '#connectors/connector.ts'
import type { SourceTable } from '#model/field.ts'
import type { RawRow } from '#model/reading.ts'
import { cutDeletion } from './canonical.ts'
import { allOf, moment } from './filter.ts'
import type { Question } from './question.ts'

/**
 * Rows modified since a time, the deleted among them: SystemModstamp moves with every change, also with a delete and an
 * undelete. A row that changes meanwhile moves to the end and is met again there.
 */
export function sinceQuestion(scope: TableScope, question: Question, since: Date): Question {
  const condition = `SystemModstamp >= ${moment(since.getTime())}`
  const where = allOf([...(question.where === null ? [] : [question.where]), condition])
  const deletion = deletionFields(scope.table)
  return { ...question, where, order: 'SystemModstamp', all: deletion.length > 0, deletion }
}

/** What tells a deleted row and the record that it was merged into; users are never deleted, and have neither. */
function deletionFields({ fields }: SourceTable): string[] {
  return ['IsDeleted', 'MasterRecordId'].filter((name) => fields.some((field) => field.name === name))
}

/** Rows that were deleted, told from those that hold a record; of a merge both sides are to be looked at. */
export function cutDeleted(all: readonly RawRow[]): { rows: RawRow[]; deleted: string[] } {
  const rows: RawRow[] = []
  const deleted = new Set<string>()
  for (const raw of all) {
    const cut = cutDeletion(raw)
    if (cut === null || !cut.deleted) {
      rows.push(cut?.row ?? raw)
      continue
    }
    const id = /"Id":"(\w{15,18})"/.exec(cut.row.toString('latin1'))?.[1]
    if (id) deleted.add(id)
    if (cut.master) deleted.add(cut.master)
  }
  return { rows, deleted: [...deleted] }
}
