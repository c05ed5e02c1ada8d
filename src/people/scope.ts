/** What a key may do. A person signed in by the one-time link may do all; roles come with accounts. */
export const scopes = [
  'read:records',
  'read:status',
  'write:records',
  'manage:connections',
  'manage:sync',
  'manage:keys',
  'read:audit',
] as const

export type Scope = (typeof scopes)[number]

/** Who asks: the name stands in logs and beside every act. */
export interface Principal {
  kind: 'key' | 'session'
  id: string
  name: string
  scopes: ReadonlySet<Scope>
  expiresAt: Date | null
}
