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

interface Listed {
  interactions: { id: string; externalId: string; acceptedAt: string | null }[]
}

const words = ['sent', 'ink', 'façade', 'order 12', 'calls back', '“urgent”', 'naar huis', '😀', 'invoice', 'twice']
const looked = 40
const everyMs = 400
const mostTries = 5

export function startTypist(world: World, chance: Chance): Typist {
  const typed = new Map<string, Typed>()
  const versions = new Map<string, number>()
  let stopped = false
  const typeOne = async () => {
    const { interactions } = await persist(() => world.api.insist<Listed>('GET', `/interactions?limit=${looked}`))
    const answered = interactions.filter(({ acceptedAt }) => acceptedAt !== null)
    if (answered.length === 0) return
    const { id, externalId } = chance.pick(answered)
    const text = addTo(typed.get(externalId), draft(chance))
    // Asked until it is answered: what is said twice is saved once.
    const note = await persist(() => save(world.api, id, { ...text, version: versions.get(id) ?? 0 }))
    versions.set(id, note.version)
    typed.set(externalId, text)
  }
  const run = async () => {
    while (!stopped) {
      await typeOne()
      await wait(chance.whole(everyMs / 2, everyMs))
    }
  }
  const running = run()
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
    notes: `${before.notes} ${more.notes}`.trim(),
    disposition: more.disposition ?? before.disposition,
    tags: [...new Set([...before.tags, ...more.tags])],
  }
}
