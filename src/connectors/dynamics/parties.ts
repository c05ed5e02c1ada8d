import type { LookupBind, Party, SourceField, SourceTable } from '#model/field.ts'
import type { WireAttribute, WireAttributeDetail } from './wire.ts'

/** Every activity's table has this key ("Activity tables"). */
export const isActivity = ({ idField }: Pick<SourceTable, 'idField'>): boolean => idField === 'activityid'

/** How its parties are written and expanded with it. */
export const partiesName = ({ name }: Pick<SourceTable, 'name'>): string => `${name}_activity_parties`

/** The mask of an activity party ("ActivityParty table reference", ParticipationTypeMask): sender and recipient. */
const masks: Record<Party['party'], number> = { from: 1, to: 2 }

/**
 * Who called whom, as one field: a write of parties takes the place of all that stand there, so that one end alone cannot
 * be written (seen in MicrosoftDocs/dynamics-365-customer-engagement issue 2671).
 */
export function partiesField(
  table: string,
  attributes: readonly WireAttribute[],
  details: ReadonlyMap<string, WireAttributeDetail>,
  setNames: ReadonlyMap<string, string>,
): SourceField | null {
  const ends = attributes.filter(({ AttributeType, LogicalName }) => {
    return AttributeType === 'PartyList' && Object.hasOwn(masks, LogicalName)
  })
  if (ends.length < 2) return null
  const [first = [], ...others] = ends.map(({ LogicalName }) => details.get(LogicalName)?.Targets ?? [])
  const targets = first.filter((target) => setNames.get(target) && others.every((list) => list.includes(target)))
  return {
    ...{ name: partiesName({ name: table }), type: 'parties', labels: {}, required: false, readable: true, targets },
    binds: Object.fromEntries(targets.map((target) => [target, bindOf(target, setNames.get(target)!)])),
    creatable: ends.every(({ IsValidForCreate }) => IsValidForCreate === true),
    updatable: ends.every(({ IsValidForUpdate }) => IsValidForUpdate === true),
  }
}

const bindOf = (target: string, setName: string): LookupBind => ({ property: `partyid_${target}`, setName })

/** As the Web API takes them with their activity. */
export const partyRows = (
  parties: readonly Party[],
  bindTo: (entity: string) => LookupBind,
): Record<string, unknown>[] =>
  parties.map(({ party, entity, id }) => {
    const { property, setName } = bindTo(entity)
    return { participationtypemask: masks[party], [`${property}@odata.bind`]: `/${setName}(${id.toLowerCase()})` }
  })

/** To be read with their activity; they are no columns of its own. */
export const expandedParties = ({ name }: SourceField): string =>
  `${name}($select=participationtypemask,_partyid_value)`

/** What was read of them; those that the service adds by itself (owner, regarding) are none of ours. */
export function readParties(rows: unknown): Omit<Party, 'entity'>[] | undefined {
  if (!Array.isArray(rows)) return undefined
  return rows.flatMap((row: Record<string, unknown> | null) => {
    const party =
      row?.participationtypemask === masks.from ? 'from' : row?.participationtypemask === masks.to ? 'to' : null
    const id = row?._partyid_value
    return party && typeof id === 'string' ? [{ party, id: id.toLowerCase() } as const] : []
  })
}
