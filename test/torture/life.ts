import { type Paced, paced } from './pace.ts'
import type { Chance } from './random.ts'
import type { World } from './world.ts'

export type Operation = 'create' | 'change' | 'delete' | 'restore'

/** One change that the script made in the CRM. */
export interface ScriptedChange {
  entity: string
  id: string
  operation: Operation
  /** The version that it made, as the hub tells it. */
  mark: string | null
  /** When the CRM said that it was made; performance.now(). */
  at: number
}

/** The simulated organisation's life, scripted by a seed: creates, edits, deletes, restores, new owners. */
export interface Life extends Paced {
  journal: readonly ScriptedChange[]
}

export interface LifeOptions {
  world: Pick<World, 'control' | 'subject'>
  chance: Chance
  /** Rows that the script leaves alone. */
  spared: ReadonlySet<string>
  /** Hardly any edits. */
  mostlyDeletes?: boolean
}

interface Stock {
  entity: string
  /** The CRM's table. */
  table: string
  alive: string[]
  gone: string[]
  /** The rows touched last: half of what happens, happens to these, so that readings on their way are overtaken. */
  recent: string[]
}

/** A second of life, and the last of it: what is deleted is still on the way in a reading, what is edited is edited twice. */
const mostRecent = 20
const mostRecentEdits = 6

/** A sweep that would remove more than 50 rows and 2 % asks a person: the script stays below. */
const mostDeletes = 45

export async function createLife({ world, chance, spared, mostlyDeletes = false }: LifeOptions): Promise<Life> {
  const { control, subject } = world
  const stocks: Stock[] = []
  for (const [entity, table] of Object.entries(subject.tables)) {
    const rows = await subject.readDump(control, table)
    const free = rows.filter((row) => !spared.has(row.id) && row.broken === undefined)
    const ids = (deleted: boolean) => free.filter((row) => row.deleted === deleted).map((row) => row.id)
    stocks.push({ entity, table, alive: ids(false), gone: ids(true), recent: [] })
  }
  const owners = await subject.owners(control)
  const journal: ScriptedChange[] = []
  let deletes = 0
  let number = 0

  const one = async () => {
    const stock = chance.next() < 0.3 ? stocks[0]! : stocks[1]!
    const draw = mostlyDeletes ? chance.next() * deletingDraws : chance.next()
    const operation = operationOf(draw, stock, deletes < mostDeletes)
    if (operation === 'delete') deletes += 1
    // A sweep looks at what is gone now.
    if (operation === 'restore' && mostlyDeletes) deletes -= 1
    number += 1
    const means = { chance, owners, number, words: subject.words }
    const change = { entity: stock.table, operation, ...detailOf(operation, stock, means) }
    const { id, mark } = subject.madeOf(await control.post<Record<string, unknown>>('/records', change))
    moveIn(stock, operation, id)
    journal.push({ entity: stock.entity, id, operation, mark, at: performance.now() })
  }
  return { journal, ...paced(one) }
}

// Draws below it are nine creations, deletions or restores out of ten.
const deletingDraws = 0.36

/** Of ten changes: six edits, one new owner, one creation, one deletion, one restore where something was deleted. */
function operationOf(draw: number, { alive, gone }: Stock, mayDelete: boolean): Operation {
  if (draw < 0.12) return 'create'
  if (draw < 0.22 && mayDelete && alive.length > 50) return 'delete'
  if (draw < 0.32 && gone.length > 0) return 'restore'
  return 'change'
}

interface Means {
  chance: Chance
  owners: readonly string[]
  number: number
  words: World['subject']['words']
}

function detailOf(
  operation: Operation,
  { entity, alive, gone, recent }: Stock,
  { chance, owners, number, words }: Means,
): { id?: string; fields?: Record<string, unknown> } {
  if (operation === 'restore') return { id: chance.pick(gone) }
  if (operation === 'create') return { fields: words.created(entity, number) }
  const last = operation === 'delete' ? recent : recent.slice(-mostRecentEdits)
  const id = chance.pick(last.length > 0 && chance.next() < 0.5 ? last : alive)
  if (operation === 'delete') return { id }
  if (owners.length > 0 && chance.next() < 0.15) return { id, fields: words.owned(chance.pick(owners)) }
  return { id, fields: words.edited(entity, number) }
}

function moveIn(stock: Stock, operation: Operation, id: string): void {
  const { alive, gone, recent } = stock

  const take = (list: string[]) => {
    const at = list.indexOf(id)
    if (at >= 0) list.splice(at, 1)
  }
  take(recent)
  if (operation !== 'delete') recent.push(id)
  if (recent.length > mostRecent) recent.shift()
  if (operation === 'create') alive.push(id)
  if (operation === 'delete') {
    take(alive)
    gone.push(id)
  }
  if (operation === 'restore') {
    take(gone)
    alive.push(id)
  }
}
