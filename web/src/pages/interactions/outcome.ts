import type { Interaction } from '../../api/interactions.ts'
import type { Health } from '../../parts/health.tsx'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import { numberText } from '../desktop/number-text.ts'

/** Whom it was with, once it is over: who was linked, not who it might have been. */
export function nameOf({ links, contactName, address }: Interaction, t: Text): string {
  const [first] = links
  if (first) return first.name ?? t.records.noName
  return contactName ?? numberOf(address, t)
}

export const numberOf = (address: string | null, t: Text) => (address === null ? t.desk.withheld : numberText(address))

type State = Interaction['memorialized']['state']

const healthOf: Record<State, Health> = {
  none: 'none',
  open: 'none',
  nothing_linked: 'warn',
  waiting: 'busy',
  done: 'ok',
  failed: 'bad',
  unknown: 'bad',
}

/** What became of an interaction in the CRM. */
export function useOutcome(state: State): { health: Health; words: string } {
  const { t } = useText()
  const { notConfigured: none, notOver: open, unlinked } = t.interactions
  const words = { ...t.desk.written, none, open, nothing_linked: unlinked }[state]
  return { health: healthOf[state], words }
}
