import { z } from 'zod'
import { Problem, Time } from './shapes.ts'

/** GET /api/v1/connections/:id/push: how the CRM tells this hub of changes. */
export const PushState = z.object({
  /** Push needs code in the CRM, which the hub can install or hand out. */
  installable: z.boolean(),
  /** What the hub itself installed. */
  installed: z.object({ url: z.string(), tables: z.array(z.string()), at: Time }).nullable(),
  /** A line that the hub holds open to the CRM; null where there is none. */
  listener: z
    .object({
      state: z.enum(['listening', 'interrupted', 'not_offered']),
      problem: Problem.nullable(),
      heardAt: Time.nullable(),
      changedAt: Time,
    })
    .nullable(),
})
export type PushState = z.infer<typeof PushState>

/** POST /api/v1/connections/:id/push */
export const PushAct = z.object({
  act: z.enum(['install', 'check', 'remove', 'test']),
})
export type PushAct = z.infer<typeof PushAct>

/** One tick; `test_event`: what the hub waits for. */
export const PushStep = z.object({
  step: z.enum(['names', 'sent', 'components', 'tests', 'done', 'test_event']),
  ok: z.boolean(),
  message: z.string(),
  done: z.number().optional(),
  total: z.number().optional(),
})
export type PushStep = z.infer<typeof PushStep>

/**
 * Answer of POST /api/v1/connections/:id/push. With `Accept: text/event-stream` an event `step` for each PushStep, then
 * one event `result` or `error`; who hangs up cancels the work in the CRM.
 */
export const PushResult = z.object({ ok: z.boolean(), steps: z.array(PushStep) })
export type PushResult = z.infer<typeof PushResult>

/** GET /api/v1/connections/:id/push/address: holds a secret. */
export const PushAddress = z.object({ url: z.string() })
