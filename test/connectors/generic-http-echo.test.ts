import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { serveHub, until } from '../server/served-hub.ts'
import type { TestScope } from '../support/database.ts'

const secret = 'a+key/that must&stay=here'
const rows = Array.from({ length: 7 }, (_, i) => ({ id: i + 1, name: `No ${i + 1}`, email: `no${i + 1}@example.com` }))

/** Puts the whole query that it was asked by, the key as well, into what leads to the next page. */
async function echoing(t: TestScope): Promise<{ url: string; refused: () => number }> {
  let refused = 0
  const server = createServer((message, response) => {
    const url = new URL(message.url!, `http://${message.headers.host}`)
    const keys = url.searchParams.getAll('Key')
    const isIn = keys.length === 1 && keys[0] === secret
    if (!isIn) refused += 1
    const from = Number(url.searchParams.get('offset') ?? 0)
    url.searchParams.set('offset', String(from + 2))
    const next = from + 2 < rows.length ? url.href : null
    const headers = next ? { link: `<${next}>; rel="next"` } : {}
    const body = isIn ? { next, results: rows.slice(from, from + 2) } : { detail: 'Give the key' }
    response.writeHead(isIn ? 200 : 401, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refused: () => refused }
}

test('a key that an API repeats in its next links stays secret: in the database, in what a trial answers, in the log', async (t) => {
  const api = await echoing(t)
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: new URL(api.url).host } })
  const { pool } = hub.hub
  const spellings = [secret, encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)]
  const holds = (text: string) => spellings.some((one) => text.includes(one))
  const made: Record<string, string>[] = []
  for (const paging of [{ kind: 'next_link', link: 'next' }, { kind: 'link_header' }]) {
    const organisation = paging.kind
    const table = {
      entity: 'contact',
      id: 'id',
      list: { path: '/list', query: { sort: 'id' } },
      records: 'results',
      paging,
    }
    const authentication = { kind: 'api_key_query', parameter: 'Key' }
    const settings = { definition: { name: 'A', organisation, authentication, tables: [table] } }
    const input = { crm: 'generic-http', url: api.url, settings }
    const connected = await hub.ask('/api/v1/connections', {
      json: { ...input, name: organisation, authentication: { settings: {}, secret } },
    })
    assert.equal(connected.status, 201, connected.text)
    made.push({ id: connected.json.id })
    const { json } = await hub.ask('/api/v1/authentications')
    const kept = json.authentications.at(-1).id as string
    for (const given of [{ id: kept }, { settings: {}, secret }]) {
      const met: number[] = []
      for (let link: string | null = null, pages = 0; pages === 0 || link !== null; pages += 1) {
        const { crm, ...asked } = input
        const body = { ...asked, entity: 'contact', authentication: given, ...(link === null ? {} : { link }) }
        const tried = await hub.ask(`/api/v1/connectors/${crm}/try`, { json: body })
        assert.equal(tried.status, 200, tried.text)
        assert.ok(!holds(tried.text), tried.text)
        assert.match(tried.json.request.url, /[?&]Key=\[secret\]/)
        assert.match(tried.json.request.url, /[?&]sort=id/)
        met.push(tried.json.records)
        link = tried.json.next
      }
      assert.deepEqual(met, [2, 2, 2, 1])
    }
  }
  for (const { id } of made) {
    await until('it is copied', async () => {
      const { json } = await hub.ask(`/api/v1/connections/${id}/tables`)
      return json.tables.every((table: { completeness: unknown }) => table.completeness !== null)
    })
  }
  assert.equal((await pool.query('select from jackfield.record')).rowCount, made.length * rows.length)
  assert.ok((await pool.query('select from jackfield.sync_page where next is not null')).rowCount! >= 6)
  const { rows: tables } = await pool.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'jackfield'",
  )
  for (const { name } of tables) {
    const { rows: held } = await pool.query<{ text: string }>(`select t::text as text from jackfield."${name}" t`)
    assert.deepEqual(
      held.filter(({ text }) => holds(text)),
      [],
      name,
    )
  }
  assert.ok(!holds(hub.lines.join('')))
  assert.equal(api.refused(), 2, 'only what looks whether each address answers comes without the key')
})
