import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { HubError } from '#core/errors.ts'
import { openDoor, serve } from './server.ts'

const code = (expected: string) => (error: unknown) => {
  assert.equal((error as HubError).code, expected, String(error))
  return true
}
const generous = { deadlineMs: 60_000 }

test('a compressed answer arrives as it was before', async (t) => {
  const text = JSON.stringify({ name: 'Zoë 数 🎧'.repeat(5000) })
  const server = await serve(t, (request, response) => {
    const plain = Buffer.from(text)
    if (request.url === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(plain))
    else if (request.url === '/br') response.setHeader('content-encoding', 'BR').end(brotliCompressSync(plain))
    else if (request.url === '/both')
      response.setHeader('content-encoding', 'br, gzip').end(gzipSync(brotliCompressSync(plain)))
    else response.end(plain)
  })
  const { door } = openDoor(t, [server])
  for (const path of ['gzip', 'br', 'both', 'plain']) {
    assert.equal((await door.call(`${server.url}/${path}`, generous)).text(), text, path)
  }
})

test('an answer larger than allowed is given up while it streams, announced or not', async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === '/announced') return void response.writeHead(200, { 'content-length': 1 << 30 }).write('x')
    // Endless: the test ends only because the reader hangs up.
    const chunk = Buffer.alloc(65_536, 'x')
    const more = () => {
      while (!response.destroyed && response.write(chunk)) {}
    }
    response.on('drain', more)
    more()
  })
  const { door } = openDoor(t, [server])
  for (const path of ['announced', 'endless']) {
    const call = door.call(`${server.url}/${path}`, { ...generous, maxBytes: 1 << 20, retry: 'safe' })
    await assert.rejects(call, code('crm.body_too_large'))
  }
  assert.equal(server.requests.length, 2)
})

test('a small compressed answer that unpacks to a large one is given up', async (t) => {
  const bombs: Record<string, Buffer> = {
    gzip: gzipSync(Buffer.alloc(64 << 20)),
    br: brotliCompressSync(Buffer.alloc(64 << 20)),
  }
  bombs['gzip, gzip'] = gzipSync(bombs.gzip ?? '')
  const server = await serve(t, (request, response) => {
    const encoding = decodeURIComponent(request.url?.slice(1) ?? '')
    response.setHeader('content-encoding', encoding).end(bombs[encoding])
  })
  const { door } = openDoor(t, [server])
  for (const encoding of Object.keys(bombs)) {
    const before = process.memoryUsage().rss
    const call = door.call(`${server.url}/${encodeURIComponent(encoding)}`, { ...generous, maxBytes: 1 << 20 })
    await assert.rejects(call, code('crm.body_too_large'))
    assert.ok(process.memoryUsage().rss - before < 40 << 20, 'it was not unpacked whole')
  }
})

test('an endless row of empty gzip members counts by its bytes on the wire', async (t) => {
  const empty = Buffer.concat(Array.from({ length: 500 }, () => gzipSync('')))
  const server = await serve(t, (_, response) => {
    response.setHeader('content-encoding', 'gzip')
    const more = () => {
      while (!response.destroyed && response.write(empty)) {}
    }
    response.on('drain', more)
    more()
  })
  const { door } = openDoor(t, [server])
  await assert.rejects(door.call(server.url, { ...generous, maxBytes: 1 << 20 }), code('crm.body_too_large'))
})

test('an answer cut off in any way is an error, and a reading is repeated until it is whole', async (t) => {
  const whole = JSON.stringify({ value: [{ id: 1 }, { id: 2 }] })
  const counts = new Map<string, number>()
  const server = await serve(t, (request, response) => {
    const path = request.url ?? ''
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    if (count > 2) return void response.end(whole)
    const cut = () => setImmediate(() => response.socket?.destroy())
    if (path === '/length') response.writeHead(200, { 'content-length': whole.length }).write(whole.slice(0, 9), cut)
    else if (path === '/chunked') response.writeHead(200).write(whole.slice(0, 9), cut)
    else if (path === '/gzip') response.setHeader('content-encoding', 'gzip').end(gzipSync(whole).subarray(0, 20))
    else if (path === '/garbled') response.setHeader('content-encoding', 'gzip').end('no gzip at all')
    else response.socket?.end('this is no HTTP\r\n\r\n')
  })
  const { door, waits } = openDoor(t, [server])
  const kinds = { length: 'crm.unreachable', chunked: 'crm.unreachable', gzip: 'crm.body_invalid' }
  for (const [path, expected] of Object.entries({
    ...kinds,
    garbled: 'crm.body_invalid',
    nohttp: 'crm.body_invalid',
  })) {
    const url = `${server.url}/${path}`
    await assert.rejects(door.call(url, { ...generous, retry: 'never' }), (error) => {
      assert.equal((error as HubError).detail.sent, true)
      return code(expected)(error)
    })
    const before = waits.length
    assert.deepEqual((await door.call(url, { ...generous, retry: 'safe' })).json(), JSON.parse(whole))
    assert.equal(waits.length, before + 1)
  }
})

test('bytes that are no UTF-8 are an error in an answer, and readable in a refusal', async (t) => {
  const server = await serve(t, (request, response) => {
    response.statusCode = request.url === '/refusal' ? 404 : 200
    response.end(Buffer.concat([Buffer.from('{"name":"Jos'), Buffer.of(0xe9), Buffer.from('"}')]))
  })
  const { door } = openDoor(t, [server])
  const reply = await door.call(server.url, generous)
  assert.throws(() => reply.text(), code('crm.body_invalid'))
  assert.match((await door.call(`${server.url}/refusal`, generous)).text(), /Jos\ufffd/)
})

test('an answer that the caller finds broken is asked for again, within bounds', async (t) => {
  let count = 0
  const server = await serve(t, (request, response) => {
    count++
    response.end(request.url === '/heals' && count > 1 ? '{"ok":true}' : '<html>please sign in</html>')
  })
  const { door, waits } = openDoor(t, [server])
  const options = { ...generous, retry: 'safe' as const, check: (reply: { json(): unknown }) => void reply.json() }
  assert.deepEqual((await door.call(`${server.url}/heals`, options)).json(), { ok: true })
  await assert.rejects(door.call(`${server.url}/stays`, options), code('crm.body_invalid'))
  assert.equal(waits.length, 1 + 4)
})

test('answers without a body are read as empty, whatever their headers announce', async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.method === 'HEAD') response.setHeader('content-encoding', 'gzip').setHeader('content-length', 999)
    response.writeHead(request.method === 'HEAD' ? 200 : 204, { 'odata-entityid': 'accounts(1)' }).end()
  })
  const { door } = openDoor(t, [server])
  for (const method of ['HEAD', 'PATCH']) {
    const reply = await door.call(server.url, { ...generous, method })
    assert.equal(reply.body.length, 0)
    assert.equal(reply.headers['odata-entityid'], 'accounts(1)')
  }
})
