import {
  type CardShown,
  type DialRequest,
  readToPhone,
  type ScreenPop,
  type SoftphoneEvent,
  sealed,
  type ToPhone,
} from './messages.ts'

export type EmbedOptions = {
  /** The hub's address, such as `https://hub.example.com`. Whoever runs it has to list this page's origin. */
  hub: string
  /** For whoever does not see the frame. */
  title?: string
  /** The agent pressed a number. */
  onDial?: (request: DialRequest) => void
  /** The panel opened a record in the CRM. */
  onScreenPop?: (pop: ScreenPop) => void
  /** A card came, or says another thing than before. */
  onCardShown?: (card: CardShown) => void
  /** The panel is there and somebody is signed in: now, and again whenever it was loaded anew. */
  onReady?: () => void
}

export type EmbeddedDesktop = {
  readonly frame: HTMLIFrameElement
  /** Settled when the hub has kept the event; what it refuses is thrown as DesktopError. Until then it is told again. */
  tell: (event: SoftphoneEvent) => Promise<{ interaction: string }>
  close: () => void
}

export class DesktopError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'DesktopError'
    this.code = code
  }
}

/** A panel where nobody is signed in yet hears nothing: it is asked so often whether it is there. */
const helloMs = 1_000
/** What it does not answer is told again after so long. */
const repeatMs = 5_000

type Pending = {
  event: SoftphoneEvent
  resolve: (taken: { interaction: string }) => void
  reject: (error: DesktopError) => void
}

/** Puts the agent's panel into an element of this page, and speaks with it. */
export function embedDesktop(element: HTMLElement, options: EmbedOptions): EmbeddedDesktop {
  const origin = new URL(options.hub).origin
  const frame = document.createElement('iframe')
  frame.src = `${origin}/desktop/panel`
  frame.title = options.title ?? 'Jackfield'
  frame.allow = 'clipboard-write'
  frame.style.cssText = 'border:0;width:100%;height:100%'
  const pending = new Map<string, Pending>()
  let ready = false
  let last = 0

  const send = (message: Parameters<typeof sealed>[0]) => frame.contentWindow?.postMessage(sealed(message), origin)
  const sendAll = () => {
    if (!ready) send({ type: 'hello' })
    else for (const [request, { event }] of pending) send({ type: 'event', request, event })
  }
  const listen = (message: MessageEvent) => {
    if (message.origin !== origin || message.source !== frame.contentWindow) return
    const told = readToPhone(message.data)
    if (told?.type === 'ready') {
      ready = true
      options.onReady?.()
      sendAll()
    } else if (told) hear(told, options, pending)
  }
  const anew = () => {
    ready = false
    sendAll()
  }
  window.addEventListener('message', listen)
  frame.addEventListener('load', anew)
  const timers = [setInterval(() => ready || sendAll(), helloMs), setInterval(() => ready && sendAll(), repeatMs)]
  element.append(frame)

  return {
    frame,
    tell: (event) =>
      new Promise((resolve, reject) => {
        last += 1
        const request = `${last}`
        // The moment of the event, however long the panel takes to come.
        const timed = { ...event, at: event.at ?? new Date().toISOString() }
        pending.set(request, { event: timed, resolve, reject })
        if (ready) send({ type: 'event', request, event: timed })
      }),
    close: () => {
      timers.forEach(clearInterval)
      window.removeEventListener('message', listen)
      frame.remove()
      for (const { reject } of pending.values()) reject(new DesktopError('closed', 'The panel was closed'))
      pending.clear()
    },
  }
}

function hear(told: ToPhone, options: EmbedOptions, pending: Map<string, Pending>): void {
  if (told.type === 'dial') options.onDial?.(told.dial)
  if (told.type === 'screenPop') options.onScreenPop?.(told.pop)
  if (told.type === 'cardShown') options.onCardShown?.(told.card)
  if (told.type !== 'taken' && told.type !== 'refused') return
  const waiting = pending.get(told.request)
  pending.delete(told.request)
  if (told.type === 'taken') waiting?.resolve({ interaction: told.interaction })
  else waiting?.reject(new DesktopError(told.code, told.message))
}

/** As of GET /api/v1/desktop; what else the hub tells of a card is there too. */
export type Card = {
  interaction: {
    id: string
    source: string
    externalId: string
    channelType: string
    direction: 'inbound' | 'outbound'
    state: string
    address: string | null
    contactName: string | null
    version: number
  }
  records: { id: string; entity: string; name: string | null; url: string | null }[]
  [more: string]: unknown
}

export type ConnectOptions = {
  hub: string
  /** An API key with the scope `use:desktop`; a page of the hub itself needs none. */
  token?: string
  onCard: (card: Card) => void
  onGone?: (id: string) => void
  /** The line to the hub came up or broke; it is mended by itself. */
  onLine?: (isOpen: boolean) => void
}

export type ConnectedDesktop = {
  /** Tells the hub of what happened, as POST /api/v1/interaction-events: the scope `send:interactions`. */
  tell: (events: object[]) => Promise<{ taken: { interaction: string; event: string; outcome: string }[] }>
  close: () => void
}

const firstWaitMs = 1_000
const longestWaitMs = 30_000

/** Follows the desktop from a program, or from a page of the hub itself: all cards at first, then each that changes. */
export function connectDesktop(options: ConnectOptions): ConnectedDesktop {
  const stop = new AbortController()
  const base = `${new URL(options.hub).origin}/api/v1`
  const headers = { 'x-jackfield': '1', ...(options.token ? { authorization: `Bearer ${options.token}` } : {}) }
  const ask = async (path: string, init: RequestInit = {}) => {
    const reply = await fetch(base + path, { ...init, headers: { ...headers, ...init.headers }, signal: stop.signal })
    if (reply.ok) return reply
    const { error } = (await reply.json().catch(() => ({}))) as { error?: { code: string; message: string } }
    throw new DesktopError(error?.code ?? 'unknown', error?.message ?? `${reply.status} ${reply.statusText}`)
  }
  void follow(ask, options, stop.signal)
  return {
    tell: async (events) => {
      const body = JSON.stringify({ events })
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
      return (await ask('/interaction-events', init)).json()
    },
    close: () => stop.abort(),
  }
}

async function follow(
  ask: (path: string) => Promise<Response>,
  { onCard, onGone, onLine }: ConnectOptions,
  stopped: AbortSignal,
): Promise<void> {
  for (let waitMs = firstWaitMs; !stopped.aborted; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      const line = await ask('/desktop/live')
      // The line carries no history: what is there already is asked for once it is open, so that nothing falls between.
      const { cards } = (await (await ask('/desktop')).json()) as { cards: Card[] }
      onLine?.(true)
      waitMs = firstWaitMs
      for (const card of cards) onCard(card)
      for await (const [event, data] of eventsOf(line)) {
        if (event === 'card') onCard(data as Card)
        if (event === 'gone') onGone?.((data as { id: string }).id)
      }
    } catch {
      if (stopped.aborted) return
    }
    onLine?.(false)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

async function* eventsOf(reply: Response): AsyncGenerator<[event: string, data: unknown]> {
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (let text = ''; ; ) {
    const { done, value } = await reader.read()
    if (done) return
    const parts = (text + value).split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const field = (name: string) =>
        part
          .split('\n')
          .filter((row) => row.startsWith(`${name}:`))
          .map((row) => row.slice(name.length + 1).trimStart())
      const data = field('data').join('\n')
      if (data !== '') yield [field('event')[0] ?? 'message', JSON.parse(data)]
    }
  }
}
