import { z } from 'zod'
import { ErrorReply } from './errors.ts'
import { GivenName, Id, Problem, Time } from './shapes.ts'

export const ConnectionState = z.enum(['connecting', 'active', 'needs_attention', 'paused', 'removed'])
export type ConnectionState = z.infer<typeof ConnectionState>

const ConnectionSettings = z.object({
  /** ISO 3166 code used for telephone numbers whose record names no country. */
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  /** IANA name. */
  timeZone: z.string().min(1).max(100).nullable(),
  /** Version of the CRM's API where it has several (Salesforce: 60.0); null: the connector's own. */
  apiVersion: z.string().min(1).max(10).nullable(),
  /**
   * The organisation's consent to a field of the hub's own in its tables (Salesforce: Jackfield_Id__c), in which creates
   * write their key so that none is made twice; null: no.
   */
  keyFields: z.boolean().nullable(),
  /** What people write goes out by the accounts of the CRM that they linked; null: by the hub's. */
  writesAsPerson: z.boolean().nullable(),
})

/** A link to one organisation of one CRM. */
export const Connection = z.object({
  id: Id,
  name: z.string(),
  crm: z.string(),
  /** The CRM's own id of the organisation. */
  organisation: z.string(),
  url: z.string(),
  authenticationId: Id,
  /** The app by which people sign in to the CRM to write as themselves; null: the connection's own. */
  peopleAuthenticationId: Id.nullable(),
  state: ConnectionState,
  /** Set while the state is needs_attention. */
  problem: Problem.nullable(),
  settings: ConnectionSettings,
  /** What was registered at the CRM so that it pushes changes; null: the hub only asks at its schedule. */
  webhook: z.object({ url: z.string(), registeredAt: Time.nullable() }).nullable(),
  createdAt: Time,
  changedAt: Time,
})
export type Connection = z.infer<typeof Connection>

/** GET /api/v1/connections */
export const ConnectionList = z.object({ connections: z.array(Connection) })
export type ConnectionList = z.infer<typeof ConnectionList>

/** POST /api/v1/connections and POST /api/v1/connections/check */
export const ConnectInput = z.object({
  crm: z.string().min(1).max(50),
  /** As people paste it; it is trimmed to its origin. */
  url: z.string().min(1).max(2000),
  name: GivenName.optional(),
  authentication: z.union([
    z.object({
      /** For Dynamics authority, tenant, clientId, scope; what the organisation can tell may be left out. */
      settings: z.record(z.string(), z.string().max(2000)),
      secret: z.string().min(1).max(20_000),
    }),
    z.object({ id: Id }),
  ]),
  settings: ConnectionSettings.partial()
    /** For generic-http: what the API is like. */
    .extend({ definition: z.record(z.string(), z.unknown()).optional() })
    .optional(),
})
export type ConnectInput = z.infer<typeof ConnectInput>

/** PATCH /api/v1/connections/:id; `state` pauses and resumes. */
export const ConnectionChange = z.object({
  name: GivenName.optional(),
  state: z.enum(['active', 'paused']).optional(),
  settings: ConnectionSettings.partial().optional(),
  peopleAuthenticationId: Id.nullable().optional(),
})
export type ConnectionChange = z.infer<typeof ConnectionChange>

/** One tick of a check, in the order it was made. */
export const CheckStep = z.object({
  check: z.enum(['dns', 'tls', 'address', 'tenant', 'client', 'secret', 'consent', 'user', 'table']),
  /** For `table`: the entity. */
  subject: z.string().optional(),
  ok: z.boolean(),
  message: z.string(),
  mend: z.string().optional(),
})
export type CheckStep = z.infer<typeof CheckStep>

/**
 * Answer of both checks: POST /api/v1/connections/check (stores nothing) and POST /api/v1/connections/:id/check.
 * With `Accept: text/event-stream` they and POST /api/v1/connections answer as a stream: an event `step` for each
 * CheckStep, then one event `result` (CheckResult, or Connection with 201's meaning) or `error` (ErrorReply).
 */
export const CheckResult = z.object({
  ok: z.boolean(),
  steps: z.array(CheckStep),
  /** The first failure. */
  error: ErrorReply.shape.error.nullable(),
})
export type CheckResult = z.infer<typeof CheckResult>
