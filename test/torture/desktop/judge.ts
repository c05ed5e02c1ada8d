import { readFile } from 'node:fs/promises'
import {
  compareDay,
  type Day,
  type HubInteraction,
  type Judged,
  type Kept,
  type Ledger,
  type Row,
} from '../comparer/activities.ts'
import type { Told } from '../comparer/told-values.ts'
import { readRecords } from '../judge.ts'
import type { World } from '../world.ts'
import type { Centre } from './centre.ts'

const pageSize = 500

async function readInteractions({ api }: World): Promise<HubInteraction[]> {
  const all: HubInteraction[] = []
  for (let cursor = ''; ; ) {
    const path = `/interactions?limit=${pageSize}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
    const page = await api.insist<{ interactions: HubInteraction[]; next: string | null }>('GET', path)
    all.push(...page.interactions)
    if (page.next === null) return all
    cursor = page.next
  }
}

export const readLedger = ({ api }: Pick<World, 'api'>): Promise<Ledger> =>
  api.insist<Ledger>('GET', '/interactions/ledger')

/** Of those that are linked to nobody: addresses that one record alone has. */
async function knownAddresses({ api }: World, hub: readonly HubInteraction[]): Promise<Set<string>> {
  const known = new Set<string>()
  const unlinked = new Set(hub.flatMap(({ links, address }) => (links.length === 0 && address ? [address] : [])))
  for (const address of unlinked) {
    const isMail = address.includes('@')
    if (!isMail && !/^\+\d{6,15}$/.test(address)) continue
    const query = `${isMail ? 'email' : 'phone'}=${encodeURIComponent(address)}`
    const found = await api.insist<{ matches: { entity: string }[]; more: boolean }>('GET', `/lookup?${query}`)
    // Earlier calls have the number too, and are nobody.
    const people = found.matches.filter(({ entity }) => entity !== 'phone_call')
    if (people.length === 1 && !found.more) known.add(address)
  }
  return known
}

export interface JudgedDay extends Pick<Day, 'typed'> {
  world: World
  centre: Centre
  /** Of the organisation. */
  journalFile: string
  /** Activities that were there before the day began. */
  before: ReadonlySet<string>
}

export async function judgeDay(given: JudgedDay): Promise<Judged & { ledger: Ledger; interactions: number }> {
  const { world, centre, journalFile, before, typed } = given
  const hub = await readInteractions(world)
  const ledger = await readLedger(world)
  const records = await readRecords(world.api)
  const told = await centre.control.dump<Told>('')
  const judged = compareDay({
    ...{ told, hub, typed, ledger },
    known: await knownAddresses(world, hub),
    sourceIds: new Map(records.map(({ id, source }) => [id, source.id])),
    activities: (await world.control.dump<Row>('phonecall')).filter(({ id }) => !before.has(id)),
    journal: await readJournal(journalFile),
  })
  return { ...judged, ledger, interactions: told.length }
}

/** Its first line is a head; lines of columns name no row. */
async function readJournal(file: string): Promise<Kept[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(1)
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Kept)
    .filter(({ i }) => i !== undefined)
}
