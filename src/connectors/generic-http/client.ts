import { type Asked, askAndRead as askVendor, type Reading, type Vendor } from '#connectors/ask.ts'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import { systemClock } from '#core/clock.ts'
import type { ErrorCode, ErrorDetail } from '#core/errors.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { retryAfterMs } from '#core/retry.ts'
import { isObject } from './paths.ts'

/** The API that a session is with, named by its host. */
const vendorOf = (session: CrmSession): Vendor => ({
  title: hostOf(session),
  refusal: (reply, what) => refusal(session, reply, what),
  mend: 'Try the table in the definition; compare its paths with what the API answers.',
})

/** Asks, and asks again within bounds when `read` finds the body to be no answer. A POST that lists changes nothing either. */
export function askAndRead<T>(
  session: CrmSession,
  asked: Reading & Pick<Asked, 'path'>,
  read: (reply: CrmReply) => Promise<T>,
): Promise<T> {
  return askVendor(vendorOf(session), session, asked, read)
}

const hostOf = (session: CrmSession) => new URL(session.url).host

/** The code of ours that a refusal means, with the API's own words. */
export function refusal(session: CrmSession, reply: CrmReply, what: string): HubError {
  const said = saidBy(reply)
  const { code, reason, ...detail } = meaning(reply)
  return new HubError(code, `${hostOf(session)} was asked ${what}: ${reason}${said ? `: ${said}` : ''}`, {
    vendorStatus: reply.status,
    ...(said ? { vendorText: said } : {}),
    ...detail,
  })
}

const throttledWithoutHintMs = 5_000

interface Verdict extends ErrorDetail {
  code: ErrorCode
  reason: string
}

function meaning(reply: CrmReply): Verdict {
  const { status } = reply
  const reason = `it answered ${status}`
  if (status === 429 || status === 503) {
    const now = systemClock.now()
    const waitMs = retryAfterMs(reply.headers['retry-after'], reply.headers.date, now)
    const until = waitMs === undefined ? {} : { retryAt: now + waitMs }
    // A 429 that does not say until when is given a moment, so that nobody waits without an end to tell of.
    if (status === 429) return { code: 'crm.throttled', reason, retryAt: now + throttledWithoutHintMs, ...until }
    return { code: 'crm.unreachable', reason, ...until }
  }
  if (status === 401) {
    const mend = 'Check the credentials, and how the definition says that they are sent.'
    return { code: 'authentication.rejected', reason, mend }
  }
  if (status === 403) {
    return { code: 'crm.privilege_missing', reason, mend: 'Give these credentials the right to read it.' }
  }
  if (status >= 500) return { code: 'crm.unreachable', reason }
  const mend =
    status === 404 ? 'Check the base address and the table’s path in the definition.' : 'Follow the API’s text.'
  return { code: 'crm.refused', reason, mend }
}

/** The API's own words, redacted and shortened; a web page is not quoted. */
function saidBy(reply: CrmReply): string {
  let body: unknown
  try {
    body = JSON.parse(reply.body.toString())
  } catch {
    return ''
  }
  const text = wordsOf(body)
  return text === undefined ? '' : redactor.clean(text).slice(0, 600)
}

/** Where APIs usually put what went wrong. */
function wordsOf(body: unknown, depth = 0): string | undefined {
  if (typeof body === 'string') return body
  if (depth > 2) return undefined
  if (Array.isArray(body)) return wordsOf(body[0], depth + 1)
  if (!isObject(body)) return undefined
  for (const name of ['message', 'error_description', 'detail', 'title', 'error', 'errors']) {
    const words = wordsOf(body[name], depth + 1)
    if (words) return words
  }
  return undefined
}
