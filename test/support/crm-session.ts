import { crmReply } from '#connections/crm-reply.ts'
import type { CrmSession, OpenDoor } from '#connectors/call.ts'
import type { AccessToken, AuthenticationInput, Connector } from '#connectors/connector.ts'
import type { Door } from '#core/http.ts'
import { createDoor } from '#core/http.ts'

export interface TestSession extends CrmSession {
  door: Door
  open: OpenDoor
  /** How often a token was asked for. */
  renewals: number
  /** Address, method and headers of every call, as the connector gave them. */
  calls: { url: string; method: string; headers: Record<string, string> }[]
}

/** For a door whose repeats follow each other sooner than chance would have it; the order of things does not hang on it. */
export const quickly = () => 0.1

/**
 * The least that a connector needs to reach a server on this machine: the real door, one token, renewed once when it
 * is rejected. No quota, no store.
 */
export function openSession(
  connector: Connector,
  url: string,
  authentication: AuthenticationInput,
  deadlineMs = 60_000,
): TestSession {
  const door = createDoor({
    allowHosts: new Set([new URL(url).host, new URL(authentication.settings.authority ?? url).host]),
    random: quickly,
  })
  const open: OpenDoor = { call: async (target, options) => crmReply(await door.call(target, options)) }
  let token: AccessToken | null = null
  const renew = async () => {
    session.renewals += 1
    token = await connector.requestToken(open, url, authentication)
    return token
  }
  const session: TestSession = {
    url,
    settings: {},
    door,
    open,
    renewals: 0,
    calls: [],
    async call(path, { lane: _lane, ...options }) {
      const target = new URL(path, url).href
      session.calls.push({ url: path, method: options.method ?? 'GET', headers: options.headers ?? {} })
      const send = async ({ value }: AccessToken) => {
        const bearer = { headers: { authorization: `Bearer ${value}` } }
        const carried = connector.authorise?.(value, session.settings) ?? bearer
        const headers = { ...options.headers, ...carried.headers }
        return crmReply(await door.call(target, { deadlineMs, host: new URL(url).host, ...options, headers }))
      }
      const reply = await send(token ?? (await renew()))
      return reply.status === 401 ? send(await renew()) : reply
    },
  }
  return session
}
