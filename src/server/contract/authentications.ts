import { z } from 'zod'
import { Id, Problem, Time } from './shapes.ts'

const Lane = z.enum(['ring', 'person', 'incremental', 'initial'])

/** Work that the quota holds back now, most urgent first. */
export const QuotaWait = z.object({
  what: z.enum(['sync', 'write']),
  /** Whose turn it is: ring > person > incremental > initial. */
  lane: Lane,
  connectionId: Id,
  entity: z.string(),
  /** Runs or writes. */
  count: z.number().int(),
  /** When the first of them is tried again. */
  until: Time,
})
export type QuotaWait = z.infer<typeof QuotaWait>

/** Calls to the CRM under these credentials, in the vendor's own window. */
export const Quota = z.object({
  /** Length of the window: 86,400 for a day that rolls. */
  windowSeconds: z.number().int(),
  /** Calls allowed in it. */
  limit: z.number().int(),
  /** Made in it, by all clients where the CRM tells; null where only the hub's own bucket is known. */
  used: z.number().int().nullable(),
  /** Calls that may go now: of the window where the CRM tells, else of the hub's bucket. */
  left: z.number().int(),
  /** Of those left, how many each lane leaves for the more urgent ones; a ringing phone leaves none. */
  reserved: z.object({ person: z.number().int(), incremental: z.number().int(), initial: z.number().int() }),
  /** When the CRM last told; null: it does not, or has not been asked yet, and `limit` is what its vendor publishes. */
  toldAt: Time.nullable(),
  /** The CRM asked everybody to wait until then. */
  blockedUntil: Time.nullable(),
  waiting: z.array(QuotaWait),
})
export type Quota = z.infer<typeof Quota>

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
  quota: Quota.nullable(),
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
