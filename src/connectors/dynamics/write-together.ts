import type { CrmReply, CrmSession } from '#connectors/call.ts'
import type { Connector, ScopedWrite, WriteOutcome } from '#connectors/connector.ts'
import { type Item, isBareRefusal, readBatch, writeBatch } from './batch.ts'
import { apiPath, protocolHeaders, vendorError } from './client.ts'
import { outcomeOf } from './write.ts'
import { itemOf, write } from './write-activity.ts'

/**
 * A `$batch` counts as one request of the 6,000 that a user has in five minutes, however many it holds; what they take
 * together counts as time ("Service protection API limits"). They are carried out one after the other, so that more would
 * keep the first waiting for the last, and several batches go side by side.
 */
const [mostTogether, sideBySide] = [8, 4]
// A call with one write has 30 s.
const [baseMs, eachMs] = [30_000, 2_000]

type Settled = PromiseSettledResult<WriteOutcome>

interface Asked {
  one: ScopedWrite
  item: Item
}

/** Several writes in one batch, in which each keeps its condition and none undoes another. */
export const writeTogether: NonNullable<Connector['writeTogether']> = {
  atMost: mostTogether,
  calls: sideBySide,
  async write(session, writes) {
    const items = await Promise.allSettled(
      writes.map(({ scope, write: change }) => itemOf(session, scope.table, change)),
    )
    const asked = writes.flatMap((one, at) => {
      const item = items[at]!
      return item.status === 'fulfilled' ? [{ one, item: item.value }] : []
    })
    const answers = asked.length < 2 ? await eachAlone(session, asked) : await together(session, asked)
    // What could not even be asked for has its own error, in its own place.
    return items.map((item) => (item.status === 'rejected' ? item : answers.shift()!))
  },
}

const eachAlone = (session: CrmSession, asked: readonly Asked[]): Promise<Settled[]> =>
  Promise.allSettled(asked.map(({ one }) => write(session, one.scope, one.write)))

async function together(session: CrmSession, asked: readonly Asked[]): Promise<Settled[]> {
  const items = asked.map(({ item }) => item)
  let replies: CrmReply[]
  try {
    const reply = await send(session, items)
    // Refused as a whole before any of it was tried, perhaps for one of them alone.
    if (isBareRefusal(reply) && (isForm(reply.status) || isBlocked(reply))) return await eachAlone(session, asked)
    replies = isBareRefusal(reply) ? items.map(() => reply) : readBatch(reply, items)
  } catch (reason) {
    return asked.map(() => ({ status: 'rejected', reason }))
  }
  return asked.map(({ one }, at) => outcomeFor(one, replies[at]!))
}

const isForm = (status: number) => [400, 404, 405, 413, 414, 415, 431].includes(status)

/** By something before the CRM that lets nobody send such a text: it knows none of the CRM's codes. */
const isBlocked = (reply: CrmReply) => reply.status === 403 && vendorError(reply).code === ''

function send(session: CrmSession, items: readonly Item[]): Promise<CrmReply> {
  const { contentType, body } = writeBatch(items, session.url)
  return session.call(`${apiPath}/$batch`, {
    method: 'POST',
    // Without it the first that is refused ends the batch.
    headers: { ...protocolHeaders, 'content-type': contentType, prefer: 'odata.continue-on-error' },
    body,
    deadlineMs: baseMs + eachMs * items.flat().length,
    lane: 'person',
    retry: 'never',
  })
}

function outcomeFor({ scope, write: change }: ScopedWrite, reply: CrmReply): Settled {
  try {
    return { status: 'fulfilled', value: outcomeOf(reply, scope.table, change) }
  } catch (reason) {
    return { status: 'rejected', reason }
  }
}
