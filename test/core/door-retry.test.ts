import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HubError } from '#core/errors.ts'
import { openDoor, serve } from './server.ts'

const code = (expected: string) => (error: unknown) => {
  assert.equal((error as HubError).code, expected, String(error))
  return true
}
const generous = { deadlineMs: 3_600_000 }

test('a reading is repeated after passing failures, each with a longer ceiling, and not for ever', async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(503).end('busy'))
  const { door, waits } = openDoor(t, [server], { random: () => 0.999 })
  const reply = await door.call(server.url, { ...generous, retry: 'safe' })
  assert.equal(reply.status, 503)
  assert.equal(server.requests.length, 5)
  assert.deepEqual(waits, [249, 499, 999, 1998])
})

test('a write is sent once, whatever happens to it', async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === '/cut') response.socket?.destroy()
    else response.writeHead(Number(request.url?.slice(1))).end()
  })
  const { door } = openDoor(t, [server])
  const write = { ...generous, method: 'POST', body: '{}' }
  for (const status of [408, 429, 500, 502, 503, 504]) {
    assert.equal((await door.call(`${server.url}/${status}`, write)).status, status)
  }
  await assert.rejects(door.call(`${server.url}/cut`, write), (error) => {
    assert.equal((error as HubError).detail.sent, true, 'it may have arrived')
    return code('crm.unreachable')(error)
  })
  assert.equal(server.requests.length, 7)
})

test('what cannot heal is not repeated', async (t) => {
  const server = await serve(t, (request, response) => response.writeHead(Number(request.url?.slice(1))).end())
  const { door, waits } = openDoor(t, [server])
  for (const status of [200, 304, 400, 401, 403, 404, 405, 412, 413, 501]) {
    assert.equal((await door.call(`${server.url}/${status}`, { ...generous, retry: 'safe' })).status, status)
  }
  assert.deepEqual(waits, [])
})

test('Retry-After is kept in seconds, and as a date by the clock of the server that wrote it', async (t) => {
  for (const skewMs of [0, 600_000, -600_000]) {
    const serverNow = Math.floor((Date.now() + skewMs) / 1000) * 1000
    const headers: Record<string, string>[] = [
      { 'retry-after': '17' },
      { 'retry-after': new Date(serverNow + 30_000).toUTCString(), date: new Date(serverNow).toUTCString() },
    ]
    const server = await serve(t, (_, response) =>
      response.writeHead(headers.length > 0 ? 429 : 200, headers.shift()).end(),
    )
    const { door, waits } = openDoor(t, [server])
    const told: number[] = []
    const before = Date.now()
    const onThrottled = (retryAt: number) => void told.push(retryAt - before)
    const reply = await door.call(server.url, { ...generous, retry: 'safe', onThrottled })
    assert.equal(reply.status, 200)
    assert.deepEqual(waits, [17_000, 30_000])
    assert.ok((told[0] ?? 0) >= 17_000 && (told[1] ?? 0) >= 30_000)
    assert.ok((told[1] ?? 0) < 30_000 + 500_000, 'the skew of the clocks is not waited for')
  }
})

test('a wait beyond the deadline is not begun: the caller learns at once when to come back', async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(429, { 'retry-after': '300' }).end('{"error":{}}'))
  const { door, waits } = openDoor(t, [server])
  const before = Date.now()
  const reply = await door.call(server.url, { deadlineMs: 60_000, retry: 'safe' })
  assert.equal(reply.status, 429)
  assert.deepEqual(waits, [])
  assert.ok((reply.retryAt ?? 0) >= before + 300_000)
  assert.deepEqual(reply.json(), { error: {} })
})

test('a server that asks to wait for years is asked again after six hours', async (t) => {
  const server = await serve(t, (_, response) => {
    response.writeHead(429, { 'retry-after': '999999999' }).end()
  })
  const { door } = openDoor(t, [server])
  const before = Date.now()
  const { retryAt = 0 } = await door.call(server.url, { deadlineMs: 60_000, retry: 'safe' })
  assert.ok(retryAt >= before + 21_600_000 && retryAt <= Date.now() + 21_600_000)
})

test('an answer that does not end, or never begins, ends with the attempt and then with the deadline', async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url === '/drip') {
      const drip = setInterval(() => response.write('x'), 5)
      response.on('close', () => clearInterval(drip))
    }
  })
  const { door, waits } = openDoor(t, [server])
  for (const path of ['drip', 'silent']) {
    const before = waits.length
    await assert.rejects(door.call(`${server.url}/${path}`, { deadlineMs: 200, retry: 'safe' }), code('crm.timeout'))
    assert.equal(waits.length, before, 'the deadline leaves no time for a second attempt')
    const attempts = { ...generous, attemptMs: 100, retry: 'safe' as const }
    await assert.rejects(door.call(`${server.url}/${path}`, attempts), code('crm.timeout'))
    assert.equal(waits.length, before + 4)
  }
})

test('a name server that never answers ends with the deadline, and nothing was sent', async (t) => {
  const { door } = openDoor(t, [], { resolve: () => new Promise(() => {}) })
  await assert.rejects(door.call('https://slow.example/', { deadlineMs: 100 }), (error) => {
    assert.equal((error as HubError).detail.sent, false)
    return code('crm.timeout')(error)
  })
})

test('a write whose time ran out before its connection stood is never sent afterwards', async (t) => {
  const server = await serve(t, (_, response) => response.end())
  const found = Promise.withResolvers<{ address: string; family: number }[]>()
  const allowHosts = new Set([`crm.internal:${server.port}`])
  const { door } = openDoor(t, [], { allowHosts, resolve: () => found.promise })
  const url = `http://crm.internal:${server.port}`
  await assert.rejects(door.call(`${url}/late`, { method: 'POST', body: 'x', deadlineMs: 50 }), code('crm.timeout'))
  found.resolve([{ address: '127.0.0.1', family: 4 }])
  // Sixteen more than fill the pool, so the connection of the late one is used too.
  await Promise.all(Array.from({ length: 32 }, () => door.call(`${url}/next`, generous)))
  assert.deepEqual(new Set(server.requests.map((request) => request.url)), new Set(['/next']))
})

test('the quota is asked before every attempt, and its own refusal comes through as it is', async (t) => {
  const server = await serve(t, (_, response) => response.writeHead(server.requests.length < 3 ? 500 : 200).end())
  const { door } = openDoor(t, [server])
  let admitted = 0
  const admit = async () => {
    assert.equal(server.requests.length, admitted)
    admitted++
  }
  await door.call(server.url, { ...generous, retry: 'safe', admit })
  assert.equal(admitted, 3)

  const refusal = new Error('the database is gone')
  const refused = door.call(server.url, { ...generous, retry: 'safe', admit: () => Promise.reject(refusal) })
  await assert.rejects(refused, (error) => error === refusal)
  const never = door.call(server.url, { deadlineMs: 50, admit: () => new Promise(() => {}) })
  await assert.rejects(never, (error) => {
    assert.equal((error as HubError).detail.sent, false)
    return code('crm.timeout')(error)
  })
  assert.equal(server.requests.length, 3)
})

test('the caller’s own signal ends a call with the caller’s own reason', async (t) => {
  const stop = new AbortController()
  const reason = new Error('paused by a person')
  const server = await serve(t, () => stop.abort(reason))
  const { door } = openDoor(t, [server])
  const isReason = (error: unknown) => error === reason
  await assert.rejects(door.call(server.url, { ...generous, retry: 'safe', signal: stop.signal }), isReason)
  await assert.rejects(door.call(server.url, { ...generous, retry: 'safe', signal: stop.signal }), isReason)
  assert.equal(server.requests.length, 1)
})

test('closing the door cuts what is under way without trying again', async (t) => {
  const server = await serve(t, () => void door.close())
  const { door, waits } = openDoor(t, [server])
  await assert.rejects(door.call(server.url, { ...generous, retry: 'safe' }), code('crm.unreachable'))
  assert.deepEqual(waits, [])
})

test('connections are kept and shared: sixteen at once per host, not one per call', async (t) => {
  const sockets = new Set<unknown>()
  const held: (() => void)[] = []
  const server = await serve(t, (request, response) => {
    sockets.add(request.socket)
    held.push(() => response.end('ok'))
    // Let go only when as many as can come at once are here.
    if (held.length === 16) for (const release of held.splice(0)) release()
  })
  const { door } = openDoor(t, [server])
  const replies = await Promise.all(Array.from({ length: 64 }, () => door.call(server.url, generous)))
  assert.ok(replies.every((reply) => reply.status === 200))
  assert.equal(sockets.size, 16)
})
