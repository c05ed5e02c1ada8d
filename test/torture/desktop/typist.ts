import { setTimeout as wait } from 'node:timers/promises'
import { Refused } from '../../support/simulator-control.ts'
import type { HubApi } from '../clients.ts'
import type { Typed } from '../comparer/told-values.ts'
import type { Chance } from '../random.ts'
import type { World } from '../world.ts'

/** Agents type at some of the cards, during a call and long behind it. */
export interface Typist {
  /** What was typed last and answered, by the contact centre's id. */
  typed: ReadonlyMap<string, Typed>
  stop(): Promise<void>
}

interface Card {
  id: string
  externalId: string
  acceptedAt: string | null
  links: unknown[]
}

const words = ['sent', 'ink', 'façade', 'order 12', 'calls back', '“urgent”', 'naar huis', '😀', 'invoice', 'twice']
const looked = 40
/** Cards that are typed at together. */
const hands = 5
/** A card saves by itself while its agent types. */
const fewestSaves = 2
const mostSaves = 3
const shortestPauseMs = 250
const longestPauseMs = 1_000
const mostTries = 5

export function startTypist(world: World, chance: Chance): Typist {
  const typed = new Map<string, Typed>()
  const versions = new Map<string, number>()
  let stopped = false
  const busy = new Set<string>()
  const typeAt = async ({ id, externalId }: Card, own: Chance) => {
    for (let left = own.whole(fewestSaves, mostSaves); left > 0 && !stopped; left -= 1) {
      const text = addTo(typed.get(externalId), draft(own))
      // Asked until it is answered: what is said twice is saved once.
      const note = await persist(() => save(world.api, id, { ...text, version: versions.get(id) ?? 0 }))
      versions.set(id, note.version)
      typed.set(externalId, text)
      await wait(own.whole(shortestPauseMs, longestPauseMs))
    }
  }
  const run = async (own: Chance) => {
    while (!stopped) {
      const cards = (await persist(() => cardsOf(world.api, own))).filter(({ id }) => !busy.has(id))
      if (cards.length === 0) {
        await wait(shortestPauseMs)
        continue
      }
      const card = own.pick(cards)
      busy.add(card.id)
      await typeAt(card, own)
      busy.delete(card.id)
    }
  }
  const running = Promise.all(Array.from({ length: hands }, (_, hand) => run(chance.branch(`hand ${hand}`))))
  // Whoever stops it is still told.
  running.catch(() => undefined)
  return {
    typed,
    async stop() {
      stopped = true
      await running
    },
  }
}

/**
 * Most of the time those that are over and linked: there what is saved meets the writing of what was saved before, which
 * must not take it for written.
 */
async function cardsOf(api: HubApi, chance: Chance): Promise<Card[]> {
  const isOver = chance.next() < 0.7
  const path = `/interactions?limit=${looked}${isOver ? '&state=closed' : ''}`
  const { interactions } = await api.insist<{ interactions: Card[] }>('GET', path)
  return interactions.filter(({ acceptedAt, links }) => acceptedAt !== null && (!isOver || links.length > 0))
}

const save = (api: HubApi, id: string, note: Typed & { version: number }) =>
  api.insist<{ version: number }>('PUT', `/interactions/${id}/note`, note)

/** Strike upon strike may keep the hub silent for longer than one question waits. */
async function persist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof Refused || tries === mostTries) throw error
    }
  }
}

function draft(chance: Chance): Typed {
  const notes = Array.from({ length: chance.whole(0, 12) }, () => chance.pick(words)).join(' ')
  const disposition = chance.next() < 0.5 ? chance.pick(['Typed sale', 'Typed complaint']) : null
  const tags = chance.next() < 0.4 ? [chance.pick(['typed', 'vip', 'réclamation'])] : []
  return { notes, disposition, tags }
}

/** What was typed stays: whether a text that is taken away again leaves the CRM is not what is judged here. */
function addTo(before: Typed | undefined, more: Typed): Typed {
  if (!before) return more
  return {
    // The newest first: a column that is too short for all of it shows it too.
    notes: `${more.notes} ${before.notes}`.trim(),
    disposition: more.disposition ?? before.disposition,
    tags: [...new Set([...before.tags, ...more.tags])],
  }
}
