import type { z } from 'zod'
import { HubError, isHubError } from '#core/errors.ts'
import { backoff, retry } from '#core/retry.ts'
import type { CrmCall, CrmReply, CrmSession } from './call.ts'

/** A call with words for it, after "refused": `to read contact`. */
export interface Asked extends Omit<CrmCall, 'retry'> {
  what: string
}

/** What asking one vendor needs to know of it. */
export interface Vendor {
  title: string
  headers: Record<string, string>
  /** The code of ours that a refusal means, with what mends it. */
  refusal(reply: CrmReply, what: string): HubError
  /** The vendor's own words in a body that was to be something else. */
  vendorError(reply: CrmReply): { code: string; text: string }
}

// A body that was cut or garbled on the way is worth asking for again; one that stays so is the CRM's.
const bodyAttempts = 3

/** Asks, and asks again within bounds when `read` finds the body to be no answer; any status that is no success throws. */
export function askAndRead<T>(
  vendor: Vendor,
  session: CrmSession,
  given: { path: string; asked: Asked },
  read: (reply: CrmReply) => T | Promise<T>,
): Promise<T> {
  const { what, ...call } = given.asked
  const ask = async () => {
    const headers = { ...vendor.headers, ...call.headers }
    const reply = await session.call(given.path, { ...call, headers, retry: 'safe' })
    if (reply.status >= 200 && reply.status < 300) return await readBody(vendor, reply, { what, read })
    throw vendor.refusal(reply, what)
  }
  return retry(ask, {
    attempts: bodyAttempts,
    wait: (outcome, attempt) =>
      'error' in outcome && isHubError(outcome.error, 'crm.body_invalid') ? backoff(attempt, Math.random()) : undefined,
    ...(call.signal ? { signal: call.signal } : {}),
  })
}

async function readBody<T>(
  vendor: Vendor,
  reply: CrmReply,
  { what, read }: { what: string; read: (reply: CrmReply) => T | Promise<T> },
): Promise<T> {
  try {
    return await read(reply)
  } catch (error) {
    if (!isHubError(error, 'crm.body_invalid')) throw error
    const { code, text } = vendor.vendorError(reply)
    const web = /^\s*</.test(reply.body.toString('latin1', 0, 200))
    const reason = code ? `it answered ${reply.status} with an error: ${text}` : error.message
    throw new HubError(
      'crm.body_invalid',
      `${vendor.title} was asked ${what}: ${web ? 'it answered a web page' : reason}`,
      {
        mend: 'If it stays so, check the address of the organisation and what stands between it and this hub.',
        vendorStatus: reply.status,
        ...(code ? { vendorCode: code, vendorText: text } : {}),
      },
    )
  }
}

/** A small answer's JSON in the form that is expected; throws crm.body_invalid. */
export function readJson<T>(reply: CrmReply, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(reply.text))
  if (parsed.success) return parsed.data
  const place = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new HubError('crm.body_invalid', `the answer is not of the expected form${place ? ` at ${place}` : ''}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HubError('crm.body_invalid', 'the answer is not valid JSON')
  }
}
