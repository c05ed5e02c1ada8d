import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { compareDestination } from './comparer/destination.ts'
import { destinationPhases, planDestinationRounds } from './destination/plan.ts'
import { phases, victims } from './phases.ts'
import { planRounds } from './plan.ts'
import { copyProgram, plantedFaults } from './program.ts'

test('the comparer shares nothing with what it judges', async () => {
  const folder = join(import.meta.dirname, 'comparer')
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8')
    const sources = [...text.matchAll(/from '([^']+)'/g)].map(([, source]) => source!)
    for (const source of sources) assert.match(source, /^\.\/|^node:/, `${file} imports ${source}`)
  }
})

test('every planted fault can still be planted, and says what it breaks', async () => {
  const faults = await plantedFaults()
  assert.equal(faults.length, 13)
  for (const { breaks, patch } of faults) {
    assert.match(breaks, /^[A-Z].*\.$/)
    const program = await copyProgram(patch)
    await program.remove()
  }
})

test('a seed fixes its rounds, and sixteen of them strike every victim in every phase', () => {
  const take = (count: number) => planRounds(7).take(count).toArray()
  const rounds = take(16)
  assert.deepEqual(take(10), rounds.slice(0, 10))
  for (const victim of victims) {
    const struck = rounds.filter((round) => round.victim === victim).map(({ phase }) => phase)
    assert.deepEqual(new Set(struck), new Set(phases), victim)
  }
})

test('a seed fixes the rounds of a destination too, and sixteen of them strike every victim in every phase', () => {
  const take = (count: number) => planDestinationRounds(7).take(count).toArray()
  const rounds = take(16)
  assert.deepEqual(take(10), rounds.slice(0, 10))
  for (const victim of victims) {
    const struck = rounds.filter((round) => round.victim === victim).map(({ phase }) => phase)
    assert.deepEqual(new Set(struck), new Set(destinationPhases), victim)
  }
})

test('rows of a destination that are lost, doubled, revived or stale are told apart', () => {
  const row = (id: string, fields: Record<string, unknown>, deleted = false) => ({ id, mark: '1', deleted, fields })
  const written = { label: 'Crm', columns: [['lastname', 'Name'] as const], link: null }
  const there = (id: string, of: string, lastname: string, statecode = 0) =>
    row(id, {
      ...{ lastname, statecode, msdyn_source_crm: 'Crm' },
      ...{ msdyn_source_crm_id: of, msdyn_source_crm_url: `https://crm.example/${of}` },
    })
  const source = [
    ...['same', 'lost', 'twice', 'old', 'unused'].map((id) => row(id, { Name: id })),
    ...['gone', 'kept'].map((id) => row(id, { Name: id }, true)),
  ]
  const rows = [
    ...[there('1', 'same', 'same'), there('2', 'twice', 'twice'), there('3', 'twice', 'twice')],
    ...[there('4', 'old', 'older'), there('5', 'unused', 'unused', 1), there('6', 'gone', 'gone', 1)],
    ...[there('7', 'kept', 'kept'), there('8', 'nobody', 'nobody'), row('9', { lastname: 'Own' })],
  ]
  const found = compareDestination({
    ...{ entity: 'contact', written, policy: 'deactivate', source, there: rows },
    ...{ standsFor: new Map(), alive: new Set(), own: new Map([['9', { ...row('9', {}), mark: '0' }]]) },
  })
  assert.deepEqual(found.map(({ kind, told }) => `${kind} ${told.split(':')[0]}`).sort(), [
    'broken destination, contact 9',
    'doubled destination, contact twice',
    'lost destination, contact lost',
    'lost destination, contact unused',
    'revived destination, contact 8',
    'revived destination, contact kept',
    'stale destination, contact old',
  ])
})
