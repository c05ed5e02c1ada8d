import { crmReply } from '#connections/crm-reply.ts'
import type { CrmSession } from '#connectors/call.ts'
import { createDoor } from '#core/http.ts'
import type { SalesforceWorld } from '../simulators/salesforce-world.ts'

/** The real door and the token of the world's own client, which is asked for anew when it is refused. */
export function sessionOf({ running, conn }: SalesforceWorld): CrmSession {
  const door = createDoor({ allowHosts: new Set([new URL(running.url).host]) })
  return {
    url: running.url,
    settings: { userId: running.simulator.org.integrationUser },
    async call(path, { lane: _lane, deadlineMs = 60_000, ...options }) {
      const send = async () => {
        const headers = { ...options.headers, authorization: `Bearer ${conn.accessToken}` }
        return crmReply(await door.call(new URL(path, running.url).href, { deadlineMs, ...options, headers }))
      }
      const reply = await send()
      if (reply.status !== 401) return reply
      await conn.authorize({ grant_type: 'client_credentials' })
      return send()
    },
  }
}
