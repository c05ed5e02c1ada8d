import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connectorOf } from '#connectors/registry.ts'
import { openSession } from '../support/crm-session.ts'
import type { TestScope } from '../support/database.ts'

const connector = connectorOf('generic-http')

/** How an API answers a list of ids: each of them hides some, and says nothing of it. */
interface Habits {
  /** Rows on a page, whatever is asked for. */
  cap?: number
  /** Of the ids asked for, so many are looked at. */
  heeds?: number
  /** Of the ids asked for, so many are looked up for each page: pages may be empty in the middle. */
  idsPerPage?: number
  separator?: string
  /** Takes the parameter, and finds nothing by it. */
  finds?: boolean
  /** Leads from each page to another one, without an end. */
  endless?: boolean
}

const numbered = (from: number, count: number) => Array.from({ length: count }, (_, i) => String(from + i))
const there = numbered(1, 60)

/** An API with the records 1 to 60 and whatever paging its query asks for. */
async function apiWith(t: TestScope, habits: Habits): Promise<{ url: string; asked: URLSearchParams[] }> {
  const asked: URLSearchParams[] = []
  const server = createServer((message, response) => {
    const url = new URL(message.url!, `http://${message.headers.host}`)
    asked.push(url.searchParams)
    const { rows, next, total } = answerTo(url.searchParams, habits)
    const after = next === null ? null : new URL(url)
    after?.searchParams.set('from', String(next))
    const body = { rows: rows.map((id) => ({ id, name: `No ${id}` })), next, link: after?.href ?? null, total }
    const headers = after ? { link: `<${after.href}>; rel="next"` } : {}
    response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function answerTo(query: URLSearchParams, habits: Habits): { rows: string[]; next: number | null; total: number } {
  const { cap = 1_000, heeds = 1_000, separator = ',', finds = true } = habits
  const size = Math.min(Number(query.get('limit') ?? 1_000), cap)
  const ids = query.get('ids')?.split(separator).slice(0, heeds)
  const from = Number(query.get('from') ?? query.get('offset') ?? (Number(query.get('page') ?? 1) - 1) * size)
  if (habits.idsPerPage && ids) {
    const looked = from + habits.idsPerPage
    const rows = ids.slice(from, looked).filter((id) => there.includes(id))
    return { rows, next: looked < ids.length ? looked : null, total: ids.length }
  }
  const all = ids ? there.filter((id) => finds && ids.includes(id)) : there
  const rows = all.slice(from, from + size)
  const next = from + size < all.length ? from + size : null
  return { rows, next: habits.endless && ids ? from + 1 : next, total: all.length }
}

const pagings: Record<string, object> = {
  none: { kind: 'none' },
  page: { kind: 'page', parameter: 'page', sizeParameter: 'limit' },
  'page without a size': { kind: 'page', parameter: 'page' },
  offset: { kind: 'offset', parameter: 'offset', sizeParameter: 'limit' },
  cursor: { kind: 'cursor', parameter: 'from', cursor: 'next', sizeParameter: 'limit' },
  next_link: { kind: 'next_link', link: 'link' },
  link_header: { kind: 'link_header' },
}

/** Asks for ids as a sweep does; answers those that are not absent. */
async function readers(t: TestScope, habits: Habits, over: object = {}) {
  const { url, asked } = await apiWith(t, habits)
  const table = {
    ...{ entity: 'contact', list: { path: '/people' }, records: 'rows', id: 'id', paging: pagings.none },
    ...{ fields: [{ path: 'name', type: 'text' }], item: { parameter: 'ids' }, ...over },
  }
  const definition = { name: 'A', authentication: { kind: 'bearer' }, tables: [table] }
  const own = connector.readSettings!(url, { definition })
  const session = Object.assign(openSession(connector, url, { settings: own.authentication, secret: 'the-secret' }), {
    settings: own.settings,
  })
  t.after(() => session.door.close())
  const source = await connector.describeTable(session, 'contact')
  const scope = { table: source, columns: source.fields.map(({ name }) => name), filter: null }
  return {
    asked,
    present: async (ids: readonly string[]) => {
      const { rows } = await connector.readByIds(session, scope, ids, 'incremental')
      return rows.map((raw) => connector.readRow(scope, raw).sourceId).sort((a, b) => Number(a) - Number(b))
    },
    check: async () => {
      const steps = []
      for await (const step of connector.checkTables(session, ['contact'])) steps.push(step)
      return steps
    },
  }
}

/** Forty-eight that are there, and three that are gone: at the beginning, in the middle and at the end. */
const wanted = ['901', ...there.slice(0, 20), '902', ...there.slice(20, 48), '903']

for (const [name, paging] of Object.entries(pagings)) {
  test(`an API that caps the answer to ids buries nobody, paging by ${name}`, async (t) => {
    for (const cap of [1, 20, 25]) {
      const { present } = await readers(t, { cap }, { paging })
      assert.deepEqual(await present(wanted), there.slice(0, 48), `${cap} on a page`)
      assert.deepEqual(await present(there.slice(0, cap)), there.slice(0, cap), 'a page’s worth')
      assert.deepEqual(await present(numbered(901, 60)), [], 'all are gone')
    }
  })
}

test('an API that looks up a part of the ids on each page, perhaps an empty one, is followed or asked for fewer', async (t) => {
  const ids = [...numbered(901, 25), ...there.slice(0, 25)]
  for (const kind of ['none', 'page', 'offset', 'cursor', 'next_link', 'link_header']) {
    const { present } = await readers(t, { idsPerPage: 10 }, { paging: pagings[kind] })
    assert.deepEqual(await present(ids), there.slice(0, 25), kind)
  }
})

test('ids that the API does not look at are not absent: it heeds fewer, or another separator', async (t) => {
  const ids = [...numbered(901, 25), ...there.slice(0, 25)]
  const fewer = await readers(t, { heeds: 20 })
  assert.deepEqual(await fewer.present(ids), there.slice(0, 25))
  const otherwise = await readers(t, { separator: ';' })
  assert.deepEqual(await otherwise.present(ids.slice(20, 30)), there.slice(0, 5))
})

test('an API that finds nothing by ids, not even what its list shows, proves nothing', async (t) => {
  const { present, check } = await readers(t, { finds: false })
  await assert.rejects(present(['901', '1']), { code: 'crm.refused', message: /ids.*list shows/ })
  const [step] = await check()
  assert.equal(step?.ok, false)
  assert.match(step?.message ?? '', /ids.*list shows/)
})

test('pages by ids that stay empty and do not end stop with the reason', async (t) => {
  const { present } = await readers(t, { endless: true }, { paging: pagings.cursor })
  await assert.rejects(present(['901']), { code: 'crm.pages_unsound' })
})

test('what is asked for by ids costs one question where all are there, and two more where one is gone', async (t) => {
  const { asked, present } = await readers(t, {}, { paging: pagings.cursor })
  const count = async (ids: readonly string[]) => {
    asked.length = 0
    await present(ids)
    return asked.length
  }
  assert.equal(await count(there.slice(0, 50)), 1)
  assert.equal(await count(['901', ...there.slice(0, 49)]), 2)
  assert.equal(await count(numbered(901, 50)), 3, 'none is there: the list names one that is')
})
