import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connectorOf } from '#connectors/registry.ts'
import { openSession } from '../support/crm-session.ts'

const connector = connectorOf('generic-http')
const [first, second, third] = ['1', '2', '3'] as const
const ids = [first, second, third]

interface Shape {
  /** How the credentials have to travel. */
  header: [name: string, value: string]
  size: [parameter: string, value: string]
  cursor: string
  row(id: string): object
  /** A page of the list, and where the next one is. */
  page(rows: object[], next: string | null): object
  /** Null: there is no such path. */
  item(url: URL): string[] | null
}

const at = '2026-01-02T03:04:05Z'

/** What each vendor’s reference says that its API answers. */
const shapes: Record<string, Shape> = {
  hubspot: {
    header: ['authorization', 'Bearer the-secret'],
    size: ['limit', '100'],
    cursor: 'after',
    row: (id) => ({ id, properties: { firstname: 'Ann', lastname: `No ${id}` }, updatedAt: at, archived: false }),
    page: (results, after) => ({ results, ...(after === null ? {} : { paging: { next: { after, link: 'x' } } }) }),
    item: (url) => one(url, /^\/crm\/v3\/objects\/contacts\/(\d+)$/, url.searchParams.get('properties')),
  },
  intercom: {
    header: ['intercom-version', '2.11'],
    size: ['per_page', '150'],
    cursor: 'starting_after',
    row: (id) => ({ type: 'contact', id, name: `Ann No ${id}`, updated_at: Date.parse(at) / 1000 }),
    page: (data, next) => ({
      ...{ type: 'list', data, total_count: ids.length },
      pages: { type: 'pages', ...(next === null ? {} : { next: { page: 2, starting_after: next } }) },
    }),
    item: (url) => one(url, /^\/contacts\/(\d+)$/),
  },
  pipedrive: {
    header: ['x-api-token', 'the-secret'],
    size: ['limit', '500'],
    cursor: 'cursor',
    row: (id) => ({ id: Number(id), name: `Ann No ${id}`, update_time: at, is_deleted: false }),
    page: (data, next) => ({ success: true, data, additional_data: { next_cursor: next } }),
    item: (url) => url.searchParams.get('ids')?.split(',') ?? null,
  },
}

function one(url: URL, form: RegExp, alsoNeeded: string | null = ''): string[] | null {
  const id = form.exec(url.pathname)?.[1]
  return id === undefined || alsoNeeded === null ? null : [id]
}

function answer(shape: Shape, message: IncomingMessage): { status: number; body: object } {
  const url = new URL(message.url!, 'http://vendor')
  const [name, value] = shape.header
  if (message.headers[name] !== value) return { status: 401, body: {} }
  const asked = shape.item(url)
  if (asked !== null) {
    const found = asked.filter((id) => (ids as string[]).includes(id)).map(shape.row)
    if (url.searchParams.has('ids')) return { status: 200, body: shape.page(found, null) }
    return found.length > 0 ? { status: 200, body: found[0]! } : { status: 404, body: {} }
  }
  if (url.searchParams.get(shape.size[0]) !== shape.size[1]) return { status: 400, body: {} }
  const isSecond = url.searchParams.get(shape.cursor) === 'behind-two'
  return {
    status: 200,
    body: isSecond ? shape.page([shape.row(third)], null) : shape.page([first, second].map(shape.row), 'behind-two'),
  }
}

for (const { id, definition } of connector.presets!()) {
  test(`the preset of ${definition.name} reads pages to the last, and records by id, as its vendor answers`, async (t) => {
    const shape = shapes[id]
    assert.ok(shape, 'what the vendor answers is known')
    const server = createServer((message, response) => {
      const { status, body } = answer(shape, message)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => new Promise((resolve) => server.close(resolve)))
    const base = new URL(String(definition.baseUrl)).pathname.replace(/\/$/, '')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`
    const own = connector.readSettings!(url, { definition })
    const authentication = { settings: own.authentication, secret: 'the-secret' }
    const session = Object.assign(openSession(connector, connector.normaliseUrl(url), authentication), {
      settings: own.settings,
    })
    t.after(() => session.door.close())

    const table = await connector.describeTable(session, 'contact')
    const scope = { table, columns: table.fields.map(({ name }) => name), filter: null }
    const walk = { kind: 'query' } as const
    const met: string[] = []
    for (let link: string | null = connector.firstLink(scope, walk); link !== null; ) {
      const page = await connector.readPage(session, link, walk, { lane: 'initial', pageSize: 5_000 })
      met.push(...page.rows.map((raw) => connector.readRow(scope, raw).sourceId))
      link = page.next
    }
    assert.deepEqual(met, ids)
    const found = await connector.readByIds(session, scope, [second, '999'], 'person')
    assert.deepEqual(
      found.rows.map((raw) => connector.readRow(scope, raw).sourceId),
      [second],
    )
  })
}
