/** How far a right reaches: over every record of an entity, over those that are one's own, or over none. */
export const reaches = ['none', 'own', 'all'] as const
export type Reach = (typeof reaches)[number]

export interface EntitySight {
  reads: Reach
  writes: Reach
  /** Fields that are not shown, by the model's name or by the CRM's. */
  masked: ReadonlySet<string>
}

/** What somebody may see of the records, and write: plain data, so that whoever holds records can keep to it. */
export interface Sight {
  /** Everything, without any mask: whatever else stands here. */
  all: boolean
  entities: ReadonlyMap<string, EntitySight>
  /** Of every entity that is not named. */
  others: EntitySight
  /** Record ids of the CRM's users and teams that this person is: what these own is their own. */
  owners: ReadonlySet<string>
}

const nothingMasked: ReadonlySet<string> = new Set()
const ofAll: EntitySight = { reads: 'all', writes: 'all', masked: nothingMasked }
const ofNone: EntitySight = { reads: 'none', writes: 'none', masked: nothingMasked }

export const fullSight: Sight = { all: true, entities: new Map(), others: ofAll, owners: new Set() }
export const noSight: Sight = { all: false, entities: new Map(), others: ofNone, owners: new Set() }

export function sightOf(sight: Sight, entity: string): EntitySight {
  if (sight.all) return ofAll
  return sight.entities.get(entity) ?? sight.others
}

/** Whether every record is seen whole, whatever may be written. */
export function seesEverything({ all, entities, others }: Sight): boolean {
  if (all) return true
  if (!isWhole(others)) return false
  for (const one of entities.values()) if (!isWhole(one)) return false
  return true
}

const isWhole = ({ reads, masked }: EntitySight) => reads === 'all' && masked.size === 0

const widerOf = (a: Reach, b: Reach): Reach => (reaches.indexOf(a) >= reaches.indexOf(b) ? a : b)

/** Several together: the widest right wins, and a field stays masked only where all that let the entity be read mask it. */
export function joinSights(sights: readonly Sight[], owners: ReadonlySet<string>): Sight {
  if (sights.some(({ all }) => all)) return { ...fullSight, owners }
  const names = new Set(sights.flatMap(({ entities }) => [...entities.keys()]))
  const entities = new Map([...names].map((name) => [name, joined(sights.map((sight) => sightOf(sight, name)))]))
  const others = joined(sights.map((sight) => sight.others))
  const all = [others, ...entities.values()].every((one) => isWhole(one) && one.writes === 'all')
  return { all, entities, others, owners }
}

function joined(parts: readonly EntitySight[]): EntitySight {
  const readers = parts.filter(({ reads }) => reads !== 'none')
  const [first, ...rest] = readers.map(({ masked }) => masked)
  const masked = new Set([...(first ?? [])].filter((field) => rest.every((other) => other.has(field))))
  return {
    reads: parts.map(({ reads }) => reads).reduce(widerOf, 'none'),
    writes: parts.map(({ writes }) => writes).reduce(widerOf, 'none'),
    masked,
  }
}

/** Whether `inner` shows and allows nothing that `outer` does not. */
export function isWithin(inner: Sight, outer: Sight): boolean {
  if (outer.all) return true
  if (inner.all) return false
  const sameOwners = inner.owners.isSubsetOf(outer.owners)
  const names = new Set([...inner.entities.keys(), ...outer.entities.keys()])
  const pairs = [...names].map((name) => [sightOf(inner, name), sightOf(outer, name)] as const)
  return [[inner.others, outer.others] as const, ...pairs].every(([small, large]) =>
    isPartWithin(small, large, sameOwners),
  )
}

function isPartWithin(inner: EntitySight, outer: EntitySight, sameOwners: boolean): boolean {
  if (inner.reads === 'none' && inner.writes === 'none') return true
  const fits = (small: Reach, large: Reach) =>
    widerOf(large, small) === large && (small !== 'own' || large !== 'own' || sameOwners)
  return fits(inner.reads, outer.reads) && fits(inner.writes, outer.writes) && outer.masked.isSubsetOf(inner.masked)
}
