import type { Lookup, Match } from '../../api/lookup.ts'
import { humanise, useNames } from '../../parts/names.ts'
import { useFieldLabels } from '../../parts/use-field-labels.ts'
import { useText } from '../../text/use-text.tsx'

type Reason = Match['reasons'][number]
type ReasonNone = Lookup['reasonsNone'][number]

/** Why this record, in the person's language and with the CRM's own labels. */
export function useWhy({ connectionId, entity, why, reasons }: Match): (reason: Reason) => string {
  const { t } = useText()
  const names = useNames()
  const labelOf = useFieldLabels(connectionId, entity)
  return (reason) => {
    const { code, field, labels } = reason
    const label = labels ? names.label(labels, field ?? '') : field ? labelOf(field) : ''
    if (code === 'number_exact' || code === 'email_exact') return t.why.exact(label)
    if (code === 'number_without_country') return t.why.noCountry(label)
    if (code === 'number_ending') return t.why.ending(label)
    if (code === 'name') return t.why.begins
    if (code === 'open_case') return t.why.openCase
    if (code === 'spoken_before') return t.why.spokenBefore
    if (code === 'own') return t.why.own
    if (code === 'field_matches') return t.why.fits(label)
    if (code === 'active') return t.why.active
    if (code === 'inactive') return t.why.inactive
    // A newer hub's reason, in its own words.
    return why[reasons.indexOf(reason)] ?? humanise(code)
  }
}

/** Why nobody; `own`: the hub's words, for a reason that is none of these. */
export function useWhyNone(): (reason: Omit<ReasonNone, 'code'> & { code: string }, own?: string) => string {
  const { t, f } = useText()
  const names = useNames()
  return ({ code, value = '', entities = [] }, own = '') => {
    const sentences: Record<string, () => string> = {
      not_a_number: () => t.why.noNumber,
      number_unknown: () => t.why.nobodyNumber(value),
      email_unknown: () => t.why.nobodyEmail(value),
      name_too_short: () => t.why.twoLetters,
      name_unknown: () => t.why.nobodyName(value),
      nothing_connected: () => t.why.noCrm,
      first_copy_unfinished: () => t.why.unfinished(f.list(entities.map(names.many))),
      variable_empty: () => t.why.notTold,
      search_met_nothing: () => t.why.nothingFits(names.many(value)),
      search_too_slow: () => t.why.tooSlow(names.many(value)),
    }
    return sentences[code]?.() ?? own
  }
}
