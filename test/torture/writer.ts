import type { HubApi } from './clients.ts'
import type { Accepted } from './comparer/writes.ts'
import { type Paced, paced } from './pace.ts'
import type { Chance } from './random.ts'
import type { Subject } from './subject.ts'

/** A program that writes through the hub, and repeats what was not answered under the same key. */
export interface Writer extends Paced {
  accepted: readonly Accepted[]
}

export interface WriterOptions {
  api: HubApi
  words: Subject['writing']
  connection: string
  chance: Chance
  /** Contacts that nobody else changes. */
  own: readonly string[]
}

const atOnce = 6

export function createWriter({ api, words, connection, chance, own }: WriterOptions): Writer {
  const accepted: Accepted[] = []
  const left = chance.shuffled(own)
  const known: string[] = []
  const busy = new Set<string>()
  let number = 0
  const open = new Set<Promise<void>>()

  /** A record is written by one request at a time, so that the order of acceptance is known. */
  const draw = (): Omit<Accepted, 'id'> | null => {
    number += 1
    const key = `torture ${number}`
    const kind = chance.next()
    const entity = 'contact'
    const fields = words.fields(key, number)
    if (kind < 0.2) {
      return { key, entity, sourceId: '', operation: 'create', fields: { ...words.made(key), ...fields } }
    }
    const again = known.filter((id) => !busy.has(id))
    if (kind < 0.55 && again.length > 0) {
      return { key, entity, sourceId: chance.pick(again), operation: kind < 0.4 ? 'update' : 'upsert', fields }
    }
    const sourceId = left.pop()
    if (sourceId === undefined) return null
    if (kind > 0.9) return { key, entity, sourceId, operation: 'delete', fields: {} }
    known.push(sourceId)
    return { key, entity, sourceId, operation: 'update', fields }
  }

  const send = async (write: Omit<Accepted, 'id'>) => {
    if (write.sourceId !== '') busy.add(write.sourceId)
    const { key, operation, entity, sourceId, fields } = write
    const given = { operation, connection, entity, fields, writeKey: key, ...(sourceId === '' ? {} : { sourceId }) }
    const ask = () => api.insist<{ id: string; sourceId: string }>('POST', '/writes', given)
    // A client that lost patience asks twice at once.
    const [kept] = await Promise.all(chance.next() < 0.15 ? [ask(), ask()] : [ask()])
    accepted.push({ ...write, id: kept!.id, sourceId: kept!.sourceId })
    busy.delete(sourceId)
  }

  const one = () => {
    const write = open.size < atOnce ? draw() : null
    if (!write) return
    const sending = send(write).then(() => void open.delete(sending))
    // What failed stays among those that are waited for in the end.
    sending.catch(() => undefined)
    open.add(sending)
  }
  return { accepted, ...paced(one, () => Promise.all(open)) }
}
