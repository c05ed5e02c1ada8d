import { useQuery } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useRef, useState } from 'react'
import type { DialRequest } from '../../../client/messages.ts'
import type { Card } from '../../api/desktop.ts'
import { embeddingQuery, takeSoftphoneEvent } from '../../api/frames.ts'
import { isFramed } from '../../frame/unframed.tsx'
import { duePop } from './due-pop.ts'
import { type SoftphoneBridge, startSoftphoneBridge } from './softphone-bridge.ts'

type Dial = ((request: DialRequest) => void) | null

const Softphone = createContext<Dial>(null)
export const SoftphoneRoom = Softphone.Provider

/** Has the softphone around the panel call; null where none is there. */
export const useDial = () => useContext(Softphone)

/** Speaks with the page around the panel, as long as the panel is there: what to press numbers with. */
export function useSoftphone(cards: Card[], person: string | null): Dial {
  const { data } = useQuery({ ...embeddingQuery, enabled: isFramed })
  const [bridge, setBridge] = useState<SoftphoneBridge | null>(null)
  const [isConnected, setConnected] = useState(false)
  const told = useRef(new Map<string, string>())
  const origins = data?.origins
  useEffect(() => {
    if (!origins || person === null) return
    const started = startSoftphoneBridge({
      // The hub's own pages may embed it as well.
      origins: [location.origin, ...origins],
      take: (event) => takeSoftphoneEvent(person, event),
      onConnected: () => setConnected(true),
    })
    setBridge(started)
    return () => started.stop()
  }, [origins, person])
  useEffect(() => {
    if (bridge && isConnected) for (const card of cards) tell(bridge, card, told.current)
  }, [bridge, isConnected, cards])
  return bridge && isConnected ? (request) => void bridge.dial(request) : null
}

/** Each thing once: a card comes anew with every word that is typed into it. */
function tell(bridge: SoftphoneBridge, card: Card, told: Map<string, string>): void {
  const { id, source, externalId, state } = card.interaction
  const record = recordOf(card)
  const name = { id, source, interaction: ownName(source, externalId) }
  const news = JSON.stringify([state, record])
  if (told.get(id) !== news) {
    told.set(id, news)
    bridge.cardShown({ ...name, state, record })
  }
  const url = card.screenPop.how === 'card' ? null : duePop(card)
  if (url === null || told.has(`${id} ${url}`)) return
  told.set(`${id} ${url}`, '')
  bridge.screenPop({ ...name, url })
}

export function recordOf({ records }: Card): DialRequest['record'] {
  const [first] = records
  return first ? { id: first.id, entity: first.entity, name: first.name } : null
}

/** What the softphone around calls it: the hub puts the agent before, so that two agents' calls are two. */
const ownName = (source: string, externalId: string) =>
  source === 'jackfield.softphone' ? externalId.slice(externalId.indexOf('/') + 1) : externalId
