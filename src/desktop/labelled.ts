import type { Labels } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import type { SearchReason } from './store.ts'

/** Reasons with the field's label in each language that the CRM has it in, for people who read its own name nowhere else. */
export const labelled = (
  reasons: readonly SearchReason[],
  { source }: SyncedTable,
): (SearchReason & { labels?: Labels })[] =>
  reasons.map((reason) => {
    const labels = source.fields.find(({ name }) => name === reason.field)?.labels
    return labels ? { ...reason, labels } : reason
  })
