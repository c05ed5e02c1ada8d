import { z } from 'zod'
import { Permission, RoleId } from './permissions.ts'
import { GivenName, Id, Time } from './shapes.ts'

/** What a key may do, in the words of permissions. */
export const Scope = Permission
export type Scope = z.infer<typeof Scope>

export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  /** Its last four characters. */
  hint: z.string(),
  scopes: z.array(Scope),
  /** Whose sight it has; null: it sees all that its scopes let it. */
  role: RoleId.nullable(),
  /** Record ids of the CRM's users and teams whose records are its own. */
  owners: z.array(Id),
  createdBy: z.string(),
  createdAt: Time,
  lastUsedAt: Time.nullable(),
  revokedAt: Time.nullable(),
})
export type ApiKey = z.infer<typeof ApiKey>

/** GET /api/v1/keys */
export const ApiKeyList = z.object({ keys: z.array(ApiKey) })
export type ApiKeyList = z.infer<typeof ApiKeyList>

/** POST /api/v1/keys. `manage:connections` and `all` are older names, kept as what they stand for. */
export const ApiKeyInput = z.object({
  name: GivenName,
  scopes: z
    .array(z.enum([...Permission.options, 'manage:connections', 'all']))
    .min(1)
    .max(50),
  /** Limits what it sees and writes to what this role does. */
  role: RoleId.optional(),
  owners: z.array(Id).max(100).default([]),
})
export type ApiKeyInput = z.input<typeof ApiKeyInput>

/** Shown once: only its hash is kept. */
export const NewApiKey = ApiKey.extend({ key: z.string() })
export type NewApiKey = z.infer<typeof NewApiKey>
