import type { z } from 'zod'
import { askAndRead as askVendor, type Reading, readJson, type Vendor } from '#connectors/ask.ts'
import type { CrmReply, CrmSession, Lane } from '#connectors/call.ts'
import type { QuotaReading } from '#connectors/connector.ts'
import { systemClock } from '#core/clock.ts'
import type { ErrorCode, ErrorDetail } from '#core/errors.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { retryAfterMs } from '#core/retry.ts'
import { versionOf } from './version.ts'
import { errorList } from './wire.ts'

/** Path of the organisation's API in the version that the connection is set to. */
export const apiPath = (session: Pick<CrmSession, 'settings'>): string => `/services/data/v${versionOf(session)}`

/** Named with each call, so that the hub's own changes can be told apart in the organisation's events. */
const protocolHeaders = { accept: 'application/json', 'sforce-call-options': 'client=Jackfield' }

const vendor: Vendor = { title: 'Salesforce', headers: protocolHeaders, refusal, vendorError }

/** `path` below the API's own. */
export function askAndRead<T>(
  session: CrmSession,
  path: string,
  asked: Reading,
  read: (reply: CrmReply) => T | Promise<T>,
): Promise<T> {
  return askVendor(vendor, session, { ...asked, path: `${apiPath(session)}/${path}` }, read)
}

/** For small answers. */
export function askJson<T>(session: CrmSession, path: string, asked: Reading, schema: z.ZodType<T>): Promise<T> {
  return askAndRead(session, path, asked, (reply) => readJson(reply, schema))
}

/** One attempt, whatever comes of it. */
export function sendOnce(
  session: CrmSession,
  path: string,
  call: { method: string; body?: unknown; headers?: Record<string, string>; deadlineMs?: number; lane?: Lane },
): Promise<CrmReply> {
  const { method, body, headers, ...rest } = call
  return session.call(`${apiPath(session)}/${path}`, {
    method,
    headers: {
      ...protocolHeaders,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    lane: 'person',
    retry: 'never',
    ...rest,
  })
}

interface VendorError {
  status: number
  code: string
  text: string
}

/** The vendor's own words, redacted and shortened; a web page is not quoted. */
export function vendorError(reply: CrmReply): VendorError {
  let body: unknown
  try {
    body = JSON.parse(reply.text)
  } catch {
    return { status: reply.status, code: '', text: '' }
  }
  const list = errorList.safeParse(Array.isArray(body) ? body : [body])
  if (!list.success) return { status: reply.status, code: '', text: '' }
  const { errorCode, message } = list.data[0]!
  return { status: reply.status, code: errorCode, text: redactor.clean(message).slice(0, 600) }
}

interface Verdict extends ErrorDetail {
  code: ErrorCode
  reason: string
}

/** The code of ours that a refusal means, with what mends it. */
export function refusal(reply: CrmReply, what: string): HubError {
  const said = vendorError(reply)
  const { code, reason, ...detail } = byCode(said, reply) ?? byStatus(said, reply)
  return new HubError(code, `Salesforce refused ${what}: ${reason}`, {
    vendorStatus: said.status,
    ...(said.code ? { vendorCode: said.code } : {}),
    ...(said.text ? { vendorText: said.text } : {}),
    ...detail,
  })
}

const withoutRight = new Set([
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  'INVALID_TYPE',
  'INVALID_TYPE_FOR_OPERATION',
])

function byCode(said: VendorError, reply: CrmReply): Verdict | undefined {
  const { code, text } = said
  if (code === 'INVALID_FIELD') return unknownField(text)
  if (code === 'REQUEST_LIMIT_EXCEEDED') return limitExceeded(said, reply)
  if (withoutRight.has(code)) return withoutPrivilege(said)
  if (code === 'API_DISABLED_FOR_ORG' || code === 'API_CURRENTLY_DISABLED') {
    return {
      code: 'crm.privilege_missing',
      reason: 'the API is not enabled for this organisation or user',
      mend: 'Give the integration user a permission set with “API Enabled”; the organisation’s edition must include the API.',
    }
  }
  if (code === 'UNABLE_TO_LOCK_ROW') {
    // The transaction was rolled back: as if it had never left.
    return { code: 'crm.record_locked', reason: 'someone else’s change holds the record', sent: false }
  }
  if (code === 'QUERY_TIMEOUT') {
    const mend = 'Narrow the table’s filter, or filter by a field that Salesforce keeps an index of.'
    return { code: 'crm.timeout', reason: 'the query took it too long', mend }
  }
  return undefined
}

function unknownField(text: string): Verdict | undefined {
  const field = /No such column '([^']+)'/.exec(text)?.[1]
  if (!field) return undefined
  return {
    code: 'field.unknown',
    reason: `it shows no field ${field}`,
    field,
    mend: `Let the integration user read ${field} (field-level security), or take it out of the table's columns.`,
  }
}

// The day rolls: what was used yesterday at this time is free again. Asked at this pace nothing is lost and little waits.
const dailyPauseMs = 15 * 60_000
const concurrentPauseMs = 10_000

// A 429 that names no limit: too many calls at once, by whoever stands before the organisation.
const crowdedPauseMs = 5_000

/** Until when it asks to be left alone, where it does. */
function askedUntil(reply: CrmReply): number | undefined {
  const now = systemClock.now()
  const waitMs = retryAfterMs(reply.headers['retry-after'], reply.headers.date, now)
  return waitMs === undefined ? undefined : now + waitMs
}

export function limitExceeded(said: VendorError, reply: CrmReply): Verdict {
  const { pauseMs, ...verdict } = limitOf(said)
  return {
    code: 'crm.throttled',
    ...verdict,
    retryAt: askedUntil(reply) ?? systemClock.now() + pauseMs,
    sent: false,
  }
}

function limitOf(said: VendorError): { reason: string; pauseMs: number; mend: string } {
  if (isDayUsedUp(said)) {
    return {
      reason: 'its requests of the day are used up, by all its clients together',
      pauseMs: dailyPauseMs,
      mend: 'Nothing: the work goes on as the day rolls. If it happens often, see which clients use the API, or buy requests.',
    }
  }
  const concurrent = said.text.startsWith('ConcurrentRequests')
  return {
    reason: concurrent ? 'too many long requests are under way' : 'too many calls were made',
    pauseMs: concurrent ? concurrentPauseMs : crowdedPauseMs,
    mend: 'Nothing: the work goes on by itself.',
  }
}

const isDayUsedUp = ({ status, code, text }: VendorError) =>
  code === 'REQUEST_LIMIT_EXCEEDED' &&
  (status === 403 ? !text.startsWith('ConcurrentRequests') : text.startsWith('TotalRequests'))

/** What a reply tells of the requests of the day. */
export function readQuota(reply: CrmReply): QuotaReading | null {
  const told = /api-usage=(\d+)\/(\d+)/.exec(reply.headers['sforce-limit-info'] ?? '')
  if (told) return { used: Number(told[1]), limit: Number(told[2]) }
  if (reply.status !== 403 && reply.status !== 429) return null
  const said = vendorError(reply)
  if (said.code !== 'REQUEST_LIMIT_EXCEEDED') return null
  const until = askedUntil(reply)
  if (until !== undefined) return { until }
  return isDayUsedUp(said) ? 'used up' : null
}

// With these texts a 401 stays one, however new the token (jsforce, src/http-api.ts).
const lastingTexts: [text: RegExp, reason: string, mend: string][] = [
  [
    /connected app is not attached to agent/i,
    'the app is not attached to the agent that the user is',
    'Let the app run as an integration user of its own, or attach it to the agent in Setup.',
  ],
  [
    /this session is not valid for use with the rest api/i,
    'the app’s sessions may not use the REST API',
    'Give the app the scope “Manage user data via APIs (api)” and the user “API Enabled”, then check the connection.',
  ],
]

/** A 401 that no new token mends. */
export function refusesAll(reply: CrmReply): HubError | null {
  if (reply.status !== 401) return null
  const { code, text } = vendorError(reply)
  const found = lastingTexts.find(([pattern]) => pattern.test(text))
  if (!found) return null
  const [, reason, mend] = found
  return new HubError('authentication.app_blocked', `Salesforce takes no token of this application: ${reason}`, {
    mend,
    vendorStatus: 401,
    vendorCode: code,
    vendorText: text,
  })
}

function withoutPrivilege({ text }: VendorError): Verdict {
  const object = /sObject type '([^']+)'/.exec(text)?.[1]
  return {
    code: 'crm.privilege_missing',
    reason: object ? `the integration user does not see ${object}` : text || 'the integration user lacks a right',
    mend: `Give the integration user a permission set with ${object ? `Read and View All on ${object}` : 'the right that is named'}.`,
    ...(object ? { field: object } : {}),
  }
}

function byStatus(said: VendorError, reply: CrmReply): Verdict {
  const reason = said.text || `it answered ${said.status}`
  const until = askedUntil(reply)
  switch (true) {
    case said.status === 429:
      return limitExceeded(said, reply)
    case said.status === 401:
      return { code: 'authentication.rejected', reason: 'it does not accept the access token', mend: 'Check the app.' }
    case said.status === 403:
      return withoutPrivilege(said)
    case said.status >= 500:
      return { code: 'crm.unreachable', reason, ...(until === undefined ? {} : { retryAt: until }) }
    default:
      return { code: 'crm.refused', reason }
  }
}
