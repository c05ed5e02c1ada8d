import { type Message, readMessages } from './event-stream.ts'
import { ApiError, address, send } from './request.ts'

export type LineState = 'connecting' | 'live' | 'lost' | 'closed'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
/** The hub sends a comment every 15 s; three missed mean that the line is dead though nobody closed it. */
const SILENCE_MS = 50_000
/** A page nobody looks at gives its line back: browsers allow six to one host over HTTP/1.1. */
const HIDDEN_MS = 60_000

interface LineOptions {
  path: string
  take(message: Message): void
  /** Each time that it stands: where events carry no ids, what came before was not heard. */
  onStand?(): void
  /** It is heard while nobody looks at the page too. */
  keptHidden?: boolean
}

/** A line of Server-Sent Events that is kept open: after the last event seen, and again whenever it breaks. */
export class Line {
  readonly #options: LineOptions
  readonly #listeners = new Set<() => void>()
  #state: LineState = 'closed'
  #lastId: string | null = null
  #open: AbortController | null = null
  #connection: AbortController | null = null
  #attempts = 0
  #wake: (() => void) | null = null
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined

  constructor(options: LineOptions) {
    this.#options = options
  }

  readonly get = (): LineState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Answers how to close it. */
  open(): () => void {
    const line = new AbortController()
    this.#open = line
    document.addEventListener('visibilitychange', this.#onVisibility)
    addEventListener('online', this.#hurry)
    addEventListener('offline', this.#drop)
    void this.#keepOpen(line)
    return () => {
      document.removeEventListener('visibilitychange', this.#onVisibility)
      removeEventListener('online', this.#hurry)
      removeEventListener('offline', this.#drop)
      clearTimeout(this.#hiddenTimer)
      line.abort()
      this.#set('closed')
    }
  }

  /** The next event is the first: nothing is resumed. */
  forget(): void {
    this.#lastId = null
  }

  #set(next: LineState): void {
    if (next === this.#state) return
    this.#state = next
    for (const listener of this.#listeners) listener()
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiddenTimer)
    if (!document.hidden) this.#hurry()
    else if (!this.#options.keptHidden) this.#hiddenTimer = setTimeout(() => this.#connection?.abort(), HIDDEN_MS)
  }

  /** A line without a network stays silent long before it breaks. */
  readonly #drop = (): void => this.#connection?.abort()

  readonly #hurry = (): void => {
    this.#attempts = 0
    this.#wake?.()
  }

  async #keepOpen(line: AbortController): Promise<void> {
    while (!line.signal.aborted && this.#open === line) {
      const rests = document.hidden && this.#attempts > 0 && !this.#options.keptHidden
      if (rests) await this.#pause(Number.POSITIVE_INFINITY, line.signal)
      if (line.signal.aborted) return
      this.#set(this.#attempts === 0 ? (this.#state === 'live' ? 'live' : 'connecting') : 'lost')
      const ended = await this.#once(line)
      if (line.signal.aborted) return
      if (ended === 'signed out') return this.#set('closed')
      this.#attempts += 1
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#attempts, 8))
      if (this.#attempts > 1) this.#set('lost')
      await this.#pause(longest / 2 + Math.random() * (longest / 2), line.signal)
    }
  }

  async #once(line: AbortController): Promise<'ended' | 'signed out'> {
    const connection = new AbortController()
    this.#connection = connection
    const stop = () => connection.abort()
    line.signal.addEventListener('abort', stop, { once: true })
    let silence = setTimeout(stop, SILENCE_MS)
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' }
      if (this.#lastId !== null) headers['last-event-id'] = this.#lastId
      const response = await send(address(this.#options.path), { headers, signal: connection.signal })
      if (!response.body) return 'ended'
      this.#attempts = 0
      this.#set('live')
      this.#options.onStand?.()
      const heard = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            clearTimeout(silence)
            silence = setTimeout(stop, SILENCE_MS)
            controller.enqueue(chunk)
          },
        }),
      )
      await readMessages(heard, (message) => this.#hand(message))
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return 'signed out'
    } finally {
      clearTimeout(silence)
      line.signal.removeEventListener('abort', stop)
    }
    return 'ended'
  }

  #hand(message: Message): void {
    if (message.id !== null) this.#lastId = message.id
    this.#options.take(message)
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#wake = null
        resolve()
      }
      const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined
      this.#wake = done
      signal.addEventListener('abort', done, { once: true })
    })
  }
}

/** What a message carries; undefined where it is no JSON. */
export function eventOf<Event>(message: Message): Event | undefined {
  try {
    return { event: message.event, data: JSON.parse(message.data) } as Event
  } catch {
    return
  }
}
