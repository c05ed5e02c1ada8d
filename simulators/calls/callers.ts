import { readFileSync } from 'node:fs'
import { hash, pick } from '../organisation/random.ts'
import type { Caller } from './event.ts'

/** Enough for days; more would only fill memory. */
const mostKnown = 5_000
const pageSize = 500

type HubRecord = {
  id: string
  name: string | null
  deletedAt: string | null
  sourceFields: Record<string, unknown>
  phones: { e164: string | null; digits: string | null }[]
}

/** Whose numbers the hub's records hold, read page by page. */
export async function callersOfHub(hub: string, key: string): Promise<Caller[]> {
  const callers: Caller[] = []
  for (const entity of ['contact', 'account']) {
    for (let cursor: string | null = ''; cursor !== null && callers.length < mostKnown; ) {
      const query = new URLSearchParams({ entity, limit: String(pageSize), ...(cursor === '' ? {} : { cursor }) })
      const reply = await fetch(`${hub}/api/v1/records?${query}`, { headers: { authorization: `Bearer ${key}` } })
      if (!reply.ok)
        throw new Error(`the hub tells no records (${reply.status}): ${(await reply.text()).slice(0, 300)}`)
      const page = (await reply.json()) as { records: HubRecord[]; next: string | null }
      callers.push(...page.records.flatMap(callerOf))
      cursor = page.next
    }
  }
  return callers.slice(0, mostKnown)
}

function callerOf({ id, name, deletedAt, sourceFields, phones }: HubRecord): Caller[] {
  const number = phones.find(({ e164 }) => e164 !== null)?.e164
  if (!number || deletedAt !== null) return []
  const email = Object.values(sourceFields).find((value) => typeof value === 'string' && /^\S+@\S+\.\S+$/.test(value))
  return [
    {
      ...{ kind: 'known' as const, number, recordId: id },
      ...(name === null ? {} : { name }),
      ...(email === undefined ? {} : { email: String(email) }),
    },
  ]
}

/** One number a line. */
export function callersOfFile(file: string): Caller[] {
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  return lines.filter((line) => line.trim() !== '').map((line) => ({ kind: 'known', number: line.trim() }))
}

const withheld = ['anonymous', 'Restricted', 'unavailable', 'sip:anonymous@anonymous.invalid', '']
const malformed = ['+', '0', 'n/a', '++32 2', '1'.repeat(40), '<script>', '12', 'ext. 4', '+000000000', '😀']

/** Mostly people whom the hub knows, some of whom call again; and whoever else calls. */
export function callerFor(known: readonly Caller[], seed: number, index: number): Caller {
  const dice = hash(seed, index, 21) % 100
  const h = hash(seed, index, 22)
  // The first is somebody, so that whoever looks sees at once what a card tells.
  if (known.length > 0 && (dice < 72 || index === 0))
    return known[h % 10 === 0 ? h % Math.min(10, known.length) : h % known.length]!
  if (dice < 86) return { kind: 'unknown', number: `+3247${String(h % 10_000_000).padStart(7, '0')}` }
  if (dice < 93) return { kind: 'withheld', number: pick(withheld, h) }
  return { kind: 'malformed', number: pick(malformed, h) }
}
