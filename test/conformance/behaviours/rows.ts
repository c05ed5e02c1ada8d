import assert from 'node:assert/strict'
import type { CheckStep } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import { compareMarks } from '#model/mark.ts'
import type { World } from '../../connectors/world.ts'
import { type Behaviour, ofConnector } from '../behaviour.ts'
import { idsOf, marks, query, readOne, sorted, truth, type Walked, walk } from '../reading.ts'

const odd = [
  'O\'Neil & Söns <b>"x"</b> \\ / %41 + #',
  '\u200f\u202eעברית\u202c العربية',
  '👩‍👩‍👧‍👦 𝒳 \u{10ffff}',
  'e\u0301 vs é, ﬁ, ß, İ',
  'line\r\nbreak\ttab\u0001\u007f\u0085\u2028\u2029\ufeff',
  '},{"@odata.etag":"W/\\"1\\""',
  '/$deletedEntity"',
  '\\u0000 \\ud800',
  ' padded ',
  '',
]

async function oddCharacters(world: World): Promise<void> {
  const written = new Map<string, string>()
  for (const text of odd) written.set(await world.create(text), text)
  const kinds =
    world.connector.manifest.abilities.changeTracking === true ? (['query', 'tracked'] as const) : (['query'] as const)
  for (const kind of kinds) {
    const walked = await walk(world, { kind })
    const read = new Map(walked.rows.map((row) => [row.sourceId, row.values[world.names.text]]))
    for (const [id, text] of written) assert.equal(read.get(id), text)
  }
  const byId = await world.connector.readByIds(world.session, world.scope, [...written.keys()], 'person')
  for (const raw of byId.rows) {
    const row = world.connector.readRow(world.scope, raw)
    assert.equal(row.values[world.names.text], written.get(row.sourceId))
  }
}

async function leapDay(world: World): Promise<void> {
  const { date } = world.names
  const id = await world.create('Leapling', { [date]: '2024-02-29' })
  await world.create('Other', { [date]: '2024-03-01' })
  assert.equal((await readOne(world, id))!.values[date], '2024-02-29')
  if (world.connector.manifest.abilities.filter !== true) return
  world.scope = { ...world.scope, filter: { field: date, is: 'eq', value: '2024-02-29' } }
  assert.deepEqual(idsOf(await walk(world, query)), [id])
  assert.deepEqual([...(await marks(world, 10)).keys()], [id])
  assert.equal(await world.connector.estimate(world.session, world.scope), 1)
  world.scope = { ...world.scope, filter: { field: date, is: 'eq', value: '2023-02-29' } }
  assert.throws(() => world.connector.firstLink(world.scope, query), { code: 'filter.invalid' })
}

async function privilegeLost(world: World): Promise<void> {
  const lost = walk(world, query, { between: async (page) => void (page === 2 && (await world.denyReading())) })
  await assert.rejects(lost, (error) => {
    assert.ok(isHubError(error, 'crm.privilege_missing'), String(error))
    assert.match(error.message, new RegExp(world.scope.table.name))
    assert.ok(error.detail.mend)
    return true
  })
  const steps: CheckStep[] = []
  for await (const step of world.connector.checkTables(world.session, [world.scope.table.name])) steps.push(step)
  assert.deepEqual(
    steps.map(({ check, ok }) => [check, ok]),
    [['table', false]],
  )
  assert.ok(steps[0]!.mend)
}

async function columnRemoved(world: World): Promise<void> {
  const { date } = world.names
  const isTracked = world.connector.manifest.abilities.changeTracking === true
  const delta = isTracked ? (await walk(world, { kind: 'tracked' })).delta : null
  const between = async (page: number) => void (page === 2 && (await world.dropColumn(date)))
  const named = (error: unknown) => isHubError(error, 'field.unknown') && error.detail.field === date
  const met = await walk(world, query, { between }).catch((error: unknown) => error)
  if (!(met instanceof Error)) {
    // An API that is asked for no columns just shows its rows without one: they are read on.
    const { rows: read } = met as Walked
    assert.deepEqual(idsOf({ rows: read }), sorted((await truth(world)).keys()))
    assert.ok(!read.at(-1)!.values[date])
    return
  }
  assert.ok(named(met), met.message)
  // The enumeration asks for no column of the scope, the reading by id for all.
  const [id] = (await marks(world, 100)).keys()
  await assert.rejects(readOne(world, id!), named)
  if (delta !== null)
    await assert.rejects(walk(world, { kind: 'delta', link: delta }), (error) => {
      return named(error) || isHubError(error, 'crm.delta_expired')
    })
  const { fields } = await world.connector.describeTable(world.session, world.scope.table.name)
  assert.ok(fields.length > 0 && !fields.some(({ name }) => name === date))
}

export const rows: Behaviour[] = [
  ofConnector('versions tell later from earlier', async (world) => {
    const id = await world.create('First')
    const one = (await readOne(world, id))!
    await world.change(id, { [world.names.text]: 'Second' })
    const two = (await readOne(world, id))!
    assert.equal(two.values[world.names.text], 'Second')
    // Equal where the CRM counts in seconds: then the order of the readings decides, which the hub's cells try.
    if (one.mark !== null) assert.ok(compareMarks(one.mark, two.mark!) <= 0)
    await world.change(id, { [world.names.text]: 'Third' }, new Date(Date.now() + 5_000))
    const three = (await readOne(world, id))!
    if (two.mark !== null) assert.ok(compareMarks(two.mark, three.mark!) < 0)
  }),
  ofConnector(
    'tracked changes: made, changed, deleted, restored',
    async (world) => {
      const [changed, deleted, restored] = sorted((await truth(world)).keys())
      const first = await walk(world, { kind: 'tracked' }, { pageSize: 7 })
      assert.ok(first.pages.slice(0, -1).every((page) => page.delta === null) && first.delta !== null)
      const made = await world.create('Made Since')
      await world.change(changed!, { [world.names.text]: 'Changed Since' })
      await world.remove(deleted!)
      await world.remove(restored!)
      const gone = await readOne(world, restored!)
      await world.restore(restored!)
      const delta = await walk(world, { kind: 'delta', link: first.delta! }, { pageSize: 2 })
      assert.deepEqual(idsOf(delta), sorted([made, changed!, restored!]))
      assert.deepEqual(delta.deleted, [deleted])
      assert.equal(gone, null)
      const back = (await readOne(world, restored!))!
      const before = first.rows.find((row) => row.sourceId === restored)!
      assert.ok(compareMarks(back.mark!, before.mark!) > 0, 'a restored record is later than it was')
      const next = await walk(world, { kind: 'delta', link: delta.delta! })
      assert.deepEqual([next.rows, next.deleted], [[], []])
    },
    ['changeTracking', 'restore'],
  ),
  ofConnector('privilege lost mid-run', privilegeLost),
  ofConnector('column removed', columnRemoved),
  ofConnector('a row without an id', async (world) => {
    const held = await truth(world)
    await world.createBroken()
    const link = world.connector.firstLink(world.scope, query)
    const page = await world.connector.readPage(world.session, link, query, { lane: 'initial', pageSize: 5000 })
    const results = page.rows.map((raw) => {
      try {
        return world.connector.readRow(world.scope, raw).sourceId
      } catch (error) {
        assert.ok(isHubError(error, 'record.invalid'))
        return null
      }
    })
    assert.equal(results.filter((id) => id === null).length, 1)
    assert.deepEqual(sorted(results.filter((id) => id !== null)), sorted(held.keys()))
  }),
  ofConnector('odd characters', oddCharacters),
  ofConnector('characters that no store can keep', async (world) => {
    const bad = [await world.create('a\0b'), await world.create('half \ud83d pair')]
    const { rows: read } = await world.connector.readByIds(world.session, world.scope, bad, 'person')
    assert.equal(read.length, 2)
    for (const raw of read) {
      const one = () => world.connector.readRow(world.scope, raw)
      assert.throws(one, (error) => isHubError(error, 'record.invalid') && Boolean(error.detail.field))
    }
  }),
  ofConnector('leap day', leapDay),
]
