import { createHmac } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Event } from './event.ts'

export type Door = { hub: string; source: string } & ({ key: string } | { secret: string })

export type Counts = {
  /** Handed over and answered. */
  sent: number
  replayed: number
  /** Refused for good; `problem` is the last reason. */
  refused: number
  /** Sendings that had to be repeated. */
  repeated: number
  problem: string | null
}

const mostInBatch = 100
const longestWaitMs = 5_000

/** Tells the hub of events, in the order in which they are handed in, again and again until it has taken them. */
export class Sender {
  readonly counts: Counts = { sent: 0, replayed: 0, refused: 0, repeated: 0, problem: null }
  readonly #door: Door
  readonly #queue: { event: Event; settled: () => void }[] = []
  readonly #stopped: AbortSignal
  #running: Promise<void> | null = null

  constructor(door: Door, stopped: AbortSignal) {
    this.#door = door
    this.#stopped = stopped
  }

  /** Settled when the hub has taken it, or has refused it for good. */
  add(event: Event): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#queue.push({ event, settled: resolve })
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return promise
  }

  async #run(): Promise<void> {
    // What happens in one turn of the loop goes together.
    await wait(0)
    while (this.#queue.length > 0 && !this.#stopped.aborted) {
      const batch = this.#queue.slice(0, mostInBatch)
      await this.#deliver(batch.map(({ event }) => event))
      this.#queue.splice(0, batch.length)
      for (const { settled } of batch) settled()
    }
  }

  async #deliver(events: Event[]): Promise<void> {
    for (let tries = 0; !this.#stopped.aborted; tries += 1) {
      const outcome = await this.#post(events)
      if (outcome === 'taken') return
      if (outcome === 'refused') {
        this.counts.refused += events.length
        return
      }
      this.counts.repeated += 1
      await wait(Math.min(longestWaitMs, 200 * 2 ** tries), undefined, { signal: this.#stopped }).catch(() => {})
    }
  }

  async #post(events: Event[]): Promise<'taken' | 'refused' | 'again'> {
    const body = JSON.stringify({ events })
    try {
      const reply = await fetch(addressOf(this.#door), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...proofOf(this.#door, body) },
        body,
        signal: AbortSignal.any([this.#stopped, AbortSignal.timeout(30_000)]),
      })
      const text = await reply.text()
      if (reply.ok) return this.#count(events, text)
      this.counts.problem = `${reply.status} ${text.slice(0, 300)}`
      // What a busy or restarting hub says; all else would be said again.
      return reply.status === 429 || reply.status >= 500 ? 'again' : 'refused'
    } catch (error) {
      this.counts.problem = String((error as { cause?: unknown }).cause ?? error)
      return 'again'
    }
  }

  #count(events: Event[], text: string): 'taken' {
    const { taken = [] } = (text === '' ? {} : JSON.parse(text)) as { taken?: { outcome: string }[] }
    this.counts.sent += events.length
    this.counts.replayed += taken.filter(({ outcome }) => outcome === 'replayed').length
    return 'taken'
  }
}

const addressOf = (door: Door): string =>
  'key' in door ? `${door.hub}/api/v1/interaction-events` : `${door.hub}/hooks/interactions/${door.source}`

function proofOf(door: Door, body: string): Record<string, string> {
  if ('key' in door) return { authorization: `Bearer ${door.key}` }
  const at = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', door.secret).update(`${at}.${body}`).digest('hex')
  return { 'x-jackfield-signature': `t=${at},v1=${signature}` }
}
