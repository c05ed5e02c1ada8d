import { z } from 'zod'
import { Id, Problem, Time } from './shapes.ts'

/** A connection by which somebody may write as themselves, and the account of the CRM that they linked for it. */
const LinkableConnection = z.object({
  connectionId: Id,
  name: z.string(),
  crm: z.string(),
  url: z.string(),
  /** What people write goes out by their own accounts. */
  writesAsPerson: z.boolean(),
  account: z
    .object({
      /** Who they are there, by the CRM's own id. */
      crmUser: z.string(),
      problem: Problem.nullable(),
      linkedAt: Time,
    })
    .nullable(),
})
export type LinkableConnection = z.infer<typeof LinkableConnection>

/** GET /api/v1/me/linked-accounts; DELETE /api/v1/me/linked-accounts/:id takes the connection's id */
export const LinkableList = z.object({ connections: z.array(LinkableConnection) })
export type LinkableList = z.infer<typeof LinkableList>

/** A path of the console to come back to. */
const Return = z.string().max(2_000).optional()

/**
 * POST /api/v1/consents: the browser goes to `url`, a window of the CRM, and comes back to a path of the console with
 * `consent=done`, or with an error's code there. With `connection` somebody links their own account; with
 * `authentication` the service is to sign in.
 */
export const ConsentInput = z.union([
  z.strictObject({ connection: Id, return: Return }),
  z.strictObject({ authentication: Id, return: Return }),
])
export type ConsentInput = z.infer<typeof ConsentInput>

export const ConsentStart = z.object({ url: z.string() })
export type ConsentStart = z.infer<typeof ConsentStart>

/** GET /api/v1/consents/:host/callback: where the CRM sends the browser back to. */
export const ConsentPath = z.object({ host: z.string().min(1).max(300) })

/** GET /api/v1/connections/:id/callback-address and …/authentications/:id/…: null where there is no such window. */
export const CallbackAddress = z.object({ callbackUrl: z.string().nullable() })
export type CallbackAddress = z.infer<typeof CallbackAddress>
