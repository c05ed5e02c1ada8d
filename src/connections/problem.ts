import type { ErrorCode } from '#core/errors.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import type { Queryable } from '#database/pool.ts'
import type { Problem } from './connection.ts'

// Re-checks of a broken connection: after 30 s, 1, 2, 4, then every 5 minutes, so that an outage mends itself.
const PAUSE = `make_interval(secs => least(300, 30 * 2 ^ coalesce(least((problem->>'checks')::int, 10), 0)))`

// A problem that goes on keeps its beginning and its place in the row of re-checks. A paused connection stays so.
const NOTE = `update jackfield.connection set state = 'needs_attention', changed_at = now(),
  problem = $2::jsonb || case
    when state = 'needs_attention' and problem->>'code' = $2::jsonb->>'code' then jsonb_build_object(
      'since', problem->'since', 'checks', problem->'checks',
      'nextCheckAt', greatest((problem->>'nextCheckAt')::timestamptz, now() + interval '30 s'))
    else jsonb_build_object('since', now(), 'checks', 0, 'nextCheckAt', now() + interval '30 s') end`

/** What the fault says, fit to be kept and shown. */
export function describeFault(error: HubError): { code: ErrorCode; message: string; mend?: string } {
  const { mend } = error.detail
  const message = redactor.clean(error.message)
  return { code: error.code, message, ...(mend === undefined ? {} : { mend: redactor.clean(mend) }) }
}

/** True where a token was refused, by its issuer or by the organisation. */
export function isTokenFault(code: ErrorCode): boolean {
  return code.startsWith('authentication.')
}

/** True for faults that hold until a person mends something, for every call of the connection. */
export function isConnectionFault(error: unknown): error is HubError {
  if (!(error instanceof HubError)) return false
  return isTokenFault(error.code) || faultCodes.has(error.code)
}
const faultCodes = new Set<ErrorCode>(['crm.no_user', 'connection.not_the_crm', 'crm.blocked_address', 'crm.tls'])

/** The organisation refuses: this connection needs attention. */
export async function noteOrganisationFault(db: Queryable, connectionId: string, error: HubError): Promise<void> {
  await db.query({
    name: 'connection-fault',
    text: `${NOTE} where id = $1 and state in ('connecting', 'active', 'needs_attention')`,
    values: [connectionId, JSON.stringify({ ...describeFault(error), from: 'organisation' })],
  })
}

/**
 * The issuer refuses: every connection that lives by this authentication needs attention. `number`: the token's that was
 * known when it was asked; once there is a later one, what it refused is over.
 */
export async function noteIssuerFault(
  db: Queryable,
  authenticationId: string,
  error: HubError,
  number: bigint | null = null,
): Promise<void> {
  const fault = describeFault(error)
  const isNow = 'select from jackfield.authentication where id = $1 and token_number = coalesce($4, token_number)'
  await db.query({
    name: 'authentication-fault',
    text: `with noted as (${NOTE} where authentication_id = $1 and state in ('connecting', 'active', 'needs_attention')
        and exists (${isNow}))
      update jackfield.authentication set problem = $3 where id = $1 and exists (${isNow})`,
    values: [authenticationId, JSON.stringify({ ...fault, from: 'issuer' }), JSON.stringify(fault), number],
  })
}

/** The issuer gave a token: what it had refused is over, what the organisation refused is not. */
export async function clearIssuerFault(db: Queryable, authenticationId: string): Promise<void> {
  await db.query({
    name: 'authentication-mended',
    text: `update jackfield.connection set problem = null, changed_at = now(),
        state = case when state = 'needs_attention' then 'active' else state end
      where authentication_id = $1 and state in ('needs_attention', 'paused') and problem->>'from' = 'issuer'`,
    values: [authenticationId],
  })
}

/** The organisation answered as it should: true when the connection was in need of attention until now. */
export async function clearFault(db: Queryable, connectionId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'connection-mended',
    text: `update jackfield.connection set state = 'active', problem = null, changed_at = now()
      where id = $1 and state = 'needs_attention'`,
    values: [connectionId],
  })
  return rowCount === 1
}

/** Whoever gets true makes the re-check that is due; the others fail at once meanwhile. */
export async function claimCheck(db: Queryable, connectionId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'connection-claim-check',
    text: `update jackfield.connection set problem = problem || jsonb_build_object(
        'checks', coalesce((problem->>'checks')::int, 0) + 1, 'nextCheckAt', now() + ${PAUSE})
      where id = $1 and state = 'needs_attention'
        and coalesce((problem->>'nextCheckAt')::timestamptz, '-infinity') <= now()`,
    values: [connectionId],
  })
  return rowCount === 1
}

export async function listDueChecks(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>({
    name: 'connections-due-checks',
    text: `select id from jackfield.connection where state = 'needs_attention'
      and coalesce((problem->>'nextCheckAt')::timestamptz, '-infinity') <= now() order by id`,
  })
  return rows.map((row) => row.id)
}

/** The kept problem as the error that a call fails with at once. */
export function asError(problem: Problem, connectionId: string): HubError {
  const retryAt = Date.parse(problem.nextCheckAt)
  return new HubError(problem.code, problem.message, {
    connectionId,
    sent: false,
    ...(problem.mend === undefined ? {} : { mend: problem.mend }),
    ...(Number.isNaN(retryAt) ? {} : { retryAt }),
  })
}
