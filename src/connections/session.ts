import type { CrmCall, CrmReply, CrmSession, Lane } from '#connectors/call.ts'
import type { Authorisation, Connector } from '#connectors/connector.ts'
import { hostPort } from '#core/address.ts'
import type { Clock } from '#core/clock.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { CallOptions, Door } from '#core/http.ts'
import { crmReply } from './crm-reply.ts'
import type { Waiting } from './token.ts'

/** How long a call may take when its caller does not say; a ringing phone waits for nothing. Milliseconds. */
const laneDeadlineMs: Record<Lane, number> = { ring: 5_000, person: 30_000, incremental: 180_000, initial: 300_000 }

/** Where the token of a session comes from, and how its calls are let through. */
export interface SessionParts<Token extends { value: string }> {
  url: string
  settings: Readonly<Record<string, unknown>>
  door: Door
  clock: Clock
  /** How a call carries its token; as a bearer when absent. */
  authorise?: Connector['authorise']
  /** Throws when the connection may not be used; gives the place of a call under way. */
  enter(lane: Lane, waiting: Waiting): Promise<() => void>
  token(waiting: Waiting): Promise<Token>
  /** Asked once for a call, when its token was refused. */
  nextToken(rejected: Token, waiting: Waiting): Promise<Token>
  /** What a 401 means that no new token mends; null where a new token may. */
  refusesAll?(reply: CrmReply): HubError | null
  /** Told of every reply, whatever its status. */
  replied?(token: Token, reply: CrmReply): Promise<void>
  accepted?(token: Token): Promise<void>
  refused?(token: Token, error: HubError): Promise<void>
  admit?(token: Token, lane: Lane, waiting: Waiting): Promise<void>
  throttled?(token: Token, retryAt: number): Promise<void>
  /** Told of each call's end: the HTTP status, or the code of the error where there was no answer. */
  counted?(lane: Lane, status: string): void
}

export function createSession<Token extends { value: string }>(parts: SessionParts<Token>): CrmSession {
  return {
    url: parts.url,
    settings: parts.settings,
    async call(path, options) {
      const target = targetOf(parts.url, path)
      const deadlineMs = options.deadlineMs ?? laneDeadlineMs[options.lane]
      const waiting: Waiting = { deadline: parts.clock.monotonic() + deadlineMs }
      if (options.signal) waiting.signal = options.signal
      const leave = await parts.enter(options.lane, waiting)
      try {
        return await callWithToken(parts, target, { options, waiting })
      } finally {
        leave()
      }
    },
  }
}

/** A next link comes from outside: a token goes to the connection's own origin only. */
function targetOf(url: string, path: string): URL {
  const target = URL.canParse(path, url) ? new URL(path, url) : undefined
  if (target?.origin === new URL(url).origin && !target.username && !target.password) return target
  const where = target ? hostPort(target) : 'no address'
  throw new HubError('crm.foreign_link', `A link leads to ${where}, away from ${new URL(url).host}`, { sent: false })
}

interface Call {
  options: CrmCall
  waiting: Waiting
}

async function callWithToken<Token extends { value: string }>(
  parts: SessionParts<Token>,
  target: URL,
  call: Call,
): Promise<CrmReply> {
  const token = await parts.token(call.waiting)
  const reply = await send(parts, target, { ...call, token })
  if (reply.status !== 401) {
    await parts.accepted?.(token)
    return reply
  }
  await throwLasting(parts, token, reply)
  const fresh = await parts.nextToken(token, call.waiting)
  const second = await send(parts, target, { ...call, token: fresh })
  if (second.status !== 401) {
    await parts.accepted?.(fresh)
    return second
  }
  await throwLasting(parts, fresh, second)
  const refusal = new HubError('authentication.rejected', `${target.host} refuses a fresh token of this application`, {
    mend: 'Check that credentials and address belong together, and that their user is enabled in the CRM.',
    vendorStatus: 401,
  })
  await parts.refused?.(fresh, refusal)
  throw refusal
}

/** A refusal that a new token would meet again must lead to none: they would be asked for without end. */
async function throwLasting<Token extends { value: string }>(
  parts: SessionParts<Token>,
  token: Token,
  reply: CrmReply,
): Promise<void> {
  const lasting = parts.refusesAll?.(reply) ?? null
  if (lasting === null) return
  await parts.refused?.(token, lasting)
  throw lasting
}

async function send<Token extends { value: string }>(
  parts: SessionParts<Token>,
  target: URL,
  call: Call & { token: Token },
): Promise<CrmReply> {
  const { options, waiting, token } = call
  const left = waiting.deadline - parts.clock.monotonic()
  const { headers, query = {} } = parts.authorise?.(token.value, parts.settings) ?? bearer(token.value)
  const address = new URL(target)
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  const sent: CallOptions = {
    headers: { ...options.headers, ...headers },
    deadlineMs: Math.max(left, 1),
    retry: options.retry,
    host: hostPort(target),
    admit: async () => await parts.admit?.(token, options.lane, waiting),
    onThrottled: async (retryAt) => await parts.throttled?.(token, retryAt),
  }
  if (options.method !== undefined) sent.method = options.method
  if (options.body !== undefined) sent.body = options.body
  if (options.maxBytes !== undefined) sent.maxBytes = options.maxBytes
  if (options.signal) sent.signal = options.signal
  const reply = await parts.door.call(address.href, sent).catch((error: unknown) => {
    parts.counted?.(options.lane, isHubError(error) ? error.code : 'cancelled')
    throw error
  })
  parts.counted?.(options.lane, String(reply.status))
  const answer = crmReply(reply)
  await parts.replied?.(token, answer)
  return answer
}

const bearer = (token: string): Authorisation => ({ headers: { authorization: `Bearer ${token}` } })
