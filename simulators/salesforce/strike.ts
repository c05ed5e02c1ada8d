import type { Fault } from '../exchange/faults.ts'
import type { Reply } from '../exchange/http.ts'
import { answerAsTold, spoilBody } from '../exchange/strike.ts'
import { JSON_TYPE, json } from './errors.ts'

const TEXTS: Record<string, [status: number, errorCode: string, message: string]> = {
  '429': [429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests.'],
  'limit-exceeded': [403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
  'concurrent-limit': [403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'],
  'token-rejected': [401, 'INVALID_SESSION_ID', 'Session expired or invalid'],
  'app-not-attached': [401, 'INVALID_SESSION_ID', 'Connected app is not attached to Agent'],
  'session-not-for-rest': [401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API'],
  'row-locked': [400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record or 1 records'],
  'api-disabled': [403, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.'],
  'privilege-lost': [403, 'INSUFFICIENT_ACCESS', 'insufficient access rights on cross-reference id'],
  'lost-locator': [400, 'INVALID_QUERY_LOCATOR', 'invalid query locator'],
}

/** Faults that answer in the service's place; null for those that let it work. */
export function answerInstead(fault: Fault): Reply | null {
  const o = fault.options
  const retry: Record<string, string> =
    o.retryAfter === undefined || o.retryAfter === null ? {} : { 'retry-after': String(o.retryAfter) }
  const told = TEXTS[fault.kind]
  if (told)
    return json(told[0], [{ message: String(o.message ?? told[2]), errorCode: String(o.code ?? told[1]) }], retry)
  switch (fault.kind) {
    case '5xx':
    case '500':
    case '502':
    case '503':
    case '504': {
      const status = Number(o.status ?? (fault.kind === '5xx' ? 503 : fault.kind))
      const errorCode = status === 503 ? 'SERVER_UNAVAILABLE' : 'UNKNOWN_EXCEPTION'
      return json(
        status,
        [{ message: status === 503 ? 'Server busy' : 'An unexpected error occurred.', errorCode }],
        retry,
      )
    }
    case 'error-200':
      return json(200, [{ message: 'An unexpected error occurred.', errorCode: 'UNKNOWN_EXCEPTION' }])
    default:
      return answerAsTold(fault, JSON_TYPE)
  }
}

/** Faults that spoil the answer that the service gave. */
export function spoil(fault: Fault, reply: Reply, origin: string): Reply {
  const text = () => reply.body.toString('utf8')
  switch (fault.kind) {
    case 'foreign-next-link':
      return {
        ...reply,
        body: text().replace(/("nextRecordsUrl":")(?=\/)/, `$1${fault.options.host ?? 'http://foreign.example'}`),
      }
    case 'no-next-link':
      return { ...reply, body: text().replace(/"nextRecordsUrl":"[^"]*",/, '') }
    default:
      return spoilBody(fault, reply, origin)
  }
}
