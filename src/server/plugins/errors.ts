import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { HubError } from '#core/errors.ts'
import type { Log } from '#core/log.ts'
import { redactor } from '#core/redact.ts'
import { isDatabaseUnavailable } from '#database/pool.ts'
import type { ErrorReply } from '../contract/errors.ts'

/** A database that restarts is back within seconds; a door that is full is free sooner. */
const retrySeconds: Partial<Record<HubError['code'], number>> = { 'database.unavailable': 2, 'server.busy': 1 }

/** The only place that knows how an error becomes an answer. */
export function registerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(request, reply, { error, log }))
  app.setNotFoundHandler((request, reply) => {
    const error = new HubError('resource.not_found', `There is nothing at ${request.method} ${pathOf(request)}`)
    return sendError(request, reply, { error, log })
  })
}

export function sendError(request: FastifyRequest, reply: FastifyReply, given: { error: unknown; log: Log }) {
  const error = toHubError(given.error)
  const { status } = error
  if (status >= 500 && isWorthALine(error.code)) {
    const fields = { method: request.method, path: pathOf(request), requestId: request.id, error: given.error }
    given.log[status === 503 ? 'warn' : 'error']('request failed', fields)
  }
  const seconds = retryAfterSeconds(error)
  if (seconds !== undefined) reply.header('retry-after', String(seconds))
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="jackfield"')
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorReply(error, request.id)))
}

/** 57014: a statement took longer than whoever waits for it should; a database that busy is less so in a moment. */
const statementEnded = '57014'

/** It reads as before; what was accepted is kept. */
const diskFull = '53100'
const fullMessage = 'The database has no room left on its disk'

/** A flood, or a database that is away for an hour, is a line now and then: a log must not fill the disk it reports. */
const oneLineEachMs = 1_000
const lastLines = new Map<HubError['code'], number>()

function isWorthALine(code: HubError['code']): boolean {
  if (!(code in retrySeconds)) return true
  const now = performance.now()
  if (now - (lastLines.get(code) ?? Number.NEGATIVE_INFINITY) < oneLineEachMs) return false
  lastLines.set(code, now)
  return true
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, 200)
}

function retryAfterSeconds(error: HubError): number | undefined {
  const { retryAt } = error.detail
  if (retryAt !== undefined) return Math.max(1, Math.ceil((retryAt - Date.now()) / 1000))
  return retrySeconds[error.code]
}

/** Whatever was thrown as one of our codes. What nobody foresaw is `internal`, and says nothing of itself. */
export function toHubError(error: unknown): HubError {
  if (error instanceof HubError) return error
  if (isDatabaseUnavailable(error) || (error as { code?: unknown } | null)?.code === statementEnded) {
    const isFull = (error as { code?: unknown }).code === diskFull
    return new HubError('database.unavailable', isFull ? fullMessage : 'The database cannot be reached just now', {
      cause: error,
      mend: isFull
        ? 'Make room on the disk of the database.'
        : 'Ask again in a moment; nothing that was accepted is lost.',
    })
  }
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error.validation[0], error.validationContext)
  const { statusCode } = (error ?? {}) as Partial<FastifyError>
  if (statusCode === 404 || statusCode === 403)
    return new HubError('resource.not_found', 'There is nothing here', { cause: error })
  if (statusCode === 413) return new HubError('input.too_large', 'The body is larger than allowed', { cause: error })
  if (statusCode === 503) return new HubError('server.busy', 'The hub is stopping', { cause: error })
  // Fastify's own, and those of what it serves files with.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new HubError('input.invalid', (error as Error).message, { cause: error })
  }
  return new HubError('internal', 'Something went wrong inside the hub', { cause: error })
}

function invalid(issue: { instancePath: string; message?: string } | undefined, context: string | undefined): HubError {
  const field = issue?.instancePath.split('/').filter(Boolean).join('.')
  const place = field || (context === 'querystring' ? 'the query' : context === 'params' ? 'the path' : 'the body')
  const detail = field ? { field } : {}
  return new HubError('input.invalid', `${place}: ${issue?.message ?? 'not as expected'}`, detail)
}

/** 5xx of our own making tell code and id only: the text may speak of tables, files and hosts. */
export function errorReply(error: HubError, requestId?: string): ErrorReply {
  const { mend, field, connections, retryAt, vendorStatus, vendorCode, vendorText } = error.detail
  const inner = error.status === 500
  const hasVendor = vendorStatus !== undefined || vendorCode !== undefined || vendorText !== undefined
  const said = inner ? 'Something went wrong inside the hub; its log says more under this id' : error.message
  return {
    error: {
      code: error.code,
      message: redactor.clean(said),
      ...(mend === undefined || inner ? {} : { mend: redactor.clean(mend) }),
      ...(field === undefined ? {} : { field }),
      ...(connections === undefined ? {} : { connections: [...connections] }),
      ...(retryAt === undefined ? {} : { retryAt: new Date(retryAt).toISOString() }),
      ...(error.status >= 500 && requestId !== undefined ? { requestId } : {}),
      ...(hasVendor
        ? {
            vendor: {
              ...(vendorStatus === undefined ? {} : { status: vendorStatus }),
              ...(vendorCode === undefined ? {} : { code: vendorCode }),
              ...(vendorText === undefined ? {} : { text: redactor.clean(vendorText) }),
            },
          }
        : {}),
    },
  }
}
