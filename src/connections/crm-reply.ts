import type { CrmReply } from '#connectors/call.ts'
import type { Reply } from '#core/http.ts'

/** An answer as connectors see it. */
export function crmReply({ status, headers, body, text }: Reply): CrmReply {
  return {
    status,
    headers,
    body,
    get text() {
      return text()
    },
  }
}
