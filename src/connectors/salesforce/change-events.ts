import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import type { Heard, Listening } from '#connectors/listener.ts'
import type { CrmEvent } from '#connectors/push.ts'
import { HubError } from '#core/errors.ts'
import { type Bayeux, type Message, openBayeux } from './bayeux.ts'
import { apiPath } from './client.ts'
import { longId } from './ids.ts'
import { tablesOf } from './object-tables.ts'

/** All objects that the organisation has chosen for Change Data Capture. */
const channel = '/data/ChangeEvents'
const onlyNew = -1
/** A session that ends at once is not mended by haste: the next one waits so long, twice as long after each in a row. */
const shortestPauseMs = 1_000
const longestPauseMs = 60_000
/** Tokens that the stream refuses in a row before it is given up: each costs a call of the day. */
const mostRefusals = 2

/** How a session ended, and where the next goes on. */
interface End {
  replay: string | null
  /** Its token was refused. */
  isRefused: boolean
}

/** Hears of changes by Change Data Capture, over CometD, until it is told to stop. */
export async function listen(session: CrmSession, listening: Listening): Promise<void> {
  let { replay } = listening
  const { signal } = listening
  for (let [early, refusals] = [0, 0]; !signal.aborted; ) {
    const began = performance.now()
    const bayeux = openBayeux(session, signal)
    try {
      const end = await oneSession(bayeux, { ...listening, replay }, session.settings.userId)
      const isGood = end.replay !== replay || performance.now() - began > longestPauseMs
      early = isGood ? 0 : early + 1
      refusals = (isGood ? 0 : refusals) + (end.isRefused ? 1 : 0)
      replay = end.replay
      if (end.isRefused && !signal.aborted) await renewToken(session, refusals)
    } catch (error) {
      if (signal.aborted) return
      throw error
    } finally {
      if (signal.aborted) await bayeux.disconnect().catch(() => undefined)
    }
    const pause = Math.min(shortestPauseMs * 2 ** Math.max(early - 1, 0), longestPauseMs)
    const left = pause - (performance.now() - began)
    if (left > 0) await wait(left, undefined, { signal }).catch(() => undefined)
  }
}

/**
 * A message cannot renew a token; a call of the data service that is refused with it does. "reconnect: none", which comes
 * with the refusal, is said of this token's client: what a new one meets is tried, and not for ever.
 */
async function renewToken(session: CrmSession, refusals: number): Promise<void> {
  if (refusals > mostRefusals) {
    throw new HubError('push.not_offered', 'Salesforce’s stream takes no token that its other doors take', {
      ...told('401'),
      mend: 'Look in the sign-in history of the hub’s user, and at the policies of its app, for what keeps it from the Streaming API; or install the push.',
    })
  }
  await session.call(`${apiPath(session)}/limits`, { lane: 'incremental', retry: 'safe' })
}

/** From handshake to the next one. */
async function oneSession(bayeux: Bayeux, listening: Listening, hubUser: unknown): Promise<End> {
  let { replay } = listening
  const greeted = await bayeux.handshake()
  if (greeted.successful !== true) return onRefusal(greeted, replay)
  const agreed = await bayeux.subscribe(channel, replay === null ? onlyNew : Number(replay))
  if (agreed.successful !== true) {
    if (replay !== null && isReplayLost(agreed)) {
      await listening.onHeard({ events: [], missed: lost(listening.tables), replay: null })
      return { replay: null, isRefused: false }
    }
    return onRefusal(agreed, replay)
  }
  await listening.onListening()
  while (!listening.signal.aborted) {
    const { events, reply } = await bayeux.connect()
    if (events.length > 0) {
      const heard = readChanges(events, hubUser)
      replay = heard.replay ?? replay
      await listening.onHeard({ ...heard, replay })
    }
    if (reply.successful !== true) return onRefusal(reply, replay)
    if (reply.advice?.reconnect === 'none') throw ended(reply)
    if (reply.advice?.reconnect === 'handshake') break
    const pause = Math.min(reply.advice?.interval ?? 0, longestPauseMs)
    if (pause > 0) await wait(pause, undefined, { signal: listening.signal }).catch(() => undefined)
  }
  return { replay, isRefused: false }
}

/** Where another session may go on; throws what it would meet again. */
function onRefusal(reply: Message, replay: string | null): End {
  const reason = reply.error ?? reply.ext?.sfdc?.failureReason ?? ''
  const isSubscription = reply.channel === '/meta/subscribe'
  if (reason.startsWith('401')) return { replay, isRefused: true }
  const unknownClient = /^40[23]::.*(unknown client|session)/i.test(reason)
  if (!isSubscription && (unknownClient || reply.advice?.reconnect === 'handshake')) return { replay, isRefused: false }
  if (isSubscription && /^40[0-4]/.test(reason)) {
    throw new HubError('push.not_offered', 'Salesforce does not tell of changes by Change Data Capture here', {
      ...told(reason),
      mend: 'Choose objects under Setup → Change Data Capture, and give the hub’s user “View All” of them; or install the push.',
    })
  }
  throw ended(reply)
}

const told = (reason: string) => (reason ? { vendorCode: reason.slice(0, 3), vendorText: reason.slice(0, 300) } : {})

const ended = (reply: Message) =>
  new HubError('crm.refused', 'Salesforce has ended the stream of changes', told(reply.error ?? ''))

/** Events are kept for 72 hours: a hub that was away longer cannot go on where it was. */
const isReplayLost = (reply: Message) => /replay\s?id/i.test(reply.error ?? '')

const lost = (tables: readonly string[]): Heard['missed'] =>
  tables.map((table) => ({
    table,
    reason: 'Salesforce keeps its change events for 72 hours, and the hub was away longer',
  }))

const change = z.object({
  event: z.object({ replayId: z.union([z.number(), z.string().regex(/^\d+$/)]) }),
  payload: z.object({
    ChangeEventHeader: z.object({
      entityName: z.string(),
      recordIds: z.array(z.string()),
      changeType: z.string(),
      changeOrigin: z.string().catch(''),
      transactionKey: z.string(),
      sequenceNumber: z.number(),
      commitUser: z.string().catch(''),
    }),
  }),
})
type ChangeEvent = z.infer<typeof change>

/** What events say changed; what they say of values is not taken. An event that cannot be read ends the stream. */
function readChanges(messages: readonly Message[], hubUser: unknown): Heard {
  const heard: Heard = { events: [], missed: [], replay: null }
  for (const { data } of messages) {
    const parsed = change.safeParse(data)
    if (!parsed.success) throw new HubError('crm.body_invalid', 'A change event of Salesforce cannot be read')
    heard.replay = String(parsed.data.event.replayId)
    hear(heard, parsed.data.payload.ChangeEventHeader, hubUser)
  }
  return heard
}

/** More changes than a transaction's events may tell: the id in it is no record's ("Overflow Events"). */
const overflow = 'GAP_OVERFLOW'

function hear(heard: Heard, header: Header, hubUser: unknown): void {
  const { changeType, entityName, recordIds } = header
  if (changeType !== overflow && isOwn(header, hubUser)) return
  const ids = changeType === overflow ? [] : recordIds.map(recordId)
  const isUnnamed = ids.length === 0 || ids.includes(null)
  for (const table of tablesOf(entityName)) {
    if (isUnnamed) heard.missed.push({ table, reason: `${changeType} of Change Data Capture` })
    heard.events.push(...ids.filter((id) => id !== null).map((id) => eventOf(header, table, id)))
  }
}

/** Null where it names no record: a wildcard (`001*`), or the empty id. */
const recordId = (given: string) => (/^0*(?:AAA)?$/.test(given) ? null : longId(given))

type Header = ChangeEvent['payload']['ChangeEventHeader']

function eventOf({ transactionKey, sequenceNumber, changeType }: Header, table: string, sourceId: string): CrmEvent {
  const eventKey = `cdc/${transactionKey}/${sequenceNumber}/${table}/${sourceId}`
  return { eventKey, organisation: null, table, sourceId, operation: changeType }
}

/** The hub's own writes are read back anyway. Another hub names itself so too, but is another user. */
const isOwn = ({ changeOrigin, commitUser }: Header, hubUser: unknown) =>
  /[;,]client=Jackfield\b/.test(changeOrigin) && typeof hubUser === 'string' && longId(commitUser) === longId(hubUser)
