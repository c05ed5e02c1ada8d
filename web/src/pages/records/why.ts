import type { Lookup, Match } from '../../api/lookup.ts'
import { useNames } from '../../parts/names.ts'
import { useFieldLabels } from '../../parts/use-field-labels.ts'
import { useText } from '../../text/use-text.tsx'

type Reason = Match['reasons'][number]
type ReasonNone = Lookup['reasonsNone'][number]

/** Why this record, in the person's language and with the CRM's own labels. */
export function useWhy({ connectionId, entity }: Match): (reason: Reason) => string {
  const { t } = useText()
  const names = useNames()
  const labelOf = useFieldLabels(connectionId, entity)
  return ({ code, field, labels }) => {
    const label = labels ? names.label(labels, field ?? '') : field ? labelOf(field) : ''
    if (code === 'number_exact' || code === 'email_exact') return t.why.exact(label)
    if (code === 'number_without_country') return t.why.noCountry(label)
    if (code === 'number_ending') return t.why.ending(label)
    if (code === 'name') return t.why.begins
    if (code === 'open_case') return t.why.openCase
    if (code === 'spoken_before') return t.why.spokenBefore
    if (code === 'own') return t.why.own
    return code === 'active' ? t.why.active : t.why.inactive
  }
}

/** Why nobody. */
export function useWhyNone(): (reason: Omit<ReasonNone, 'code'> & { code: string }) => string {
  const { t, f } = useText()
  const names = useNames()
  return ({ code, value = '', entities = [] }) => {
    const sentences: Record<ReasonNone['code'], () => string> = {
      not_a_number: () => t.why.noNumber,
      number_unknown: () => t.why.nobodyNumber(value),
      email_unknown: () => t.why.nobodyEmail(value),
      name_too_short: () => t.why.twoLetters,
      name_unknown: () => t.why.nobodyName(value),
      nothing_connected: () => t.why.noCrm,
      first_copy_unfinished: () => t.why.unfinished(f.list(entities.map(names.many))),
    }
    return sentences[code as ReasonNone['code']]()
  }
}
