import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import { jsonIn } from './ask.ts'
import type { CrmReply, OpenDoor } from './call.ts'

const deadlineMs = 30_000

/** As RFC 6749 has tokens (appendix A), and no longer than a header may be anywhere. */
export const tokenText = z.string().regex(/^[\x20-\x7e]{1,32768}$/)

/** A member of the settings that cannot be done without; `mend` says what to fill in. */
export function required(settings: Record<string, string>, field: string, mend: string): string {
  const value = settings[field]?.trim()
  if (value) return value
  throw new HubError('input.invalid', `The authentication has no ${field}.`, { field, mend })
}

/** Posts a form to where tokens are given; its answer, and what that says in JSON. */
export async function askForToken(
  door: OpenDoor,
  url: string,
  form: URLSearchParams,
  headers: Record<string, string> = {},
): Promise<{ reply: CrmReply; body: unknown }> {
  const reply = await door.call(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: form.toString(),
    deadlineMs,
    // A token asked for twice is two tokens: no harm. A code shown twice counts as stolen (RFC 6749 §4.1.2).
    retry: form.get('grant_type') === 'authorization_code' ? 'never' : 'safe',
  })
  return { reply, body: jsonIn(reply) }
}
