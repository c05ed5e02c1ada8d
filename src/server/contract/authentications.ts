import { z } from 'zod'
import { ConnectionState } from './connections.ts'
import { Quota } from './quota.ts'
import { GivenName, Id, Problem, Time } from './shapes.ts'

const Use = z.object({ id: Id, name: z.string(), state: ConnectionState })

/** Named, sealed credentials. The secret is write-only: it is in no answer. */
export const Authentication = z.object({
  id: Id,
  name: z.string(),
  /** Kind of CRM that it signs in to. */
  crm: z.string(),
  kind: z.string(),
  /** Nothing secret: for Dynamics authority, tenant, clientId, scope. */
  settings: z.record(z.string(), z.string()),
  /** Where somebody signs in to the CRM in its window, whether that has been done; null: the secret is enough. */
  consent: z.enum(['given', 'waiting']).nullable(),
  tokenExpiresAt: Time.nullable(),
  problem: Problem.nullable(),
  /** Null while no connection uses it. */
  quota: Quota.omit({ connectionId: true }).nullable(),
  /** What uses it. */
  connections: z.array(Use),
  /**
   * Origins of organisations that may be connected by it: those where its secret goes already. Null: any of its kind,
   * for the secret goes to a sign-in service of its own.
   */
  places: z.array(z.string()).nullable(),
  /** Made by itself, it stays when its connections go; else it is forgotten with the last of them. */
  isOwn: z.boolean(),
  createdAt: Time,
  changedAt: Time,
})
export type Authentication = z.infer<typeof Authentication>

/** GET /api/v1/authentications */
export const AuthenticationList = z.object({ authentications: z.array(Authentication) })
export type AuthenticationList = z.infer<typeof AuthenticationList>

/**
 * POST /api/v1/authentications answers 201, or as a stream of the check's steps (see CheckResult): it is tried at the
 * organisation, and may be used there at once. How HTTP APIs are signed in to stands in their definition: they have none
 * that is made by itself, but for a window: then `settings` say what the
 * definition says of it, and nothing is tried before POST /api/v1/consents.
 */
export const NewAuthentication = z.strictObject({
  name: GivenName,
  crm: z.string().min(1).max(50),
  /** Of an organisation that it signs in to, as people paste it. */
  url: z.string().min(1).max(2000),
  settings: z.record(z.string(), z.string().max(2000)),
  /** Empty only for apps that have none, where somebody signs in to the CRM in its window. */
  secret: z.string().max(20_000),
})
export type NewAuthentication = z.infer<typeof NewAuthentication>

/** PATCH /api/v1/authentications/:id */
export const AuthenticationChange = z.strictObject({ name: GivenName })
export type AuthenticationChange = z.infer<typeof AuthenticationChange>

/** PUT /api/v1/authentications/:id/secret: its connections are checked again at once. */
export const SecretInput = z.object({ secret: z.string().min(1).max(20_000) })
export type SecretInput = z.infer<typeof SecretInput>

/** The connections that use it, as they are now. */
export const SecretReplaced = z.object({
  connections: z.array(Use.extend({ mended: z.boolean().describe('It needed attention before, and works again.') })),
})
export type SecretReplaced = z.infer<typeof SecretReplaced>
