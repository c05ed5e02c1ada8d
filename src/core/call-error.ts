import type { ErrorCode, ErrorDetail } from './errors.ts'
import { HubError } from './errors.ts'
import { redactor } from './redact.ts'

/** What is known of an attempt when it fails. */
export interface Attempted {
  /** Method, host and path; never the query. */
  what: string
  /** Whether the request began to go out. */
  sent: boolean
}

const tlsReasons: Record<string, string> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; compare the clocks',
  CERT_REVOKED: 'its certificate was revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority (self-signed root)',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority, or the chain is incomplete',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority, or the chain is incomplete',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on this port',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it offers only TLS versions that are no longer safe',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it offers only other TLS versions',
  UND_ERR_PRX_TLS: 'the proxy’s certificate does not fit',
}

const tlsMend =
  'Mend the server’s certificate; for an authority of your own, name its file in NODE_EXTRA_CA_CERTS and restart.'

const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EADDRNOTAVAIL: 'no local port or address is left to connect from',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was shorter or longer than announced',
  UND_ERR_CLOSED: 'this hub is stopping',
  UND_ERR_DESTROYED: 'this hub is stopping',
  UND_ERR_PRX_CONN: 'the proxy cannot be reached',
}

/** Turns whatever an attempt threw into a HubError with a code of the table; HubErrors pass. */
export function classify(error: unknown, attempted: Attempted): HubError {
  if (error instanceof HubError) return withSent(error, attempted)
  const { code, message } = codeAndMessage(error)
  const make = (hubCode: ErrorCode, reason: string, detail: ErrorDetail = {}) =>
    new HubError(hubCode, `${attempted.what}: ${reason}`, {
      sent: attempted.sent,
      cause: bare(code, message),
      ...detail,
    })

  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
    const mend = 'Check the spelling of the host name and the name server of this machine.'
    return make('crm.dns', 'the host name cannot be resolved', { mend })
  }
  const tls = tlsReasons[code] ?? (/^(ERR_SSL_|ERR_TLS_|CERT_)/.test(code) ? `TLS failed (${code})` : undefined)
  if (tls) return make('crm.tls', tls, { mend: tlsMend })
  if (code === 'ETIMEDOUT' || /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return make('crm.timeout', attempted.sent ? 'no answer in time' : 'no connection in time')
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return make('crm.body_too_large', 'its headers are too large')
  if (code.startsWith('HPE_')) return make('crm.body_invalid', 'it did not answer in well-formed HTTP')
  if (code.startsWith('Z_') || /^ERR_(BROTLI|_ERROR_FORMAT|PADDING)/.test(code)) {
    return make('crm.body_invalid', 'the compressed answer is broken or cut off')
  }
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    return make('input.invalid', 'the request cannot be sent as it is', { sent: false })
  }
  if (message.startsWith('Proxy response')) return make('crm.unreachable', redactor.clean(message))
  return make('crm.unreachable', networkReasons[code] ?? `the call failed (${code || redactor.clean(message)})`)
}

/** Keeps what a HubError says and adds whether the request left, unless it knows already. */
function withSent(error: HubError, attempted: Attempted): HubError {
  if (error.detail.sent !== undefined) return error
  return new HubError(error.code, error.message, { ...error.detail, sent: attempted.sent, cause: error.cause })
}

/** The cause without what hangs on it: undici's errors carry sockets, and parts of the answer as `data`. */
function bare(code: string, message: string): Error {
  return Object.assign(new Error(redactor.clean(message)), { code })
}

/** Node wraps several failed addresses of one name in an AggregateError, and pipelines wrap their source's error. */
function codeAndMessage(error: unknown): { code: string; message: string } {
  const found = error as { code?: unknown; message?: unknown; errors?: unknown[] } | undefined
  // Some of undici's parser errors come without their HPE_ code.
  if (error instanceof Error && error.name === 'HTTPParserError') return { code: 'HPE_', message: error.message }
  if (typeof found?.code === 'string') return { code: found.code, message: String(found.message) }
  if (Array.isArray(found?.errors) && found.errors.length > 0) return codeAndMessage(found.errors[0])
  return { code: '', message: String(found?.message ?? error) }
}

// Failures that a moment later may be gone. A wrong name, certificate or address stays wrong.
const passing = new Set<ErrorCode>(['crm.unreachable', 'crm.timeout', 'crm.body_invalid'])

/** True where an idempotent call is worth another attempt. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof HubError)) return false
  const cause = codeAndMessage(error.cause).code
  if (error.code === 'crm.dns') return cause === 'EAI_AGAIN'
  return passing.has(error.code) && cause !== 'UND_ERR_CLOSED' && cause !== 'UND_ERR_DESTROYED'
}
