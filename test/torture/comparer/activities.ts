import { activityColumns, lastColumn, type MappedColumn } from './activity-columns.ts'
import { expectedOf, type Told, type Typed, tellsNothing, unlike } from './told-values.ts'

/** `GET /api/v1/interactions` */
export interface HubInteraction {
  id: string
  externalId: string
  channel: 'voice' | 'digital'
  state: string
  address: string | null
  links: { recordId: string }[]
  memorialized: { state: string }
}

/** A row of the organisation: its dump. */
export interface Row {
  id: string
  deleted: boolean
  fields: Record<string, unknown>
}

/** A line of the organisation's journal: one change of one row. */
export interface Kept {
  e: string
  i: string
  f?: Record<string, unknown>
  new?: 1
}

/** `GET /api/v1/interactions/ledger` */
export type Ledger = Record<
  'interactions' | 'nothingLinked' | 'withLink' | 'activities' | 'done' | 'waiting' | 'failed' | 'unknown',
  number
>

export interface Difference {
  kind: 'lost' | 'doubled' | 'wrong' | 'broken'
  told: string
}

export interface Day {
  told: readonly Told[]
  hub: readonly HubInteraction[]
  /** What was typed last, by the contact centre's id. */
  typed: ReadonlyMap<string, Typed>
  /** Addresses that are one record's alone, by the hub's own look-up. */
  known: ReadonlySet<string>
  /** The CRM's ids behind the hub's. */
  sourceIds: ReadonlyMap<string, string>
  /** Of the activities' table, those left out that were there before. */
  activities: readonly Row[]
  /** Everything that was written to the organisation, from its first row on. */
  journal: readonly Kept[]
  ledger: Ledger
}

export interface Judged {
  differences: Difference[]
  withLink: number
  activities: number
}

type Tell = (kind: Difference['kind'], id: string, why: string) => void

/** Sets what the contact centre told and what agents typed beside what stands in the organisation. */
export function compareDay(day: Day): Judged {
  const differences: Difference[] = []
  const tell: Tell = (kind, id, why) => differences.push({ kind, told: `interaction ${id}: ${why}` })
  const held = new Map<string, HubInteraction>()
  for (const one of day.hub) {
    if (held.has(one.externalId)) tell('doubled', one.externalId, 'the hub has it twice')
    held.set(one.externalId, one)
  }
  const standing = Map.groupBy(
    day.activities.filter(({ deleted }) => !deleted),
    ({ fields }) => String(fields[activityColumns[0]!.name] ?? ''),
  )
  for (const told of day.told) {
    const one = held.get(told.interaction)
    if (!one) tell('lost', told.interaction, 'was told, and the hub does not have it')
    else compareOne(day, { told, one, activities: standing.get(one.id) ?? [] }, tell)
  }
  const ids = new Set(day.hub.map(({ id }) => id))
  for (const [id, rows] of standing) {
    if (!ids.has(id)) for (const row of rows) tell('doubled', id || '?', `activity ${row.id} is of no interaction`)
  }
  compareRepeats(day, tell)
  const withLink = day.hub.filter(({ links }) => links.length > 0).length
  const activities = [...standing.values()].flat().length
  compareLedger(day, { withLink, activities }, tell)
  return { differences, withLink, activities }
}

interface Pair {
  told: Told
  one: HubInteraction
  activities: readonly Row[]
}

function compareOne(day: Day, { told, one, activities }: Pair, tell: Tell): void {
  const id = told.interaction
  if (one.state !== 'closed') tell('lost', id, `it is over, and the hub says ${one.state}`)
  if (one.links.length === 0) {
    if (one.address !== null && day.known.has(one.address)) tell('lost', id, `${one.address} is known, and not linked`)
    if (activities.length > 0) tell('doubled', id, 'nothing is linked, and it has an activity')
    return
  }
  if (one.memorialized.state !== 'done') tell('lost', id, `what is to be written is ${one.memorialized.state}`)
  if (activities.length === 0) tell('lost', id, 'it has no activity')
  if (activities.length > 1) tell('doubled', id, `it has ${activities.length} activities`)
  for (const { fields } of activities) {
    for (const column of activityColumns) {
      const why = unlikeIn(day, { told, one }, column, fields[column.name] ?? null)
      if (why !== null) tell('wrong', id, `${column.name} ${why}`)
    }
    compareStandard(day, { told, one }, fields, tell)
  }
}

/** What every activity has, whatever is mapped. */
function compareStandard(
  { sourceIds }: Day,
  { told, one }: Omit<Pair, 'activities'>,
  fields: Row['fields'],
  tell: Tell,
): void {
  const linked = sourceIds.get(one.links[0]!.recordId)
  const expected = {
    statecode: 1,
    subject: `Call ${told.interaction} about ${told.scriptVariables.callerintent}`,
    directioncode: told.direction === 'outbound',
    _regardingobjectid_value: linked,
    ...(one.channel === 'voice' && told.caller.kind === 'known' ? { phonenumber: told.caller.number } : {}),
  }
  for (const [name, value] of Object.entries(expected)) {
    if (fields[name] !== value) tell('wrong', told.interaction, `${name} is ${fields[name]}, and not ${value}`)
  }
  // Nobody knows the agents’ own users: whoever was spoken with is the one party.
  const parties = JSON.stringify(fields.phonecall_activity_parties)
  const party = { participationtypemask: told.direction === 'outbound' ? 2 : 1, _partyid_value: linked }
  if (parties !== JSON.stringify([party])) tell('wrong', told.interaction, `its parties are ${parties}`)
}

/** Null where it is right. */
function unlikeIn(
  { typed }: Day,
  { told, one }: Omit<Pair, 'activities'>,
  column: MappedColumn,
  actual: unknown,
): string | null {
  if (column.voiceOnly && one.channel !== 'voice') return tellsNothing(actual)
  const value = column.from === 'interactionId' ? one.id : expectedOf(column, told, typed.get(told.interaction))
  // Of mappings, that of voice keeps nothing typed, that of digital conversations does.
  if (!column.typed || !told.contactLeft || one.channel !== 'voice') return unlike(column, value, actual)
  // Whenever that was told: what was written before is taken back.
  return tellsNothing(actual)
}

/** The service sets these by itself. */
const stamps = new Set(['modifiedon', '_modifiedby_value', '_modifiedby_value@type', 'versionnumber'])

/** Each value was written once: no activity was made or written again, and no record was told of an interaction twice. */
function compareRepeats({ journal, hub, sourceIds }: Day, tell: Tell): void {
  const made = new Set<string>()
  const passed = new Map<string, number>()
  for (const { e, i, f = {}, new: isNew } of journal) {
    const last = f[lastColumn.name]
    if (typeof last === 'string') passed.set(`${i} ${last}`, (passed.get(`${i} ${last}`) ?? 0) + 1)
    if (isNew && made.has(i)) tell('doubled', i, 'the row was made twice')
    if (isNew) made.add(i)
    else if (made.has(i) && e === 'phonecall' && Object.keys(f).every((name) => stamps.has(name)))
      tell('doubled', i, 'the activity was written again with what stood there')
  }
  const wanted = new Set(
    hub.flatMap(({ externalId, links }) => links.map(({ recordId }) => `${sourceIds.get(recordId)} ${externalId}`)),
  )
  for (const pair of wanted) if (!passed.has(pair)) tell('lost', pair, 'the linked record was never told of it')
  for (const [pair, times] of passed) {
    if (!wanted.has(pair)) tell('doubled', pair, 'a record was told of it that is not linked')
    else if (times > 1) tell('doubled', pair, `the linked record was told of it ${times} times`)
  }
}

function compareLedger({ hub, ledger }: Day, { withLink, activities }: Omit<Judged, 'differences'>, tell: Tell): void {
  const counted: Ledger = {
    ...{ interactions: hub.length, withLink, nothingLinked: hub.length - withLink },
    ...{ activities, done: withLink, waiting: 0, failed: 0, unknown: 0 },
  }
  for (const [name, count] of Object.entries(counted)) {
    const said = ledger[name as keyof Ledger]
    if (said !== count) tell('broken', 'ledger', `${name} is ${said}, and ${count} were counted`)
  }
}
