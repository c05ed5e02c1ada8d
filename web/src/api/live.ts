import type { LiveEvent } from '../../../src/server/contract/live.ts'
import { type Message, readMessages } from './event-stream.ts'
import { ApiError, address, send } from './request.ts'

export type { LiveEvent }
export type LiveState = 'connecting' | 'live' | 'lost' | 'closed'

type Listener = (event: LiveEvent) => void

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 20_000
/** The hub sends a comment every 15 s; three missed mean that the line is dead though nobody closed it. */
const SILENCE_MS = 50_000
/** A page nobody looks at gives its line back: browsers allow six to one host over HTTP/1.1. */
const HIDDEN_MS = 60_000

const listeners = new Set<Listener>()
const stateListeners = new Set<() => void>()
let state: LiveState = 'closed'
let lastId: string | null = null
let abort: AbortController | null = null
let attempts = 0
let wake: (() => void) | null = null
let hiddenTimer: ReturnType<typeof setTimeout> | undefined

export const liveState = {
  get: () => state,
  subscribe(listener: () => void): () => void {
    stateListeners.add(listener)
    return () => stateListeners.delete(listener)
  },
}

function setState(next: LiveState): void {
  if (next === state) return
  state = next
  for (const listener of stateListeners) listener()
}

export function onLive(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Opens the line and keeps it open, resuming after the last event seen. Answers how to close it. */
export function openLive(): () => void {
  const line = new AbortController()
  abort = line
  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('online', hurry)
  void keepOpen(line)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('online', hurry)
    clearTimeout(hiddenTimer)
    line.abort()
    setState('closed')
  }
}

function onVisibility(): void {
  clearTimeout(hiddenTimer)
  if (document.hidden) {
    hiddenTimer = setTimeout(() => current?.abort(), HIDDEN_MS)
  } else hurry()
}

function hurry(): void {
  attempts = 0
  wake?.()
}

let current: AbortController | null = null

async function keepOpen(line: AbortController): Promise<void> {
  while (!line.signal.aborted && abort === line) {
    if (document.hidden && attempts > 0) await pause(Number.POSITIVE_INFINITY, line.signal)
    if (line.signal.aborted) return
    setState(attempts === 0 ? (state === 'live' ? 'live' : 'connecting') : 'lost')
    const ended = await once(line)
    if (line.signal.aborted) return
    if (ended === 'signed out') return setState('closed')
    attempts += 1
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 8))
    if (attempts > 1) setState('lost')
    await pause(longest / 2 + Math.random() * (longest / 2), line.signal)
  }
}

async function once(line: AbortController): Promise<'ended' | 'signed out'> {
  const connection = new AbortController()
  current = connection
  const stop = () => connection.abort()
  line.signal.addEventListener('abort', stop, { once: true })
  let silence = setTimeout(stop, SILENCE_MS)
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' }
    if (lastId !== null) headers['last-event-id'] = lastId
    const response = await send(address('/live'), { headers, signal: connection.signal })
    if (!response.body) return 'ended'
    attempts = 0
    setState('live')
    const heard = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          clearTimeout(silence)
          silence = setTimeout(stop, SILENCE_MS)
          controller.enqueue(chunk)
        },
      }),
    )
    await readMessages(heard, hand)
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return 'signed out'
  } finally {
    clearTimeout(silence)
    line.signal.removeEventListener('abort', stop)
  }
  return 'ended'
}

function hand(message: Message): void {
  if (message.id !== null) lastId = message.id
  let data: unknown
  try {
    data = JSON.parse(message.data)
  } catch {
    return
  }
  if (message.event === 'reset') lastId = null
  for (const listener of listeners) listener({ event: message.event, data } as LiveEvent)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      wake = null
      resolve()
    }
    wake = done
    signal.addEventListener('abort', done, { once: true })
  })
}
