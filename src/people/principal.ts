import type { Permission } from '#model/permission.ts'
import type { Sight } from '#model/sight.ts'

/** Who asks: the name stands in logs and beside every act. */
export interface Principal {
  kind: 'person' | 'key' | 'operator'
  /** A person's or a key's own id. */
  id: string
  name: string
  permissions: ReadonlySet<Permission>
  /** Which records, and which of their fields, where the permissions let records be read or written at all. */
  sight: Sight
  /** A person's session; null for others. */
  sessionId: string | null
  expiresAt: Date | null
  /** From then on the next answer brings the session a new token. */
  renewAt?: Date
  /** A person in a panel that stands in another site's page: they may do what the panel needs, and no more. */
  inFrame?: boolean
}
