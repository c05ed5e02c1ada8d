import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckStep, CrmSession, Page, Walk } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { compareMarks } from '#model/mark.ts'
import type { SourceRow } from '#model/reading.ts'
import type { World } from './world.ts'
import { worlds } from './worlds.ts'

/** Every behaviour that the hub relies on, tried on every connector against its simulated CRM. */
function conforms(name: string, run: (world: World) => Promise<void>): void {
  for (const { crm, start } of worlds) {
    test(`${crm}: ${name}`, async () => {
      const world = await start()
      try {
        await run(world)
      } finally {
        await world.close()
      }
    })
  }
}

const query: Walk = { kind: 'query' }

interface Walked {
  rows: SourceRow[]
  deleted: string[]
  pages: Page[]
  delta: string | null
}

interface WalkOptions {
  pageSize?: number
  session?: CrmSession
  /** Runs after each page, before the next is asked for. */
  between?: (page: number) => Promise<void>
}

async function walk(world: World, kind: Walk, options: WalkOptions = {}): Promise<Walked> {
  const { pageSize = 10, session = world.session, between } = options
  const walked: Walked = { rows: [], deleted: [], pages: [], delta: null }
  for (let link: string | null = world.connector.firstLink(world.scope, kind); link !== null; ) {
    const page: Page = await world.connector.readPage(session, link, kind, { lane: 'initial', pageSize })
    walked.pages.push(page)
    walked.deleted.push(...page.deleted)
    walked.delta = page.delta
    for (const raw of page.rows) walked.rows.push(world.connector.readRow(world.scope, raw))
    await between?.(walked.pages.length)
    link = page.next
  }
  return walked
}

async function marks(world: World, pageSize: number, session: CrmSession = world.session) {
  const found = new Map<string, bigint | undefined>()
  for (let link: string | null = world.connector.firstMarkLink(world.scope); link !== null; ) {
    const options = { lane: 'incremental', pageSize } as const
    const page = await world.connector.readMarks(session, world.scope, link, options)
    for (const { sourceId, mark } of page.entries) found.set(sourceId, mark?.[0])
    link = page.next
  }
  return found
}

async function readOne(world: World, id: string): Promise<SourceRow | null> {
  const { rows } = await world.connector.readByIds(world.session, world.scope, [id], 'incremental')
  assert.ok(rows.length <= 1)
  return rows[0] === undefined ? null : world.connector.readRow(world.scope, rows[0])
}

const sorted = (ids: Iterable<string>) => [...ids].sort()
const idsOf = ({ rows }: Walked) => sorted(rows.map((row) => row.sourceId))

conforms('a walk gives every record once, with its version, whatever the size of a page', async (world) => {
  const truth = await world.truth()
  for (const pageSize of [1, 7, truth.size - 1, truth.size, truth.size + 1, 5000]) {
    const walked = await walk(world, query, { pageSize })
    assert.deepEqual(idsOf(walked), sorted(truth.keys()), `page size ${pageSize}`)
    for (const row of walked.rows) assert.deepEqual(row.mark, [truth.get(row.sourceId)!.version])
    assert.equal(walked.pages.length, Math.max(1, Math.ceil(truth.size / pageSize)))
    assert.ok(walked.pages.every((page) => page.asOf !== null && page.bytes > 0))
  }
})

conforms('an empty table is one page without rows', async (world) => {
  for (const id of (await world.truth()).keys()) await world.remove(id)
  for (const kind of ['query', 'tracked'] as const) {
    const walked = await walk(world, { kind })
    assert.deepEqual([walked.rows, walked.pages.length], [[], 1])
  }
  assert.equal((await marks(world, 10)).size, 0)
})

conforms('versions are listed for every record', async (world) => {
  await world.createBroken()
  const truth = await world.truth()
  const listed = await marks(world, 9)
  assert.deepEqual(sorted(listed.keys()), sorted(truth.keys()))
  for (const [id, { version }] of truth) assert.equal(listed.get(id), version)
})

for (const kind of ['query', 'tracked'] as const) {
  conforms(`a walk (${kind}) loses nothing of what stays while its pages change`, async (world) => {
    const before = sorted((await world.truth()).keys())
    const [first, second, last] = [before[0]!, before[11]!, before.at(-1)!]
    const walked = await walk(
      world,
      { kind },
      {
        pageSize: 10,
        between: async (page) => {
          if (page !== 1) return
          await world.remove(first)
          await world.remove(last)
          await world.change(second, { [world.names.text]: 'Changed Meanwhile' })
          for (let i = 0; i < 12; i += 1) await world.create(`New Meanwhile ${i}`)
        },
      },
    )
    const met = new Set(walked.rows.map((row) => row.sourceId))
    for (const id of before) if (id !== first && id !== last) assert.ok(met.has(id), `${id} was lost`)
  })
}

conforms('a walk since a time meets every change, with ties and with changes between its pages', async (world) => {
  const ids = sorted((await world.truth()).keys()).slice(0, 12)
  const times = ['2030-02-28T23:59:59Z', '2030-03-01T00:00:00Z', '2030-03-01T00:00:00Z']
  for (const [i, id] of ids.entries()) await world.change(id, { [world.names.modified]: times[i % 3] })
  const since = new Date('2030-03-01T00:00:00.500Z')
  const expected = ids.filter((_, i) => i % 3 !== 0)
  assert.deepEqual(idsOf(await walk(world, { kind: 'since', since }, { pageSize: 3 })), sorted(expected))

  const moved = expected[0]!
  const walked = await walk(
    world,
    { kind: 'since', since },
    {
      pageSize: 3,
      between: async (page) => {
        if (page === 1) await world.change(moved, { [world.names.modified]: '2030-03-02T00:00:00Z' })
      },
    },
  )
  assert.deepEqual(sorted(new Set(idsOf(walked))), sorted(expected))
  assert.equal(walked.rows.at(-1)!.sourceId, moved, 'the record that moved is met at the end in its last state')
})

conforms('two edits in one second are told apart by version, in whichever order they are read', async (world) => {
  const id = await world.create('First')
  const one = (await readOne(world, id))!
  await world.change(id, { [world.names.text]: 'Second' })
  const two = (await readOne(world, id))!
  await world.change(id, { [world.names.text]: 'Third' })
  const three = (await readOne(world, id))!
  assert.ok(compareMarks(one.mark!, two.mark!) < 0 && compareMarks(two.mark!, three.mark!) < 0)
  assert.ok(compareMarks(three.mark!, one.mark!) > 0)
  const latest = [two, three, one].reduce((a, b) => (compareMarks(a.mark!, b.mark!) >= 0 ? a : b))
  assert.equal(latest.values[world.names.text], 'Third')
})

conforms('tracked changes list what was made, changed, deleted and restored since', async (world) => {
  const [changed, deleted, restored, untouched] = sorted((await world.truth()).keys())
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
  assert.ok(untouched && next.delta)
})

conforms('reading by id answers what is there, in any letter case, and leaves out what is not', async (world) => {
  const ids = sorted((await world.truth()).keys()).slice(0, 40)
  await world.remove(ids[0]!)
  const asked = [...ids.map((id, i) => (i % 2 ? id.toUpperCase() : id)), 'ffffffff-ffff-4fff-8fff-ffffffffffff']
  const { rows } = await world.connector.readByIds(world.session, world.scope, asked, 'incremental')
  const read = rows.map((raw) => world.connector.readRow(world.scope, raw).sourceId)
  assert.deepEqual(sorted(read), ids.slice(1))
  const many = Array.from({ length: world.connector.manifest.idsPerRead + 1 }, () => ids[0]!)
  await assert.rejects(world.connector.readByIds(world.session, world.scope, many, 'incremental'), {
    code: 'input.invalid',
  })
  assert.deepEqual((await world.connector.readByIds(world.session, world.scope, [], 'incremental')).rows, [])
})

for (const trouble of ['throttled with a hint', 'throttled without a hint', 'server error'] as const) {
  conforms(`${trouble}: waited out when it passes, told with its time when it does not`, async (world) => {
    const truth = await world.truth()
    await world.strike(trouble, { times: 1, after: 1 })
    assert.deepEqual(idsOf(await walk(world, query, { pageSize: 20 })), sorted(truth.keys()))
    await world.strike(trouble, { times: 0 })
    await assert.rejects(walk(world, query, { session: world.hasty }), (error) => {
      assert.ok(error instanceof HubError)
      if (trouble === 'server error') return isHubError(error, 'crm.unreachable') && error.detail.vendorStatus === 503
      return isHubError(error, 'crm.throttled') && (error.detail.retryAt ?? 0) > Date.now() - 60_000
    })
  })
}

for (const trouble of ['truncated body', 'web page', 'error in a success'] as const) {
  conforms(`${trouble}: asked again within bounds, then refused as no answer`, async (world) => {
    const truth = await world.truth()
    await world.strike(trouble, { times: 2, after: 1 })
    assert.deepEqual(idsOf(await walk(world, query, { pageSize: 20 })), sorted(truth.keys()))
    await world.strike(trouble, { times: 0 })
    const before = await world.asked()
    await assert.rejects(walk(world, query), { code: 'crm.body_invalid' })
    await assert.rejects(marks(world, 10), { code: 'crm.body_invalid' })
    await assert.rejects(
      world.connector.readByIds(world.session, world.scope, sorted(truth.keys()).slice(0, 2), 'ring'),
      {
        code: 'crm.body_invalid',
      },
    )
    assert.ok((await world.asked()) - before <= 15, 'within bounds')
  })
}

conforms('a connection that is cut within a page is taken up again', async (world) => {
  await world.strike('cut connection', { times: 1, after: 1 })
  assert.deepEqual(idsOf(await walk(world, query)), sorted((await world.truth()).keys()))
})

conforms('a next link to another host is never followed', async (world) => {
  await world.strike('foreign next link', { times: 0 })
  await assert.rejects(walk(world, query), { code: 'crm.foreign_link', message: /foreign\.example/ })
  assert.ok(world.session.calls.every(({ url }) => !url.includes('foreign.example')))
})

conforms('a token that expires between pages is renewed once and the page read', async (world) => {
  await world.strike('token rejected', { times: 1, after: 2 })
  assert.deepEqual(idsOf(await walk(world, query)), sorted((await world.truth()).keys()))
  assert.equal(world.session.renewals, 2)
})

conforms('a token that stays rejected is an authentication fault', async (world) => {
  await world.strike('token rejected', { times: 0 })
  await assert.rejects(walk(world, query), { code: 'authentication.rejected' })
})

conforms('an expired delta link is told from every other fault', async (world) => {
  const { delta } = await walk(world, { kind: 'tracked' })
  await world.strike('delta expired', { times: 0 })
  await assert.rejects(walk(world, { kind: 'delta', link: delta! }), { code: 'crm.delta_expired' })
})

conforms('a privilege lost within a walk is named with its table', async (world) => {
  const lost = walk(world, query, { between: async (page) => void (page === 2 && (await world.denyReading())) })
  await assert.rejects(lost, (error) => {
    assert.ok(isHubError(error, 'crm.privilege_missing'))
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
})

conforms('a column that is removed within a walk is named, and gone from the description', async (world) => {
  const { date } = world.names
  const tracked = await walk(world, { kind: 'tracked' })
  const between = async (page: number) => void (page === 2 && (await world.dropColumn(date)))
  const named = (error: unknown) => isHubError(error, 'field.unknown') && error.detail.field === date
  await assert.rejects(walk(world, query, { between }), named)
  await assert.rejects(marksAndIds(world), named)
  await assert.rejects(walk(world, { kind: 'delta', link: tracked.delta! }), (error) => {
    return named(error) || isHubError(error, 'crm.delta_expired')
  })
  const { fields } = await world.connector.describeTable(world.session, world.scope.table.name)
  assert.ok(fields.length > 0 && !fields.some(({ name }) => name === date))
})

/** The enumeration asks for no column of the scope, the reading by id for all. */
async function marksAndIds(world: World): Promise<void> {
  const [id] = (await marks(world, 100)).keys()
  await readOne(world, id!)
}

conforms('a row without an id harms no other row of its page', async (world) => {
  const truth = await world.truth()
  await world.createBroken()
  const page = await world.connector.readPage(world.session, world.connector.firstLink(world.scope, query), query, {
    lane: 'initial',
    pageSize: 5000,
  })
  const results = page.rows.map((raw) => {
    try {
      return world.connector.readRow(world.scope, raw).sourceId
    } catch (error) {
      assert.ok(isHubError(error, 'record.invalid'))
      return null
    }
  })
  assert.equal(results.filter((id) => id === null).length, 1)
  assert.deepEqual(sorted(results.filter((id) => id !== null)), sorted(truth.keys()))
})

conforms('odd characters come back as they were kept', async (world) => {
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
  const written = new Map<string, string>()
  for (const text of odd) written.set(await world.create(text), text)
  const walked = await walk(world, { kind: 'tracked' })
  const read = new Map(walked.rows.map((row) => [row.sourceId, row.values[world.names.text]]))
  for (const [id, text] of written) assert.equal(read.get(id), text)
  const byId = await world.connector.readByIds(world.session, world.scope, [...written.keys()], 'person')
  for (const raw of byId.rows) {
    const row = world.connector.readRow(world.scope, raw)
    assert.equal(row.values[world.names.text], written.get(row.sourceId))
  }
})

conforms('what no store can keep is refused by name, the rest of its page not', async (world) => {
  const bad = [await world.create('a\0b'), await world.create('half \ud83d pair')]
  const { rows } = await world.connector.readByIds(world.session, world.scope, bad, 'person')
  assert.equal(rows.length, 2)
  for (const raw of rows) {
    const read = () => world.connector.readRow(world.scope, raw)
    assert.throws(read, (error) => isHubError(error, 'record.invalid') && Boolean(error.detail.field))
  }
})

conforms('a leap day stays one, read and asked for', async (world) => {
  const id = await world.create('Leapling', { [world.names.date]: '2024-02-29' })
  await world.create('Other', { [world.names.date]: '2024-03-01' })
  assert.equal((await readOne(world, id))!.values[world.names.date], '2024-02-29')
  world.scope = { ...world.scope, filter: { field: world.names.date, is: 'eq', value: '2024-02-29' } }
  assert.deepEqual(idsOf(await walk(world, query)), [id])
  assert.deepEqual([...(await marks(world, 10)).keys()], [id])
  assert.equal(await world.connector.estimate(world.session, world.scope), 1)
  world.scope = { ...world.scope, filter: { field: world.names.date, is: 'eq', value: '2023-02-29' } }
  assert.throws(() => world.connector.firstLink(world.scope, query), { code: 'filter.invalid' })
})
