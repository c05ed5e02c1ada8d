import { z } from 'zod'
import { Quota } from './quota.ts'
import { Id, Problem, Time } from './shapes.ts'

/** Named, sealed credentials. The secret is write-only: it is in no answer. */
export const Authentication = z.object({
  id: Id,
  name: z.string(),
  kind: z.string(),
  /** Nothing secret: for Dynamics authority, tenant, clientId, scope. */
  settings: z.record(z.string(), z.string()),
  tokenExpiresAt: Time.nullable(),
  problem: Problem.nullable(),
  /** Null while no connection uses it. */
  quota: Quota.omit({ connectionId: true }).nullable(),
  /** Connections that use it. */
  connectionIds: z.array(Id),
  createdAt: Time,
  changedAt: Time,
})
export type Authentication = z.infer<typeof Authentication>

/** GET /api/v1/authentications */
export const AuthenticationList = z.object({ authentications: z.array(Authentication) })
export type AuthenticationList = z.infer<typeof AuthenticationList>

/** PUT /api/v1/authentications/:id/secret answers 204; its connections are checked again at once. */
export const SecretInput = z.object({ secret: z.string().min(1).max(20_000) })
export type SecretInput = z.infer<typeof SecretInput>
