import type { Card } from '../../api/desktop.ts'
import { useText } from '../../text/use-text.tsx'
import { useWhy, useWhyNone } from '../records/why.ts'
import { numberText } from './number-text.ts'

type Match = Card['matches'][number]

/** Why this record, in the reader's language. */
export function Reasons({ match }: { match: Match }) {
  const why = useWhy(match)
  // That it is active says nothing to who is about to pick up.
  const telling = match.reasons.filter(({ code }) => code !== 'active')
  return telling.map(why).join(' · ')
}

/** Why nobody. */
export function ReasonsNone({ found }: { found: Pick<Card, 'reasonsNone' | 'whyNone'> }) {
  const { t } = useText()
  const whyNone = useWhyNone()
  const sentences = found.reasonsNone.map(({ value = '', ...reason }, index) =>
    whyNone({ ...reason, value: numberText(value) }, found.whyNone[index]),
  )
  return sentences.length > 0 ? `${sentences.join('. ')}.` : t.desk.unknown
}
