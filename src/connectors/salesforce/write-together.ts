import type { z } from 'zod'
import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { Connector, ScopedWrite, WriteOutcome } from '#connectors/connector.ts'
import { apiPath, refusal, sendOnce } from './client.ts'
import { passSecond } from './pass-second.ts'
import { collectionReply, compositeReply } from './wire.ts'
import { foreign, isKeyed, outcomeOf, requestOf, type WriteRequest, write } from './write.ts'

/** Requests within one ("Send Multiple Requests Using Composite"); it counts as one of the day. */
const mostTogether = 25
// A call with one write has 30 s; the requests within one are carried out one after the other.
const [baseMs, eachMs] = [30_000, 3_600]

type Settled = PromiseSettledResult<WriteOutcome>

/** A write with the request that makes it. */
interface Part extends ScopedWrite {
  request: WriteRequest
}

type Way = 'composite' | 'collection' | 'alone'

/**
 * Several writes in one call. What is bound to a version or a key goes into a composite request, where each keeps its
 * condition and none undoes another. Creates without a unique key go as one collection: that is one transaction, so that
 * after a lost answer they cannot commit later than a single one could, which the outbox's first look relies on.
 */
export const writeTogether: NonNullable<Connector['writeTogether']> = {
  atMost: mostTogether,
  async write(session, writes) {
    const unfit = new Map<ScopedWrite, Settled>()
    const ways: Record<Way, Part[]> = { composite: [], collection: [], alone: [] }
    for (const one of writes) {
      try {
        const part = { ...one, request: requestOf(one.scope.table, one.write) }
        ways[wayOf(part)].push(part)
      } catch (reason) {
        unfit.set(one, { status: 'rejected', reason })
      }
    }
    // Rows of one object side by side: a collection changes between objects ten times at most.
    ways.collection.sort((a, b) => (a.scope.table.setName < b.scope.table.setName ? -1 : 1))
    const answers = await Promise.all([
      together(session, ways.composite, sendComposite),
      together(session, ways.collection, sendCollection),
      eachAlone(session, ways.alone),
    ])
    const inOrder = [...ways.composite, ...ways.collection, ...ways.alone]
    const found = new Map(inOrder.map((part, at) => [part.write, answers.flat()[at]!]))
    return writes.map((one) => found.get(one.write) ?? unfit.get(one)!)
  },
}

function wayOf({ scope, write: change, request }: Part): Way {
  if (change.operation === 'create' && !isKeyed(scope.table, change)) return 'collection'
  // Within a composite request this is how an answer before it is named, in whatever text it stands.
  return JSON.stringify(request.body ?? {}).includes('@{') ? 'alone' : 'composite'
}

const eachAlone = (session: CrmSession, parts: readonly Part[]): Promise<Settled[]> =>
  Promise.allSettled(parts.map(({ scope, write: change }) => write(session, scope, change)))

type Send = (session: CrmSession, parts: readonly Part[]) => Promise<CrmReply | Settled[]>

async function together(session: CrmSession, parts: readonly Part[], send: Send): Promise<Settled[]> {
  if (parts.length < 2) return await eachAlone(session, parts)
  let answer: CrmReply | Settled[]
  try {
    answer = await send(session, parts)
  } catch (reason) {
    return parts.map(() => ({ status: 'rejected', reason }))
  }
  if (Array.isArray(answer)) return answer
  // Refused as a whole before any of it was tried, perhaps for one of them alone.
  if (isForm(answer.status)) return await eachAlone(session, parts)
  const reply = answer
  return parts.map((part) => ({ status: 'rejected', reason: refusal(reply, whatOf(part)) }))
}

const isForm = (status: number) => [400, 404, 405, 413, 414, 415, 431].includes(status)

const whatOf = ({ scope, write: { operation } }: Part) => `to ${operation} ${scope.table.name}`

async function sendComposite(session: CrmSession, parts: readonly Part[]): Promise<CrmReply | Settled[]> {
  await passSecond(
    session,
    parts.map((part) => part.write.expectedMark),
  )
  const compositeRequest = parts.map(({ request: { path, method, headers, body } }, at) => ({
    method,
    url: `${apiPath(session)}/${path}`,
    referenceId: `w${at}`,
    ...(Object.keys(headers).length > 0 ? { httpHeaders: headers } : {}),
    ...(body === undefined ? {} : { body }),
  }))
  // Collated they would be one transaction, in which one row's trouble is another's.
  const body = { allOrNone: false, collateSubrequests: false, compositeRequest }
  const reply = await sendOnce(session, 'composite', { method: 'POST', body, deadlineMs: deadlineOf(parts) })
  if (!isSuccess(reply)) return reply
  const told = bodyOf(reply, compositeReply)?.compositeResponse ?? []
  return parts.map((part, at) => {
    const [own, ...more] = told.filter(({ referenceId }) => referenceId === `w${at}`)
    if (!own || more.length > 0) return { status: 'rejected', reason: foreign(reply, whatOf(part)) }
    const text = own.body === null || own.body === undefined ? '' : JSON.stringify(own.body)
    return outcomeFor(part, replyOf(own.httpStatusCode, text, own.httpHeaders ?? {}))
  })
}

async function sendCollection(session: CrmSession, parts: readonly Part[]): Promise<CrmReply | Settled[]> {
  const records = parts.map(({ scope, request }) => ({ attributes: { type: scope.table.setName }, ...request.body }))
  const body = { allOrNone: false, records }
  const reply = await sendOnce(session, 'composite/sobjects', { method: 'POST', body, deadlineMs: deadlineOf(parts) })
  if (!isSuccess(reply)) return reply
  const told = bodyOf(reply, collectionReply) ?? []
  return parts.map((part, at) => {
    const own = told.length === parts.length ? told[at] : undefined
    if (!own) return { status: 'rejected', reason: foreign(reply, whatOf(part)) }
    if (own.success) return outcomeFor(part, replyOf(201, JSON.stringify({ id: own.id, success: true })))
    const errors = own.errors.map(({ statusCode, message, fields }) => ({
      errorCode: statusCode,
      message,
      fields: fields ?? [],
    }))
    // A row's own fault is no refusal of the service.
    const status = errors.some(({ errorCode }) => errorCode === 'UNKNOWN_EXCEPTION') ? 500 : 400
    return outcomeFor(part, replyOf(status, JSON.stringify(errors)))
  })
}

const deadlineOf = (parts: readonly Part[]) => baseMs + eachMs * parts.length

const isSuccess = ({ status }: CrmReply) => status >= 200 && status < 300

function outcomeFor({ scope, write: change }: Part, reply: CrmReply): Settled {
  try {
    return { status: 'fulfilled', value: outcomeOf(reply, scope.table, change) }
  } catch (reason) {
    return { status: 'rejected', reason }
  }
}

/** As the request would have been answered alone. */
function replyOf(status: number, text: string, headers: Record<string, string> = {}): CrmReply {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return { status, headers: Object.fromEntries(lower), body: Buffer.from(text), text }
}

function bodyOf<T>(reply: CrmReply, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(reply.text)).data ?? null
  } catch {
    return null
  }
}
