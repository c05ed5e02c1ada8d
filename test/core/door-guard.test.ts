import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import { openDoor, serve } from './server.ts'

const bearer = { authorization: 'Bearer the-token-that-must-not-leave' }
const at = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
const code = (expected: string) => (error: unknown) => {
  assert.ok(error instanceof HubError, String(error))
  assert.equal(error.code, expected, error.message)
  return true
}

test('a redirect to another host is refused, and that host never sees the token', async (t) => {
  const foreign = await serve(t, (_, response) => response.end('caught'))
  const own = await serve(t, (_, response) => response.writeHead(302, { location: `${foreign.url}/steal` }).end())
  const { door } = openDoor(t, [own, foreign])
  const call = door.call(`${own.url}/page`, { headers: bearer, host: own.host, deadlineMs: 60_000, retry: 'safe' })
  await assert.rejects(call, code('crm.foreign_link'))
  assert.equal(own.requests.length, 1)
  assert.equal(foreign.requests.length, 0)
})

test('a next link to another host is refused before anything goes out', async (t) => {
  const foreign = await serve(t, (_, response) => response.end('caught'))
  const { door } = openDoor(t, [foreign])
  for (const host of ['contoso.crm4.dynamics.com', `127.0.0.1:${foreign.port + 1}`, 'evil.example']) {
    const call = door.call(`${foreign.url}/page`, { headers: bearer, host, deadlineMs: 60_000 })
    await assert.rejects(call, code('crm.foreign_link'))
  }
  assert.equal(foreign.requests.length, 0)
})

test('redirects within a host are followed with the token, but not without end, and never for a write', async (t) => {
  const own = await serve(t, (request, response) => {
    if (request.url === '/a') response.writeHead(307, { location: '/b?x=1' }).end()
    else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end()
    else response.end(request.headers.authorization)
  })
  const { door } = openDoor(t, [own])
  const reply = await door.call(`${own.url}/a`, { headers: bearer, host: own.host, deadlineMs: 60_000 })
  assert.equal(reply.text(), bearer.authorization)
  assert.equal(reply.url, `${own.url}/b?x=1`)
  await assert.rejects(door.call(`${own.url}/loop`, { deadlineMs: 60_000 }), code('crm.foreign_link'))
  const write = await door.call(`${own.url}/a`, { method: 'POST', body: 'x', deadlineMs: 60_000 })
  assert.equal(write.status, 307)
})

test('private and reserved addresses are refused however they are written', async (t) => {
  const { door } = openDoor(t, [])
  const hosts = ['127.0.0.1', '0x7f.1', '2130706433', '10.1.2.3', '169.254.169.254', '100.100.100.200', '0.0.0.0']
  hosts.push('[::1]', '[::]', '[::ffff:10.0.0.1]', '[64:ff9b::a00:1]', '[2002:a00:1::]', '[fd00:ec2::254]', '[fe80::1]')
  for (const host of hosts) {
    const refused = door.call(`https://${host}/`, { deadlineMs: 60_000, retry: 'safe' })
    await assert.rejects(refused, code('crm.blocked_address'), host)
  }
})

test('a name is judged by the address that is connected to, so a second answer gains nothing', async (t) => {
  const inside = await serve(t, (_, response) => response.end('inside'))
  // Public when first asked, loopback afterwards: a check apart from the connection would be passed.
  const answers = [at('203.0.114.7'), at('127.0.0.1')]
  const asked: string[] = []
  const resolve = async (name: string) => {
    asked.push(name)
    return answers[Math.min(asked.length, answers.length) - 1] ?? []
  }
  await resolve('rebinding.example')
  const { door } = openDoor(t, [], { resolve })
  const call = door.call(`https://rebinding.example:${inside.port}/`, { deadlineMs: 60_000, retry: 'safe' })
  await assert.rejects(call, code('crm.blocked_address'))
  assert.equal(asked.length, 2)
  assert.equal(inside.requests.length, 0)
})

test('of several addresses only public ones are tried', async (t) => {
  const inside = await serve(t, (_, response) => response.end('inside'))
  const { door } = openDoor(t, [], { resolve: async () => at('127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1') })
  const call = door.call(`https://many.example:${inside.port}/`, { deadlineMs: 60_000 })
  await assert.rejects(call, code('crm.blocked_address'))
  assert.equal(inside.requests.length, 0)
})

test('plain http and private addresses are open to exactly the allowed host and port', async (t) => {
  const allowed = await serve(t, (_, response) => response.end('welcome'))
  const other = await serve(t, (_, response) => response.end('inside'))
  const allowHosts = new Set([`crm.internal:${allowed.port}`])
  const { door } = openDoor(t, [], { allowHosts, resolve: async () => at('127.0.0.1') })
  const reply = await door.call(`http://crm.internal:${allowed.port}/`, { deadlineMs: 60_000 })
  assert.equal(reply.text(), 'welcome')
  const refused = [`http://crm.internal:${other.port}/`, `https://crm.internal:${other.port}/`]
  refused.push(`http://127.0.0.1:${allowed.port}/`, `http://crm.internal.example:${allowed.port}/`)
  for (const url of refused)
    await assert.rejects(door.call(url, { deadlineMs: 60_000 }), code('crm.blocked_address'), url)
  assert.equal(other.requests.length, 0)
})

test('what is no web address, or carries a password, is refused without repeating it', async (t) => {
  const { door } = openDoor(t, [])
  for (const url of ['', 'file:///etc/passwd', 'ftp://x/', 'https://', 'https://user:hunter2-hunter2@crm.example/']) {
    await assert.rejects(door.call(url, { deadlineMs: 60_000 }), (error) => {
      assert.ok(!String((error as Error).stack).includes('hunter2'))
      return code('input.invalid')(error)
    })
  }
})

test('an unknown host name and a refused connection are told apart, and neither counts as sent', async (t) => {
  const gone = await serve(t, (_, response) => response.end())
  const nxdomain = () => Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }))
  const { door } = openDoor(t, [], { resolve: nxdomain })
  await assert.rejects(door.call('https://nowhere.example/', { deadlineMs: 60_000, retry: 'safe' }), (error) => {
    assert.equal((error as HubError).detail.sent, false)
    assert.match((error as HubError).detail.mend ?? '', /spelling/)
    return code('crm.dns')(error)
  })
  const unused = new Set([`127.0.0.1:1`, gone.host])
  const { door: other } = openDoor(t, [], { allowHosts: unused })
  await assert.rejects(other.call('http://127.0.0.1:1/', { deadlineMs: 60_000 }), (error) => {
    assert.equal((error as HubError).detail.sent, false)
    return code('crm.unreachable')(error)
  })
})
