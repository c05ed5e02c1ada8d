import { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import { HubError } from '#core/errors.ts'
import { versionOf } from './version.ts'

/** Salesforce holds a poll for 110 s at most before it answers with nothing. */
const pollMs = 130_000
const callMs = 30_000

const message = z.object({
  channel: z.string().catch(''),
  successful: z.boolean().optional(),
  error: z.string().optional(),
  clientId: z.string().optional(),
  subscription: z.union([z.string(), z.array(z.string())]).optional(),
  ext: z.object({ sfdc: z.object({ failureReason: z.string().optional() }).optional() }).nullish(),
  advice: z.object({ reconnect: z.string().optional(), interval: z.number().optional() }).nullish(),
  data: z.unknown().optional(),
})
export type Message = z.infer<typeof message>

/** One client of the streaming door: its messages, and the cookies by which Salesforce finds its server again. */
export interface Bayeux {
  handshake(): Promise<Message>
  subscribe(channel: string, replay: number): Promise<Message>
  /** Waits for events, which come before the reply to the poll itself. */
  connect(): Promise<{ events: Message[]; reply: Message }>
  disconnect(): Promise<void>
}

export function openBayeux(session: CrmSession, signal: AbortSignal): Bayeux {
  const path = `/cometd/${versionOf(session)}`
  const cookies = new Map<string, string>()
  let clientId = ''
  let number = 0

  async function send(channel: string, rest: Record<string, unknown>, deadlineMs: number, isLast = false) {
    number += 1
    const body = JSON.stringify([{ channel, id: String(number), ...(clientId ? { clientId } : {}), ...rest }])
    const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' }
    if (cookies.size > 0) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await session.call(path, {
      ...{ method: 'POST', headers, body, lane: 'incremental', retry: 'never', deadlineMs },
      ...(isLast ? {} : { signal }),
    })
    keepCookies(cookies, reply.headers['set-cookie'])
    if (reply.status >= 400) throw refused(reply.status, reply.text)
    return read(reply.text, channel)
  }

  return {
    async handshake() {
      clientId = ''
      const { reply } = await send(
        '/meta/handshake',
        { version: '1.0', minimumVersion: '1.0', supportedConnectionTypes: ['long-polling'], ext: { replay: true } },
        callMs,
      )
      clientId = reply.clientId ?? ''
      return reply
    },
    async subscribe(channel, replay) {
      const ext = { replay: { [channel]: replay } }
      return (await send('/meta/subscribe', { subscription: channel, ext }, callMs)).reply
    },
    connect: () => send('/meta/connect', { connectionType: 'long-polling' }, pollMs),
    async disconnect() {
      if (clientId) await send('/meta/disconnect', {}, 5_000, true)
    },
  }
}

function read(text: string, channel: string): { events: Message[]; reply: Message } {
  const parsed = z.array(message).safeParse(parse(text))
  const reply = parsed.data?.find((one) => one.channel === channel)
  if (!parsed.success || !reply) throw new HubError('crm.body_invalid', 'Salesforce’s stream answered with no message')
  return { events: parsed.data.filter((one) => one.channel.startsWith('/data/')), reply }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Headers that came several times are joined by a comma; dates hold one too, so a cookie begins where `name=` does. */
function keepCookies(cookies: Map<string, string>, header: string | undefined): void {
  for (const part of header?.split(/,\s*(?=[\w!#$%&'*+.^`|~-]+=)/) ?? []) {
    const found = /^\s*([\w!#$%&'*+.^`|~-]+)=([^;]*)/.exec(part)
    if (found) cookies.set(found[1]!, found[2]!)
  }
}

function refused(status: number, text: string): HubError {
  const told = { vendorStatus: status, vendorText: text.slice(0, 300) }
  return status === 503 || status === 429
    ? new HubError('crm.throttled', 'Salesforce’s stream is busy', told)
    : new HubError('crm.refused', `Salesforce’s stream answered with ${status}`, told)
}
