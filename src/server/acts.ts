import type { FastifyRequest } from 'fastify'
import {
  type ActName,
  type Actor,
  type Details,
  nobody,
  ownerOf,
  type Personal,
  type Subject,
  theOperator,
} from '#audit/act.ts'
import type { Acts, Asker } from '#audit/append.ts'
import type { ErrorCode } from '#core/errors.ts'
import type { Pool } from '#database/pool.ts'
import type { Principal } from '#people/principal.ts'

/** The audit log as the doors use it. */
export interface AuditLog {
  acts: Acts
  /** Its commits wait for no disk: what the acts tell of is committed behind them, and makes them durable. */
  pool: Pool
  /** For what takes long. */
  longPool: Pool
}

/** What the request under way is written down as; the handler adds what it alone knows (`noteAct`). */
export interface RequestAct {
  name: ActName
  /** The row that says that it began. */
  id: string
  actor: Actor
  sessionId: string | null
  subject: Subject | null
  details: Details
  personal: Personal
  /** The error's code, where it was refused or failed. */
  code: ErrorCode | null
  /** Its outcome is written when its stream has ended, not before its answer begins. */
  outlastsAnswer: boolean
  ended: boolean
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What using the route is written down as. Unsafe routes without one are refused when they are registered. */
    act?: ActName | 'no act'
  }
  interface FastifyRequest {
    act: RequestAct | null
  }
}

/** Adds what the handler knows to the act; nothing secret, and of persons only what goes into `personal`. */
export function noteAct(
  { act }: FastifyRequest,
  known: Partial<Pick<RequestAct, 'actor' | 'sessionId' | 'subject' | 'details' | 'personal' | 'outlastsAnswer'>>,
): void {
  if (!act) return
  const { details, personal, ...rest } = known
  Object.assign(act, rest)
  act.details = { ...act.details, ...details }
  act.personal = { ...act.personal, ...personal }
}

/** A person of whom an act tells; their name and address are values of their own. */
interface Named {
  id: string
  name?: string
  email?: string | null
}

const ownValues = ({ name, email }: Named) => ({
  ...(name === undefined ? {} : { name }),
  ...(email === undefined || email === null ? {} : { email }),
})

/** To whom it is done. */
export function notePerson(request: FastifyRequest, person: Named, details: Details = {}): void {
  const subject = { kind: 'person', id: person.id }
  noteAct(request, { subject, details, personal: { [`person:${person.id}`]: ownValues(person) } })
}

/** A stranger has shown who they are: what they came from is theirs. */
export function noteArrival(request: FastifyRequest, person: Named, sessionId: string): void {
  const { act } = request
  if (!act) return
  const stranger = ownerOf(act.actor)!
  const { [stranger]: from, ...others } = act.personal
  const owner = `person:${person.id}`
  act.personal = { ...others, [owner]: { ...from, ...others[owner], ...ownValues(person) } }
  act.actor = { kind: 'person', id: person.id }
  act.sessionId = sessionId
}

const askers = new WeakMap<Principal, Asker>()

/** Whom a request is put down to. Look-ups ask for it, so it is made once for each principal. */
export function askerOf(principal: Principal | null): Asker {
  if (!principal) return { actor: nobody, sessionId: null }
  let asker = askers.get(principal)
  if (!asker) {
    asker = toAsker(principal)
    askers.set(principal, asker)
  }
  return asker
}

function toAsker({ kind, id, sessionId }: Principal): Asker {
  return { actor: kind === 'operator' ? theOperator : { kind, id }, sessionId }
}

const longestAgent = 200

/** Name, address and program of who asks, as values of their own. */
export function personalOf(request: FastifyRequest, { actor }: Asker): Personal {
  const owner = ownerOf(actor)
  if (owner === null) return {}
  const name = request.principal ? { name: request.principal.name } : {}
  const agent = request.headers['user-agent']?.slice(0, longestAgent)
  // Who sits at the machine comes from no address.
  const from = actor.kind === 'operator' ? {} : { address: request.ip, ...(agent === undefined ? {} : { agent }) }
  return { [owner]: { ...name, ...from } }
}
