import { queryOptions } from '@tanstack/react-query'
import type {
  ActInput,
  Card,
  CardRecord,
  Desktop,
  DesktopEvent,
  Earlier,
  Note,
  NoteInput,
  OpenWork,
  ShownField,
} from '../../../src/server/contract/desktop.ts'
import { client } from './client.ts'
import { eventOf, Line } from './line.ts'
import { act, get, meantFor } from './request.ts'

export type { ActInput, Card, CardRecord, Desktop, Earlier, Note, NoteInput, OpenWork, ShownField }

/** What a second-level search found, in the words of a look-up. */
export type CardFound = Pick<Card, 'matches' | 'more' | 'whyNone' | 'reasonsNone' | 'asOf'>

const desktopKey = ['desktop'] as const

export const desktopQuery = queryOptions({
  queryKey: desktopKey,
  queryFn: async ({ signal }) => {
    const asked = performance.now()
    return withHeard(await get<Desktop>('/desktop', {}, signal), asked)
  },
  // The line brings what changes, and asks anew whenever it stands again.
  staleTime: Number.POSITIVE_INFINITY,
  refetchOnMount: 'always',
})

/** The agent's own cards. It rings while the agent looks at another window: so the line is kept. */
export const desktopLine = new Line({
  path: '/desktop/live',
  keptHidden: true,
  onStand: () => void client.invalidateQueries({ queryKey: desktopKey }),
  take(message) {
    const event = eventOf<DesktopEvent>(message)
    if (event?.event === 'card') takeCard(event.data)
    else if (event?.event === 'gone') dropCard(event.data.id)
  },
})

/** What was told of cards, and when; null: it is the agent's no more. */
const heard = new Map<string, { card: Card | null; at: number }>()

/** What came while the answer was on its way is newer than the answer. */
function withHeard(desktop: Desktop, asked: number): Desktop {
  const cards = new Map(desktop.cards.map((card) => [card.interaction.id, card]))
  for (const [id, { card, at }] of heard) {
    if (at < asked) heard.delete(id)
    else if (!card) cards.delete(id)
    else if ((cards.get(id)?.interaction.version ?? 0) <= card.interaction.version) cards.set(id, card)
  }
  return { ...desktop, cards: [...cards.values()] }
}

/** An answer may come after a later state that the line brought: that one stays. */
function takeCard(card: Card): void {
  heard.set(card.interaction.id, { card, at: performance.now() })
  client.setQueryData<Desktop>(desktopKey, (desktop) => {
    if (!desktop) return desktop
    const { id } = card.interaction
    const held = desktop.cards.find((each) => each.interaction.id === id)
    if (!held) return { ...desktop, cards: [...desktop.cards, card] }
    if (held.interaction.version > card.interaction.version) return desktop
    return { ...desktop, cards: desktop.cards.map((each) => (each.interaction.id === id ? card : each)) }
  })
}

function dropCard(id: string): void {
  heard.set(id, { card: null, at: performance.now() })
  client.setQueryData<Desktop>(
    desktopKey,
    (desktop) => desktop && { ...desktop, cards: desktop.cards.filter((card) => card.interaction.id !== id) },
  )
}

export const askCard = (id: string) => get<Card>(`/interactions/${id}`)

/** Sent though the page is being left. By then somebody else may be signed in, whose act it must not become. */
export async function actOn(person: string, id: string, input: ActInput): Promise<Card> {
  const more = { keepalive: true, headers: meantFor(person) }
  const card = await act<Card>('POST', `/interactions/${id}/acts`, input, more)
  takeCard(card)
  return card
}

/** The same key again is the same run. */
export async function runWorkflow(id: string, workflow: string, key: string): Promise<Card> {
  const card = await act<Card>('POST', `/interactions/${id}/workflows/${workflow}`, { key })
  takeCard(card)
  return card
}

export const searchFor = (id: string, text: string) => act<CardFound>('POST', `/interactions/${id}/search`, { text })

/** What browsers take of requests that outlive their page. */
const KEEPALIVE_BYTES = 60_000

/** Kept in the browser until it is taken: by then somebody else may be signed in, whose note it must not become. */
export function saveNote(person: string, id: string, input: NoteInput): Promise<Note> {
  const keepalive = new Blob([JSON.stringify(input)]).size < KEEPALIVE_BYTES
  return act<Note>('PUT', `/interactions/${id}/note`, input, { keepalive, headers: meantFor(person) })
}
