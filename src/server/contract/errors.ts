import { z } from 'zod'

/** Every answer with a status of 400 or above. `code` is one of the table in docs/errors.md. */
export const ErrorReply = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    /** What to do next. */
    mend: z.string().optional(),
    /** The member of the body or query that is meant, as `authentication.settings.tenant`. */
    field: z.string().optional(),
    /** ISO time before which a repeat is useless; `Retry-After` says the same in seconds. */
    retryAt: z.string().optional(),
    /** Connections that stand in the way. */
    connections: z.array(z.object({ id: z.string(), name: z.string() })).optional(),
    /** On 5xx: find it in the hub's log by this. */
    requestId: z.string().optional(),
    vendor: z
      .object({ status: z.number().int().optional(), code: z.string().optional(), text: z.string().optional() })
      .optional(),
  }),
})
export type ErrorReply = z.infer<typeof ErrorReply>
