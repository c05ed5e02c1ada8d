import { useEffect, useRef } from 'react'
import type { Card } from '../../api/desktop.ts'
import { announce } from '../../parts/announcer.tsx'
import { useText } from '../../text/use-text.tsx'
import { isRinging, whoOf } from './who.ts'

/** Says each new one once, marks the page's icon while it rings, and answers the words for the browser's tab. */
export function useRinging(cards: Card[]): string | null {
  const { t } = useText()
  const said = useRef(new Set<string>())
  const ringing = cards.filter(isRinging)
  useEffect(() => {
    for (const card of ringing) {
      const { id, skill } = card.interaction
      if (said.current.has(id)) continue
      said.current.add(id)
      announce(t.desk.ringingSaid(whoOf(card, t).name, skill ?? ''))
    }
  })
  const count = ringing.length
  useEffect(() => {
    // Only where the page is installed as an app; elsewhere its title alone tells.
    if (!('setAppBadge' in navigator)) return
    const mark = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()
    mark.catch(() => undefined)
  }, [count])
  return ringing[0] ? t.desk.ringing(whoOf(ringing[0], t).name) : null
}
