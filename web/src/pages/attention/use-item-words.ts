import type { AttentionItem } from '../../api/attention.ts'
import { useFieldLabels } from '../../parts/use-field-labels.ts'
import { type Lines, useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'

export interface ItemWords extends Lines {
  /** To what it happened, where that is a record; what happened stands below it. */
  name: string | null
  /** The field that is meant, where the sentence does not name it. */
  field: string | null
}

/** What happened to what, as a person says it; ids, codes and technical names stand in the details. */
export function useItemWords(item: AttentionItem): ItemWords {
  const { t, f } = useText()
  const { fromProblem } = useProblem()
  const labelOf = useFieldLabels(item.connectionId, item.entity ?? '')
  const lines = fromProblem(item.problem)
  const { reason, field, sourceId } = item
  const details: Lines['details'] = [...lines.details]
  if (field) details.push([t.attention.field, field])
  if (sourceId) details.push([t.attention.idInCrm, sourceId])
  const what = reason
    ? t.attention.reasons[reason.code](
        field ? labelOf(field) : t.attention.aField,
        f.count(reason.length ?? 0),
        f.count(reason.most ?? 0),
      )
    : lines.what
  const isRight = item.problem.code === 'crm.privilege_missing'
  const named = field && (isRight ? field : labelOf(field))
  return {
    ...{ ...lines, what, details },
    field: reason ? null : named,
    // That a right is missing the hub says better: the CRM tells it by the ids of all that took part.
    crmSays: isRight ? null : lines.crmSays,
    name: item.name ?? (item.kind === 'parked' ? t.records.noName : null),
  }
}
