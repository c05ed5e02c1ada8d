import type { z } from 'zod'
import {
  type Asked,
  askAndRead as askVendor,
  ask as askVendorOnce,
  type Reading,
  readJson,
  type Vendor,
} from '#connectors/ask.ts'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import { systemClock } from '#core/clock.ts'
import type { ErrorCode, ErrorDetail } from '#core/errors.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { retryAfterMs } from '#core/retry.ts'
import { bareErrorBody, errorBody } from './wire.ts'

export const apiPath = '/api/data/v9.2'

/** What a refusal tells, before it is given one of our codes. */
interface VendorError {
  status: number
  code: string
  text: string
}

export const protocolHeaders = { accept: 'application/json', 'odata-maxversion': '4.0', 'odata-version': '4.0' }

const vendor: Vendor = { title: 'Dynamics', headers: protocolHeaders, refusal, vendorError }

/** One call; any status that is no success throws. */
export function ask(session: CrmSession, path: string, asked: Omit<Asked, 'path'>): Promise<CrmReply> {
  return askVendorOnce(vendor, session, { ...asked, path })
}

/** Asks, and asks again within bounds when `read` finds the body to be no answer. */
export function askAndRead<T>(
  session: CrmSession,
  path: string,
  asked: Reading,
  read: (reply: CrmReply) => T | Promise<T>,
): Promise<T> {
  return askVendor(vendor, session, { ...asked, path }, read)
}

/** For small answers. */
export function askJson<T>(session: CrmSession, path: string, asked: Reading, schema: z.ZodType<T>): Promise<T> {
  return askAndRead(session, path, asked, (reply) => readJson(reply, schema))
}

/** The vendor's own words, redacted and shortened; a web page is not quoted. */
export function vendorError(reply: CrmReply): VendorError {
  let body: unknown
  try {
    body = JSON.parse(reply.text)
  } catch {
    return { status: reply.status, code: '', text: '' }
  }
  const usual = errorBody.safeParse(body)
  if (usual.success) return { status: reply.status, code: usual.data.error.code, text: shown(usual.data.error.message) }
  const bare = bareErrorBody.safeParse(body)
  return { status: reply.status, code: '', text: bare.success ? shown(bare.data.Message) : '' }
}

function shown(text: string): string {
  return redactor.clean(text).slice(0, 600)
}

interface Verdict extends ErrorDetail {
  code: ErrorCode
  reason: string
}

/** The code of ours that a refusal means, with what mends it. */
export function refusal(reply: CrmReply, what: string): HubError {
  const vendor = vendorError(reply)
  const { code, reason, ...detail } = byCode(vendor) ?? byText(vendor) ?? byStatus(vendor, reply)
  return new HubError(code, `Dynamics refused ${what}: ${reason}`, {
    vendorStatus: vendor.status,
    ...(vendor.code ? { vendorCode: vendor.code } : {}),
    ...(vendor.text ? { vendorText: vendor.text } : {}),
    ...detail,
  })
}

const deltaExpired = new Set(['0x80044352', '0x80044183'])
// Table level, record level, column level.
const privilegeMissing = new Set(['0x80040220', '0x80048306', '0x8004f507'])
const throttled = new Set(['0x80072321', '0x80072322', '0x80072326'])

function byCode(vendor: VendorError): Verdict | undefined {
  const code = vendor.code.toLowerCase()
  if (deltaExpired.has(code)) return { code: 'crm.delta_expired', reason: 'its delta link has expired' }
  if (code === '0x80072560') {
    return {
      code: 'crm.no_user',
      reason: 'the application is no user of this organisation',
      mend: 'Add an application user for this client id in the Power Platform admin center and give it a security role.',
    }
  }
  if (privilegeMissing.has(code)) return privilege(vendor)
  return undefined
}

function byText(vendor: VendorError): Verdict | undefined {
  if (throttled.has(vendor.code.toLowerCase())) return undefined
  const property =
    /Could not find a property named '([^']+)'/.exec(vendor.text) ?? /undeclared property '([^']+)'/.exec(vendor.text)
  const field = property?.[1]
  if (!field) return undefined
  return {
    code: 'field.unknown',
    reason: `it has no column ${field}`,
    field,
    mend: `Take ${field} out of the table's columns, or refresh the table's description.`,
  }
}

function privilege(vendor: VendorError): Verdict {
  const name = /is missing (prv\w+) privilege/.exec(vendor.text)?.[1]
  const table = /for entity '([^']+)'/.exec(vendor.text)?.[1]
  const missing = name ? `the application user lacks ${name}${table ? ` on ${table}` : ''}` : ''
  return {
    code: 'crm.privilege_missing',
    reason: missing || vendor.text || 'the application user lacks a privilege',
    mend: name
      ? `Give the application user a security role with ${name} at organisation level.`
      : 'Give the application user a security role with the privilege that is named.',
    ...(name ? { field: name } : {}),
  }
}

function byStatus(vendor: VendorError, reply: CrmReply): Verdict {
  const { status, text } = vendor
  const said = text || `it answered ${status}`
  if (status === 429 || throttled.has(vendor.code.toLowerCase())) return throttle(reply)
  if (status === 401) {
    return {
      code: 'authentication.rejected',
      reason: 'it does not accept the access token',
      mend: 'Check that the authority, tenant and scope belong to this organisation.',
    }
  }
  if (status === 403) return privilege(vendor)
  if (status >= 500) return { code: 'crm.unreachable', reason: said, ...retryHint(reply) }
  return { code: 'crm.refused', reason: said }
}

function throttle(reply: CrmReply): Verdict {
  const hint = retryHint(reply)
  return {
    code: 'crm.throttled',
    reason: 'too many calls were made; it protects itself',
    retryAt: hint.retryAt ?? systemClock.now() + throttledWithoutHintMs,
  }
}

// Without a Retry-After; the limits count over a sliding window of 300 s ("Service protection API limits").
const throttledWithoutHintMs = 5_000

function retryHint(reply: CrmReply): { retryAt?: number } {
  const now = systemClock.now()
  const waitMs = retryAfterMs(reply.headers['retry-after'], reply.headers.date, now)
  return waitMs === undefined ? {} : { retryAt: now + waitMs }
}
