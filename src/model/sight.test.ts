import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type EntitySight,
  fullSight,
  isWithin,
  joinSights,
  noSight,
  type Reach,
  type Sight,
  seesEverything,
  sightOf,
} from './sight.ts'

const part = (reads: Reach, writes: Reach = reads, masked: string[] = []): EntitySight => ({
  reads,
  writes,
  masked: new Set(masked),
})
const sight = (others: EntitySight, entities: Record<string, EntitySight> = {}, owners: string[] = []): Sight => ({
  all: false,
  entities: new Map(Object.entries(entities)),
  others,
  owners: new Set(owners),
})

test('of several the widest right wins, and a field stays masked only where all that read the entity mask it', () => {
  const joined = joinSights(
    [
      sight(part('own'), { contact: part('all', 'none', ['birthDate', 'email']) }),
      sight(part('none'), { contact: part('own', 'own', ['birthDate']) }),
      sight(part('none', 'all'), { contact: part('none', 'all') }),
    ],
    new Set(['me']),
  )
  assert.deepEqual(sightOf(joined, 'contact'), part('all', 'all', ['birthDate']))
  assert.deepEqual(sightOf(joined, 'account'), part('own', 'all'))
  assert.equal(joined.all, false)
  assert.deepEqual([...joined.owners], ['me'])
})

test('a right that one role names does not narrow what another gives for all', () => {
  const joined = joinSights([sight(part('all')), sight(part('none'), { contact: part('none') })], new Set())
  assert.equal(sightOf(joined, 'contact').reads, 'all')
  assert.equal(joined.all, true)
})

test('no role sees nothing', () => {
  assert.deepEqual(joinSights([], new Set()), { ...noSight })
  assert.equal(seesEverything(noSight), false)
})

test('what is read whole is seen whole, whatever may be written', () => {
  assert.equal(seesEverything(sight(part('all', 'none'))), true)
  assert.equal(seesEverything(sight(part('all'), { contact: part('own') })), false)
  assert.equal(seesEverything(sight(part('all', 'all', ['email']))), false)
})

test('what is given away is within what the giver has', () => {
  const own = sight(part('own'), {}, ['me'])
  assert.equal(isWithin(fullSight, own), false)
  assert.equal(isWithin(own, fullSight), true)
  assert.equal(isWithin(sight(part('own'), {}, ['me']), own), true)
  assert.equal(isWithin(sight(part('own'), {}, ['another']), own), false)
  assert.equal(isWithin(sight(part('own'), {}, ['another']), sight(part('all'), { lead: part('none') })), false)
  const masks = sight(part('all', 'all', ['email']))
  assert.equal(isWithin(sight(part('all')), masks), false)
  assert.equal(isWithin(sight(part('all', 'all', ['email', 'phone'])), masks), true)
  assert.equal(isWithin(sight(part('none')), masks), true)
})
