import type { FastifyInstance, FastifyRequest } from 'fastify'
import { acts as actSubjects, type Outcome, type Subject } from '#audit/act.ts'
import { errorTable } from '#core/errors.ts'
import type { Log } from '#core/log.ts'
import { type AuditLog, askerOf, personalOf, type RequestAct } from '../acts.ts'
import { toHubError } from './errors.ts'
import { createRefusals } from './refusals.ts'

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** An unsafe route that says not what using it is written down as is refused when it is registered. */
export function demandActs(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.act !== undefined) return
    if ([method].flat().some((one) => unsafe.has(one))) throw new Error(`${method} ${url} declares no act`)
  })
}

/**
 * Writes each act twice: that it began, in a commit of its own before its handler runs, and its outcome before the
 * answer is sent. So nothing happens without a name on it, and what a crash cut short shows as begun.
 */
export function registerActs(app: FastifyInstance, { audit, log }: { audit: AuditLog; log: Log }): void {
  const refusals = createRefusals(audit, log)
  app.decorateRequest('act', null)

  app.addHook('preHandler', (request, _reply, done) => {
    const { act } = request.routeOptions.config
    if (act === undefined || act === 'no act') return done()
    begin(audit, request, act).then(() => done(), done)
  })

  app.addHook('onError', (request, _reply, error, done) => {
    const { code } = toHubError(error)
    if (request.act) request.act.code = code
    else if (code === 'auth.denied' || code === 'auth.required') refusals.note(request, code)
    done()
  })

  app.addHook('onSend', (request, reply, _payload, done) => {
    const { act } = request
    if (!act || act.ended || (act.outlastsAnswer && reply.statusCode < 400)) return done()
    endAct({ audit, log }, act, reply.statusCode).then(() => done(), done)
  })

  app.addHook('onClose', () => refusals.stop())
}

async function begin(audit: AuditLog, request: FastifyRequest, name: RequestAct['name']): Promise<void> {
  const asker = askerOf(request.principal)
  const personal = personalOf(request, asker)
  const { subject, details } = told(request, name)
  const known = { ...asker, subject, details, personal }
  // A stranger may turn out to be somebody: from where they come is written with the outcome, as theirs.
  const written = asker.actor.kind === 'nobody' ? { ...known, personal: {} } : known
  const id = await audit.acts.append(audit.pool, { ...written, act: name, outcome: 'begun' })
  request.act = { ...known, name, id, code: null, outlastsAnswer: false, ended: false }
}

/** What the address and the names of the members of a change tell, before anything is done. Never a value of the body. */
function told(
  request: FastifyRequest,
  name: RequestAct['name'],
): { subject: Subject | null; details: RequestAct['details'] } {
  const { id, ...rest } = (request.params ?? {}) as Record<string, string>
  const kind = actSubjects[name]
  const self = kind === 'self' ? request.principal : null
  const isChange = request.method === 'PUT' || request.method === 'PATCH'
  const members = isChange && typeof request.body === 'object' ? Object.keys(request.body ?? {}).slice(0, 50) : []
  return {
    subject: self ? { kind: self.kind, id: self.id } : kind && id ? { kind, id: id.toLowerCase() } : null,
    details: { ...(self && id ? { id } : {}), ...rest, ...(members.length > 0 ? { members } : {}) },
  }
}

/** Nobody is told that what was done failed because its outcome could not be written: it stays as begun. */
export async function endAct(
  { audit, log }: { audit: AuditLog; log: Log },
  act: RequestAct,
  status: number,
): Promise<void> {
  if (act.ended) return
  act.ended = true
  const { name, id, actor, sessionId, subject, personal, code } = act
  const details = code === null ? act.details : { ...act.details, code }
  // A browser that is sent on may be sent on with bad news.
  const outcome = outcomeOf(code === null ? status : Math.max(status, errorTable[code]))
  const row = { actor, sessionId, subject, details, personal, act: name, begun: id, outcome }
  await audit.acts.append(audit.pool, row).catch((error: unknown) => {
    log.warn('the outcome of an act was not written', { act: name, began: id, error })
  })
}

function outcomeOf(status: number): Outcome {
  if (status < 400) return 'done'
  return status < 500 ? 'refused' : 'failed'
}
