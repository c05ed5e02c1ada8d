import assert from 'node:assert/strict'
import type { Behaviour } from '../behaviour.ts'
import { ofConnector } from '../behaviour.ts'
import { idsOf, marks, query, sorted, truth, versionOf, walk } from '../reading.ts'

const minute = 60_000

/** A whole second, long enough ago to be behind every late-arrival window and behind no row that was seeded. */
const lately = () => new Date(Math.floor((Date.now() - 30 * minute) / 1000) * 1000)

const changedWhilePaging = (kind: 'query' | 'tracked') =>
  ofConnector(
    `a page changed while paging (${kind})`,
    async (world) => {
      const before = sorted((await truth(world)).keys())
      const [first, second, last] = [before[0]!, before[11]!, before.at(-1)!]
      const between = async (page: number) => {
        if (page !== 1) return
        await world.remove(first)
        await world.remove(last)
        await world.change(second, { [world.names.text]: 'Changed Meanwhile' })
        for (let i = 0; i < 12; i += 1) await world.create(`New Meanwhile ${i}`)
      }
      const walked = await walk(world, { kind }, { pageSize: 10, between })
      const met = new Set(walked.rows.map((row) => row.sourceId))
      for (const id of before) if (id !== first && id !== last) assert.ok(met.has(id), `${id} was lost`)
    },
    kind === 'tracked' ? ['changeTracking'] : [],
  )

export const paging: Behaviour[] = [
  ofConnector('paging past the end', async (world) => {
    const held = await truth(world)
    for (const pageSize of [1, 7, held.size - 1, held.size, held.size + 1, 5000]) {
      const walked = await walk(world, query, { pageSize })
      assert.deepEqual(idsOf(walked), sorted(held.keys()), `page size ${pageSize}`)
      for (const row of walked.rows) assert.equal(versionOf(row), held.get(row.sourceId)!.mark)
      const least = Math.max(1, Math.ceil(held.size / pageSize))
      // Where a CRM does not say that a page is the last one, another is asked for, and is empty.
      assert.ok(walked.pages.length - least <= 1, `${walked.pages.length} pages of ${pageSize}`)
      assert.ok(walked.pages.every((page) => page.bytes > 0))
    }
  }),
  ofConnector('an empty table', async (world) => {
    for (const id of (await truth(world)).keys()) await world.remove(id)
    const kinds =
      world.connector.manifest.abilities.changeTracking === true ? (['query', 'tracked'] as const) : ['query' as const]
    for (const kind of kinds) {
      const walked = await walk(world, { kind })
      assert.deepEqual([walked.rows, walked.pages.length], [[], 1])
    }
    assert.equal((await marks(world, 10)).size, 0)
  }),
  ofConnector('versions are listed for every row', async (world) => {
    await world.createBroken()
    const held = await truth(world)
    const listed = await marks(world, 9)
    assert.deepEqual(sorted(listed.keys()), sorted(held.keys()))
    for (const [id, { mark }] of held) assert.equal(listed.get(id), mark)
  }),
  changedWhilePaging('query'),
  changedWhilePaging('tracked'),
  ofConnector(
    'changes since a time, with ties and while paging',
    async (world) => {
      const base = lately()
      const ids = sorted((await truth(world)).keys()).slice(0, 12)
      for (const [i, id] of ids.entries()) {
        const at = new Date(base.getTime() - (i % 3 === 0 ? 1_000 : 0))
        await world.change(id, { [world.names.note]: `edit ${i}` }, at)
      }
      const since = base
      const expected = ids.filter((_, i) => i % 3 !== 0)
      assert.deepEqual(idsOf(await walk(world, { kind: 'since', since }, { pageSize: 3 })), sorted(expected))

      const moved = expected[0]!
      const between = async (page: number) => {
        if (page === 1) await world.change(moved, { [world.names.note]: 'moved' }, new Date(base.getTime() + minute))
      }
      const walked = await walk(world, { kind: 'since', since }, { pageSize: 3, between })
      assert.deepEqual(sorted(new Set(idsOf(walked))), sorted(expected))
      const met = [walked]
      // A list in another order than that of change shows it in the next pass.
      const moment = new Date(base.getTime() + minute)
      if (walked.rows.at(-1)!.sourceId !== moved) met.push(await walk(world, { kind: 'since', since: moment }))
      const last = met.flatMap(({ rows }) => rows).findLast((row) => row.sourceId === moved)!
      assert.equal(
        versionOf(last),
        (await truth(world)).get(moved)!.mark,
        'the row that moved is met in its last state',
      )
    },
    ['window'],
  ),
  ofConnector('10,001 rows with one timestamp over page edges', async (world) => {
    const at = lately()
    await world.createMany(10_001, at)
    const held = sorted((await truth(world)).keys())
    assert.ok(held.length > 10_001)
    const pageSize = 2_000
    assert.deepEqual(idsOf(await walk(world, query, { pageSize })), held)
    assert.deepEqual(sorted((await marks(world, pageSize)).keys()), held)
    if (world.connector.manifest.abilities.window !== true) return
    const { rows } = await walk(world, { kind: 'since', since: at }, { pageSize })
    assert.equal(new Set(rows.map((row) => row.sourceId)).size, 10_001)
  }),
  ofConnector('reading by id', async (world) => {
    const { manifest } = world.connector
    const ids = sorted((await truth(world)).keys()).slice(0, Math.min(40, manifest.idsPerRead - 1))
    await world.remove(ids[0]!)
    const asked = [...ids.map((id, i) => (i % 2 ? world.ids.otherwise(id) : id)), world.ids.unknown]
    const { rows } = await world.connector.readByIds(world.session, world.scope, asked, 'incremental')
    const read = rows.map((raw) => world.connector.readRow(world.scope, raw).sourceId)
    assert.deepEqual(sorted(read), ids.slice(1))
    const many = Array.from({ length: manifest.idsPerRead + 1 }, () => ids[0]!)
    const tooMany = world.connector.readByIds(world.session, world.scope, many, 'incremental')
    await assert.rejects(tooMany, { code: 'input.invalid' })
    assert.deepEqual((await world.connector.readByIds(world.session, world.scope, [], 'incremental')).rows, [])
  }),
]
