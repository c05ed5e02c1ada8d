import { z } from 'zod'
import { GivenName, Id, Time } from './shapes.ts'

export const Scope = z.enum([
  'read:records',
  'read:status',
  'write:records',
  'manage:connections',
  'manage:sync',
  'manage:keys',
  'read:audit',
])
export type Scope = z.infer<typeof Scope>

export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  /** Its last four characters. */
  hint: z.string(),
  scopes: z.array(Scope),
  createdBy: z.string(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** GET /api/v1/keys */
export const ApiKeyList = z.object({ keys: z.array(ApiKey) })
export type ApiKeyList = z.infer<typeof ApiKeyList>

/** POST /api/v1/keys */
export const ApiKeyInput = z.object({ name: GivenName, scopes: z.array(Scope).min(1) })
export type ApiKeyInput = z.infer<typeof ApiKeyInput>

/** Shown once: only its hash is kept. */
export const NewApiKey = ApiKey.extend({ key: z.string() })
export type NewApiKey = z.infer<typeof NewApiKey>
