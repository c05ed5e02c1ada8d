import { type Message, readMessages } from './event-stream.ts'
import type { LineState, News, Sharing } from './line-news.ts'
import { shareLine } from './line-share.ts'
import { ApiError, address, forHeader, send } from './request.ts'
import { onSomebodyElse, whoIsIn } from './rights.ts'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
/** The hub sends a comment every 15 s; three missed mean that the line is dead though nobody closed it. */
const SILENCE_MS = 50_000
/** A page nobody looks at gives its line back: browsers allow six to one host over HTTP/1.1. */
const HIDDEN_MS = 60_000
/** A browser may hold a tab still in the background, its lock with it: whoever is seen asks, and takes the line over. */
const ASK_MS = 30_000
const ANSWER_MS = 5_000

interface LineOptions {
  path: string
  take(message: Message): void
  /** Each time that it stands: where events carry no ids, what came before was not heard. */
  onStand?(): void
  /** It is heard while nobody looks at the page too. */
  keptHidden?: boolean
}

/**
 * A line of Server-Sent Events that is kept open: after the last event seen, and again whenever it breaks. Of all tabs of
 * a browser one holds it, and tells the others what it hears.
 */
export class Line {
  readonly #options: LineOptions
  readonly #listeners = new Set<() => void>()
  #state: LineState = 'closed'
  #lastId: string | null = null
  #open: AbortController | null = null
  #connection: AbortController | null = null
  #attempts = 0
  #wake: (() => void) | null = null
  #sharing: Sharing | null = null
  #waiting: AbortController | null = null
  /** Its turn: it holds the line for all tabs. */
  #holds = false
  #rests = false
  #steals = false
  #unheard: ReturnType<typeof setTimeout> | undefined
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
    const { path, keptHidden = false } = this.#options
    const who = whoIsIn()
    const sharing = shareLine({ name: `${path} ${who}`, keptHidden, heed: (news) => this.#heed(news) })
    this.#sharing = sharing
    this.#open = line
    this.#rests = false
    document.addEventListener('visibilitychange', this.#onVisibility)
    addEventListener('online', this.#hurry)
    addEventListener('offline', this.#drop)
    void this.#keepOpen(line, sharing, who)
    this.#ask(true)
    const asking = setInterval(() => this.#ask(false), ASK_MS)
    const stopWatching = onSomebodyElse(who, () => this.#giveAway())
    return () => {
      stopWatching()
      document.removeEventListener('visibilitychange', this.#onVisibility)
      removeEventListener('online', this.#hurry)
      removeEventListener('offline', this.#drop)
      clearTimeout(this.#hiddenTimer)
      clearInterval(asking)
      clearTimeout(this.#unheard)
      line.abort()
      this.#set('closed')
      if (this.#sharing === sharing) this.#sharing = null
      sharing.close()
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

  /** To the tabs that hear by this one. */
  #tell(news: News): void {
    this.#sharing?.tell(news)
  }

  /** What another tab tells: the one that holds the line, or one that hears by this one. */
  #heed(news: News): void {
    if (news.kind === 'somebody else') {
      this.#leave()
      return
    }
    if (this.#holds) {
      if (news.kind !== 'ask') return
      this.#tell({ kind: 'state', state: this.#state, lastId: this.#lastId })
      if (news.now) this.#hurry()
      return
    }
    if (news.kind === 'ask') return
    clearTimeout(this.#unheard)
    if (news.kind === 'state') this.#lastId ??= news.lastId
    if (news.kind === 'message') this.#hand(news.message)
    else if (news.kind === 'stood' || (news.kind === 'state' && news.state === 'live' && this.#state !== 'live')) {
      this.#stand()
    } else if (news.kind === 'state') this.#set(news.state)
  }

  /** Another person signed in meanwhile: nothing of theirs is heard here, and all tabs are theirs from now on. */
  #giveAway(): 'signed out' {
    this.#tell({ kind: 'somebody else' })
    this.#leave()
    return 'signed out'
  }

  /** Reads the page anew. Its lines go first: tabs that wait for a page while they hold one can use up all six. */
  #leave(): void {
    if (this.#open?.signal.aborted) return
    this.#open?.abort()
    // Whoever is asked about unsaved input may stay: nothing is heard there from now on.
    this.#set('closed')
    location.reload()
  }

  #ask(now: boolean): void {
    if (this.#holds || document.hidden) return
    this.#tell({ kind: 'ask', now })
    clearTimeout(this.#unheard)
    this.#unheard = setTimeout(
      () => {
        this.#steals = !this.#holds && !document.hidden
        if (this.#steals) this.#waiting?.abort()
        // Not all at once: the first to take it over says so to the others.
      },
      ANSWER_MS + Math.random() * ANSWER_MS,
    )
  }

  #stand(): void {
    this.#set('live')
    this.#options.onStand?.()
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hiddenTimer)
    if (!document.hidden) {
      this.#hurry()
      this.#ask(true)
    } else if (!this.#options.keptHidden) this.#hiddenTimer = setTimeout(() => this.#rest(), HIDDEN_MS)
  }

  /** Nobody looks: the turn goes to a tab that is seen. */
  #rest(): void {
    this.#rests = true
    this.#waiting?.abort()
  }

  /** A line without a network stays silent long before it breaks. */
  readonly #drop = (): void => this.#connection?.abort()

  readonly #hurry = (): void => {
    this.#attempts = 0
    this.#rests = document.hidden && this.#rests
    this.#wake?.()
  }

  async #keepOpen(line: AbortController, sharing: Sharing, who: string): Promise<void> {
    while (!line.signal.aborted && this.#open === line) {
      if (this.#rests) {
        await this.#pause(Number.POSITIVE_INFINITY, line.signal)
        continue
      }
      const waiting = new AbortController()
      this.#waiting = waiting
      const steals = this.#steals
      this.#steals = false
      const turn = await sharing.turn(AbortSignal.any([line.signal, waiting.signal]), steals)
      if (!turn) continue
      this.#holds = true
      clearTimeout(this.#unheard)
      this.#tell({ kind: 'state', state: this.#state, lastId: this.#lastId })
      const ended = await this.#hold(AbortSignal.any([line.signal, waiting.signal, turn.lost]), who)
      if (this.#open === line) this.#holds = false
      turn.end()
      if (ended === 'signed out') return this.#set('closed')
    }
  }

  /** Until it is closed or its turn is over: connects, and again whenever it breaks. */
  async #hold(signal: AbortSignal, who: string): Promise<'over' | 'signed out'> {
    while (!signal.aborted) {
      this.#setForAll(this.#attempts === 0 ? (this.#state === 'live' ? 'live' : 'connecting') : 'lost')
      if ((await this.#once(signal, who)) === 'signed out') return 'signed out'
      if (signal.aborted) break
      this.#attempts += 1
      const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.#attempts, 8))
      if (this.#attempts > 1) this.#setForAll('lost')
      if (document.hidden && !this.#options.keptHidden) this.#rest()
      else await this.#pause(longest / 2 + Math.random() * (longest / 2), signal)
    }
    return 'over'
  }

  #setForAll(state: LineState): void {
    if (state !== this.#state) this.#tell({ kind: 'state', state, lastId: this.#lastId })
    this.#set(state)
  }

  async #once(signal: AbortSignal, who: string): Promise<'ended' | 'signed out'> {
    const connection = new AbortController()
    this.#connection = connection
    const stop = () => connection.abort()
    signal.addEventListener('abort', stop, { once: true })
    let silence = setTimeout(stop, SILENCE_MS)
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' }
      if (this.#lastId !== null) headers['last-event-id'] = this.#lastId
      const response = await send(address(this.#options.path), { headers, signal: connection.signal })
      if ((response.headers.get(forHeader) ?? who) !== who) return this.#giveAway()
      if (!response.body) return 'ended'
      this.#attempts = 0
      this.#stand()
      this.#tell({ kind: 'stood' })
      const heard = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            clearTimeout(silence)
            silence = setTimeout(stop, SILENCE_MS)
            controller.enqueue(chunk)
          },
        }),
      )
      await readMessages(heard, (message) => {
        this.#hand(message)
        this.#tell({ kind: 'message', message })
      })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return 'signed out'
    } finally {
      // An answer that nobody reads keeps its connection.
      stop()
      clearTimeout(silence)
      signal.removeEventListener('abort', stop)
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
