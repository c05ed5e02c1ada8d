import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { ErrorReply } from './contract/errors.ts'
import { Id } from './contract/shapes.ts'

/** The part of the server below /api/v1, whose schemas are zod's. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

/** The name of a connector. */
export const CrmPath = z.object({ crm: z.string().regex(/^[a-z][a-z0-9-]{0,49}$/) })

export const IdPath = z.object({ id: Id })

/** The answers that any route may give besides its own. */
export const failures = { '4xx': ErrorReply, '5xx': ErrorReply }

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** What zod leaves as `undefined` is absent for the capabilities. */
export function given<T extends object>(input: T): Given<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Given<T>
}
