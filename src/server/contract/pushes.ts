import { z } from 'zod'
import { EntityName, Problem, Time } from './shapes.ts'

/** GET /api/v1/connections/:id/push: how the CRM tells this hub of changes. */
export const PushState = z.object({
  /** Push needs code in the CRM, which the hub can install or hand out. */
  installable: z.boolean(),
  /** Where the CRM posts what changed; null: the hub does not know at which address it is reached. */
  address: z.string().nullable(),
  /** What the hub itself installed or registered. */
  installed: z
    .object({
      url: z.string(),
      tables: z.array(z.string()),
      at: Time,
      /** Whether it is what would be installed now: not where tables, address or secret changed since. */
      isCurrent: z.boolean(),
      /** What is copied and its changes told. */
      told: z.array(EntityName),
      /** What is copied, and its changes not told. */
      missing: z.array(EntityName),
    })
    .nullable(),
  /** Why the CRM did not take the registration the last time. */
  problem: Problem.nullable(),
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
  /** `renew`: install it with a new secret. */
  act: z.enum(['install', 'check', 'renew', 'remove', 'test']),
})
export type PushAct = z.infer<typeof PushAct>

/** One tick; `test_event`: what the hub waits for. */
export const PushStep = z.object({
  step: z.enum(['names', 'sent', 'components', 'tests', 'done', 'test_event']),
  ok: z.boolean(),
  message: z.string(),
  done: z.number().optional(),
  total: z.number().optional(),
  /** Who has to do something for the test event to come. */
  waitsFor: z.enum(['crm', 'person']).optional(),
  /** From the question to the test event, in milliseconds. */
  ms: z.number().optional(),
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
