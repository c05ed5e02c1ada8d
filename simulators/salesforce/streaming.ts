import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from '../exchange/http.ts'
import { json } from './errors.ts'
import { type Sessions, userOf } from './oauth.ts'
import type { Organisation } from './organisation.ts'

export type StreamEvent = { channel: string; replayId: number; data: Record<string, unknown>; at: number }

type Client = {
  id: string
  channels: Set<string>
  queue: StreamEvent[]
  wake: (() => void) | null
  connected: boolean
  left: boolean
}

/** Who listens, and the events that are kept: 72 hours in the service. */
export type Streaming = {
  clients: Map<string, Client>
  events: StreamEvent[]
  nextReplayId: number
  firstReplayId: number
}

export const makeStreaming = (): Streaming => ({ clients: new Map(), events: [], nextReplayId: 1, firstReplayId: 1 })

type Message = {
  channel?: string
  clientId?: string
  id?: string
  subscription?: string | string[]
  ext?: { replay?: Record<string, number> }
  connectionType?: string
}

const KEPT = 100_000

/** Keeps an event and hands it to those who listen. */
export function publish(streaming: Streaming, channel: string, data: Record<string, unknown>): StreamEvent {
  const event = { channel, replayId: streaming.nextReplayId++, data, at: Date.now() }
  streaming.events.push(event)
  if (streaming.events.length > KEPT) forget(streaming, streaming.events.length - KEPT)
  for (const client of streaming.clients.values()) {
    if (!listens(client.channels, channel)) continue
    client.queue.push(event)
    client.wake?.()
  }
  return event
}

/** The oldest events are kept no longer. */
export function forget(streaming: Streaming, count: number): void {
  streaming.events.splice(0, count)
  streaming.firstReplayId = streaming.events[0]?.replayId ?? streaming.nextReplayId
}

const ALL = '/data/ChangeEvents'
const covers = (subscription: string, channel: string) =>
  subscription === channel || (subscription === ALL && channel.startsWith('/data/'))
const listens = (channels: Set<string>, channel: string) => [...channels].some((c) => covers(c, channel))

type Door = {
  org: Organisation
  sessions: Sessions
  streaming: Streaming
  /** Other messages wait for the same answer. */
  hurried?: boolean
}

/** `/cometd/{version}`: Bayeux messages over long polling. */
export async function cometd(door: Door, body: string, authorization: string | undefined): Promise<Reply> {
  const messages = parse(body)
  if (messages === null) return json(400, { error: 'no Bayeux message' })
  const userId = userOf(door.org, door.sessions, authorization)
  if (userId === null && door.org.settings.streamingUnauthorised === 'http')
    return json(401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }])
  const replies: unknown[] = []
  for (const message of messages)
    replies.push(
      ...(userId === null ? [unauthorised(message)] : await answer({ ...door, hurried: messages.length > 1 }, message)),
    )
  return json(200, replies)
}

function parse(body: string): Message[] | null {
  try {
    const text = body.startsWith('message=') ? decodeURIComponent(body.slice(8)) : body
    return [JSON.parse(text) as Message | Message[]].flat()
  } catch {
    return null
  }
}

const head = (m: Message, successful: boolean) => ({
  channel: m.channel,
  ...(m.id === undefined ? {} : { id: m.id }),
  successful,
})

const unauthorised = (m: Message) => ({
  ...head(m, false),
  error: '401::Authentication invalid',
  ext: { sfdc: { failureReason: '401::Authentication invalid' }, replay: true },
  advice: { reconnect: m.channel === '/meta/handshake' ? 'none' : 'handshake', interval: 0 },
})

async function answer(door: Door, message: Message): Promise<unknown[]> {
  const { streaming } = door
  if (message.channel === '/meta/handshake') return [handshake(door, message)]
  const client = streaming.clients.get(message.clientId ?? '')
  if (!client)
    return [{ ...head(message, false), error: '403::Unknown client', advice: { reconnect: 'handshake', interval: 0 } }]
  switch (message.channel) {
    case '/meta/connect':
      return connect(door, client, message)
    case '/meta/subscribe':
      return [message.subscription ?? []].flat().map((channel) => subscribe(door, client, message, channel))
    case '/meta/unsubscribe':
      for (const channel of [message.subscription ?? []].flat()) client.channels.delete(channel)
      return [{ ...head(message, true), clientId: client.id, subscription: message.subscription }]
    case '/meta/disconnect':
      streaming.clients.delete(client.id)
      client.left = true
      client.wake?.()
      return [{ ...head(message, true), clientId: client.id }]
    default:
      return [{ ...head(message, false), error: '400::Unknown channel' }]
  }
}

function handshake({ streaming, org }: Door, message: Message): unknown {
  const client: Client = {
    id: randomBytes(14).toString('hex'),
    channels: new Set(),
    queue: [],
    wake: null,
    connected: false,
    left: false,
  }
  streaming.clients.set(client.id, client)
  return {
    ...head(message, true),
    clientId: client.id,
    version: '1.0',
    minimumVersion: '1.0',
    supportedConnectionTypes: ['long-polling'],
    ext: { replay: true, 'payload.format': true },
    advice: { reconnect: 'retry', interval: 0, timeout: org.settings.connectTimeoutMs },
  }
}

async function connect({ streaming, org, hurried }: Door, client: Client, message: Message): Promise<unknown[]> {
  // A newer poll ends the one before it.
  client.wake?.()
  const held = client.connected && !hurried
  client.connected = true
  if (client.queue.length === 0 && held) {
    const { promise, resolve } = Promise.withResolvers<void>()
    client.wake = resolve
    const stop = new AbortController()
    await Promise.race([
      promise,
      sleep(org.settings.connectTimeoutMs, undefined, { ref: false, signal: stop.signal }).catch(() => {}),
    ])
    stop.abort()
    if (client.wake === resolve) client.wake = null
  }
  const events = client.queue.splice(0).map((e) => ({
    channel: subscribedAs(client, e.channel),
    data: { ...e.data, event: { replayId: e.replayId } },
    clientId: client.id,
  }))
  if (client.left) return [{ ...head(message, true), clientId: client.id, advice: { reconnect: 'none', interval: 0 } }]
  if (!streaming.clients.has(client.id))
    return [{ ...head(message, false), error: '403::Unknown client', advice: { reconnect: 'handshake', interval: 0 } }]
  return [
    ...events,
    {
      ...head(message, true),
      clientId: client.id,
      advice: { reconnect: 'retry', interval: 0, timeout: org.settings.connectTimeoutMs },
    },
  ]
}

const subscribedAs = (client: Client, channel: string) => (client.channels.has(channel) ? channel : ALL)

function subscribe({ org, streaming }: Door, client: Client, message: Message, channel: string): unknown {
  const no = (error: string) => ({ ...head(message, false), clientId: client.id, subscription: channel, error })
  const object = /^\/data\/(\w+)ChangeEvent$/.exec(channel)?.[1]
  const captured = org.settings.captured
  const known = channel.startsWith('/data/')
    ? channel === ALL || (object !== undefined && captured?.includes(object))
    : true
  if (captured === null && channel.startsWith('/data/'))
    return no(`403::Cannot subscribe to channel ${channel}: Change Data Capture is not enabled`)
  if (!known) return no(`400::The channel you requested to subscribe to does not exist {${channel}}`)
  const from = message.ext?.replay?.[channel] ?? -1
  if (from !== -1 && from !== -2 && (from < streaming.firstReplayId - 1 || from >= streaming.nextReplayId))
    return no(
      `400::The replayId {${from}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
    )
  client.channels.add(channel)
  if (from !== -1) {
    client.queue.push(...streaming.events.filter((e) => e.replayId > from && covers(channel, e.channel)))
    client.wake?.()
  }
  return { ...head(message, true), clientId: client.id, subscription: channel }
}

/** Ends every session, as the service does when it is maintained. */
export function dropClients(streaming: Streaming): void {
  const clients = [...streaming.clients.values()]
  streaming.clients.clear()
  for (const client of clients) client.wake?.()
}
