/** What a key may do; what a person's roles allow is told in these words too. */
export const scopes = [
  'read:records',
  'read:status',
  'write:records',
  'manage:connections',
  'manage:sync',
  'manage:keys',
  'manage:people',
] as const

export type Scope = (typeof scopes)[number]

/** Who asks: the name stands in logs and beside every act. */
export interface Principal {
  kind: 'person' | 'key' | 'operator'
  /** A person's or a key's own id. */
  id: string
  name: string
  scopes: ReadonlySet<Scope>
  /** A person's session; null for others. */
  sessionId: string | null
  expiresAt: Date | null
  /** From then on the next answer brings the session a new token. */
  renewAt?: Date
}
