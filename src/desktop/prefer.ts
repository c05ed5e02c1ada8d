import { recordId } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import { ownersOfPerson } from '#people/team.ts'
import { type Finder, findRecords, type HubRecord } from '#records/find.ts'
import { openWork } from '#records/open-work.ts'
import type { Match } from '#records/rank.ts'
import type { SyncedTable } from '#records/table.ts'
import { ownerRole } from '#records/view.ts'
import type { Policies } from './definitions.ts'

type Preference = Policies['prefer'][number]

interface Facts {
  openCase: boolean
  /** Milliseconds since 1970; 0: never. */
  lastSpoken: number
  own: boolean
}

const SPOKEN = {
  name: 'desktop-last-spoken',
  text: `select k.record_id as id, max(i.offered_at) as at from jackfield.interaction_link k
    join jackfield.interaction i on i.id = k.interaction_id
    where k.record_id = any($1::uuid[]) and k.linked and i.accepted_at is not null group by 1`,
}

/**
 * The matches in the order that the policy asks for, each with the reasons that decided: how exactly the number fits, then
 * what is known beyond it. Of equal ones the look-up's own order stands.
 */
export async function preferMatches(
  db: Queryable,
  finder: Finder,
  matches: readonly Match[],
  { prefer, personIds }: { prefer: readonly Preference[]; personIds: readonly string[] },
): Promise<Match[]> {
  const facts = await factsOf(db, finder, matches, personIds)
  const weights: Record<Preference, (match: Match) => number> = {
    exactness: ({ reasons }) => Math.max(...reasons.map(({ code }) => exactness[code] ?? 0)),
    open_case: ({ id }) => (facts(id).openCase ? 1 : 0),
    last_spoken_with: ({ id }) => facts(id).lastSpoken,
    owner: ({ id }) => (facts(id).own ? 1 : 0),
  }
  const compare = (a: Match, b: Match) => {
    for (const one of prefer) {
      const difference = weights[one](b) - weights[one](a)
      if (difference !== 0) return difference
    }
    return b.score - a.score
  }
  return matches
    .map((match) => ({ ...match, reasons: [...match.reasons, ...reasonsOf(facts(match.id))] }))
    .sort(compare)
}

/** A number that is kept without its country, or only ends alike, is less sure. */
const exactness: Record<string, number> = {
  number_exact: 3,
  email_exact: 3,
  number_without_country: 2,
  number_ending: 1,
}

const reasonsOf = ({ openCase, lastSpoken, own }: Facts) => [
  ...(openCase ? [{ code: 'open_case' }] : []),
  ...(lastSpoken > 0 ? [{ code: 'spoken_before' }] : []),
  ...(own ? [{ code: 'own' }] : []),
]

async function factsOf(
  db: Queryable,
  finder: Finder,
  matches: readonly Match[],
  personIds: readonly string[],
): Promise<(id: string) => Facts> {
  if (matches.length === 0) return () => ({ openCase: false, lastSpoken: 0, own: false })
  const ids = matches.map(({ id }) => id)
  const records = await findRecords(db, finder, ids)
  const [open, spoken, owners, tables] = await Promise.all([
    openWork(db, finder, records),
    db.query<{ id: string; at: Date }>({ ...SPOKEN, values: [ids] }),
    Promise.all(personIds.map((id) => ownersOfPerson(db, id))),
    finder.tables.all(),
  ])
  const withOpen = new Set(open.map(({ of }) => of))
  const spokenAt = new Map(spoken.rows.map(({ id, at }) => [id, at.getTime()]))
  const mine = new Set(owners.flat())
  const own = new Set(records.filter((record) => isOwned(record, tables, mine)).map(({ id }) => id))
  return (id) => ({ openCase: withOpen.has(id), lastSpoken: spokenAt.get(id) ?? 0, own: own.has(id) })
}

/** Whether one of these users or teams of the CRM owns the record. */
function isOwned(record: HubRecord, tables: readonly SyncedTable[], owners: ReadonlySet<string>): boolean {
  if (owners.size === 0) return false
  const table = tables.find(
    ({ connectionId, entity }) => connectionId === record.connectionId && entity === record.entity,
  )
  const relation = table?.mapping.relations.find(({ role }) => role === ownerRole)
  const target = relation && record.sourceFields[relation.from]
  if (!relation || typeof target !== 'string') return false
  const { crm, organisation } = record.source
  return relation.entities.some((entity) => owners.has(recordId({ crm, organisation, entity, sourceId: target })))
}
