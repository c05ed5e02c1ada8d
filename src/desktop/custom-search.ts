import type { Asker } from '#audit/append.ts'
import { isHubError } from '#core/errors.ts'
import { findRecords, type HubRecord } from '#records/find.ts'
import { findByField } from '#records/find-by-field.ts'
import type { SyncedTable } from '#records/table.ts'
import type { DesktopContext } from './context.ts'
import type { SearchDefinition } from './definitions.ts'
import type { InteractionValues } from './interaction-data.ts'
import type { SearchReason } from './store.ts'
import { fillTemplate } from './template.ts'

type CustomSearch = SearchDefinition & { by: 'custom' }
type Condition = CustomSearch['conditions'][number]

export interface CustomMatch {
  record: HubRecord
  reasons: SearchReason[]
}

export interface CustomAnswer {
  matches: CustomMatch[]
  reasonsNone: { code: string; value?: string }[]
}

interface Asked {
  definition: CustomSearch
  table: SyncedTable
  values: InteractionValues
  asker: Asker
}

/** By fields and variables, over one entity, from the hub alone. A condition whose variable tells nothing is not met. */
export async function customSearch(context: DesktopContext, asked: Asked): Promise<CustomAnswer> {
  const { definition, table } = asked
  const told = filledConditions(definition, asked.values)
  if (told === null) return nothing('variable_empty')
  try {
    const found = await Promise.all(told.map((one) => idsOf(context, asked, one)))
    const ids = definition.match === 'all' ? inAll(found) : new Set(found.flatMap((set) => [...set]))
    const records = await findRecords(context.pool, context.finder, [...ids])
    const matches = inOrder(records, definition).map((record) => ({
      record,
      reasons: told.filter((_, i) => found[i]!.has(record.id)).map(({ field }) => ({ code: 'field_matches', field })),
    }))
    return matches.length > 0 ? { matches, reasonsNone: [] } : nothing('search_met_nothing', table.entity)
  } catch (error) {
    if (isHubError(error, 'search.too_slow')) return nothing('search_too_slow', table.entity)
    throw error
  }
}

/** The conditions with what the interaction tells; null where too little is told for any to count. */
export function filledConditions({ conditions, match }: CustomSearch, values: InteractionValues): Condition[] | null {
  const filled = conditions.map((one) => ({ ...one, value: textOf(fillTemplate(one.value, values)) }))
  const told = filled.filter(({ value }) => value !== '')
  return told.length === 0 || (match === 'all' && told.length < filled.length) ? null : told
}

const nothing = (code: string, value?: string): CustomAnswer => ({
  matches: [],
  reasonsNone: [value === undefined ? { code } : { code, value }],
})

const textOf = (value: unknown) => (value === undefined || value === null ? '' : String(value).trim())

async function idsOf(
  { pool, lookUp }: DesktopContext,
  { table, asker }: Asked,
  { field, operator, value }: Condition,
): Promise<ReadonlySet<string>> {
  if (operator === 'is_number' || operator === 'is_email') {
    const query = operator === 'is_number' ? { phone: value.slice(0, 200) } : { email: value.slice(0, 320) }
    const { matches } = await lookUp(query, asker)
    const ofField = matches.filter(
      (match) =>
        match.connectionId === table.connectionId &&
        match.entity === table.entity &&
        match.reasons.some((reason) => reason.field === field),
    )
    return new Set(ofField.map(({ id }) => id))
  }
  return new Set(await findByField(pool, { tableId: table.id, field, operator, value }))
}

const inAll = (sets: readonly ReadonlySet<string>[]) =>
  new Set([...sets[0]!].filter((id) => sets.every((set) => set.has(id))))

/** As the workflow orders them; empty values last. */
function inOrder(records: readonly HubRecord[], { order }: CustomSearch): HubRecord[] {
  const key = (record: HubRecord, field: string) => record.sourceFields[field] ?? null
  return [...records].sort((a, b) => {
    for (const { field, descending } of order) {
      const [one, other] = [key(a, field), key(b, field)]
      if (one === other) continue
      if (one === null) return 1
      if (other === null) return -1
      const difference =
        typeof one === 'number' && typeof other === 'number' ? one - other : String(one).localeCompare(String(other))
      if (difference !== 0) return descending ? -difference : difference
    }
    return a.id < b.id ? -1 : 1
  })
}
