import type { z } from 'zod'
import { HubError, isHubError } from '#core/errors.ts'
import { backoff, retry } from '#core/retry.ts'
import type { CrmCall, CrmReply, CrmSession } from './call.ts'

/** A call with words for it, after "refused" or "was asked": `to read contact`. */
export interface Asked extends CrmCall {
  path: string
  what: string
}

/** One that changes nothing, whatever its path. */
export type Reading = Omit<Asked, 'path' | 'retry'>

/** What asking one vendor needs to know of it. */
export interface Vendor {
  title: string
  /** Sent with each call. */
  headers?: Record<string, string>
  /** The code of ours that a refusal means, with what mends it. */
  refusal(reply: CrmReply, what: string): HubError
  /** The vendor's own words in a body that was to be something else, where it has a form for them. */
  vendorError?(reply: CrmReply): { code: string; text: string }
  /** What to do about an answer that cannot be read, unless who reads it knows better. */
  mend?: string
}

// A body that was cut or garbled on the way is worth asking for again; one that stays so is the CRM's.
const bodyAttempts = 3

/** One call; any status that is no success throws. */
export async function ask(vendor: Vendor, session: CrmSession, asked: Asked): Promise<CrmReply> {
  const { path, what, ...call } = asked
  const reply = await session.call(path, { ...call, headers: { ...vendor.headers, ...call.headers } })
  if (reply.status >= 200 && reply.status < 300) return reply
  throw vendor.refusal(reply, what)
}

/** Asks what changes nothing, and asks again within bounds when `read` finds the body to be no answer. */
export function askAndRead<T>(
  vendor: Vendor,
  session: CrmSession,
  asked: Reading & Pick<Asked, 'path'>,
  read: (reply: CrmReply) => T | Promise<T>,
): Promise<T> {
  const attempt = async () => {
    const reply = await ask(vendor, session, { ...asked, retry: 'safe' })
    return await readBody(vendor, reply, asked.what, read)
  }
  return retry(attempt, {
    attempts: bodyAttempts,
    wait: (outcome, attempt) =>
      'error' in outcome && isHubError(outcome.error, 'crm.body_invalid') ? backoff(attempt, Math.random()) : undefined,
    ...(asked.signal ? { signal: asked.signal } : {}),
  })
}

const usualMend = 'If it stays so, check the address of the organisation and what stands between it and this hub.'

async function readBody<T>(
  vendor: Vendor,
  reply: CrmReply,
  what: string,
  read: (reply: CrmReply) => T | Promise<T>,
): Promise<T> {
  try {
    return await read(reply)
  } catch (error) {
    if (!isHubError(error, 'crm.body_invalid')) throw error
    const { code, text } = vendor.vendorError?.(reply) ?? { code: '', text: '' }
    const isWebPage = /^\s*</.test(reply.body.toString('latin1', 0, 200))
    const answered = code ? `it answered ${reply.status} with an error: ${text}` : error.message
    const reason = isWebPage ? 'it answered a web page' : answered
    throw new HubError('crm.body_invalid', `${vendor.title} was asked ${what}: ${reason}`, {
      mend: error.detail.mend ?? vendor.mend ?? usualMend,
      vendorStatus: reply.status,
      ...(code ? { vendorCode: code, vendorText: text } : {}),
    })
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

/** What a reply says in JSON; null where it says nothing in it. */
export function jsonIn(reply: CrmReply): unknown {
  try {
    return JSON.parse(reply.text)
  } catch {
    return null
  }
}
