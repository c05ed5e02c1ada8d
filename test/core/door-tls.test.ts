import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { HubError } from '#core/errors.ts'
import type { CertificateOptions, Identity } from './certificate.ts'
import { makeCertificate } from './certificate.ts'
import { openDoor, serve } from './server.ts'

const day = 86_400_000
const generous = { deadlineMs: 60_000 }
const here = async () => [{ address: '127.0.0.1', family: 4 }]

async function tlsServer(t: TestContext, options: Omit<CertificateOptions, 'name'>) {
  return await serve(t, (_, response) => response.end('ok'), makeCertificate({ name: 'server', ...options }))
}

function doorTo(t: TestContext, port: number, authority?: Identity) {
  const allowHosts = new Set([`crm.example:${port}`])
  const options = { allowHosts, resolve: here, ...(authority ? { extraCa: [authority.cert] } : {}) }
  return openDoor(t, [], options)
}

test('a certificate that is not as it should be is named with what is wrong, once, and nothing is sent', async (t) => {
  const authority = makeCertificate({ name: 'Authority' })
  const hosts = ['crm.example']
  const past = { from: new Date(Date.now() - 20 * day), until: new Date(Date.now() - day) }
  const future = { from: new Date(Date.now() + day), until: new Date(Date.now() + 20 * day) }
  const cases: [string, Omit<CertificateOptions, 'name'>, RegExp][] = [
    ['expired', { hosts, issuer: authority, ...past }, /has expired/],
    ['not yet', { hosts, issuer: authority, ...future }, /not valid yet/],
    ['other host', { hosts: ['other.example'], issuer: authority }, /for another host name/],
    ['unknown authority', { hosts, issuer: makeCertificate({ name: 'Stranger' }) }, /unknown authority/],
    ['self-signed', { hosts }, /self-signed/],
  ]
  for (const [name, options, reason] of cases) {
    const server = await tlsServer(t, options)
    const { door, waits } = doorTo(t, server.port, authority)
    await assert.rejects(door.call(`https://crm.example:${server.port}/`, { ...generous, retry: 'safe' }), (error) => {
      const { code, message, detail } = error as HubError
      assert.equal(code, 'crm.tls', `${name}: ${message}`)
      assert.match(message, reason)
      assert.equal(detail.sent, false)
      return true
    })
    assert.deepEqual(waits, [])
    assert.equal(server.requests.length, 0)
  }
})

test('a server without TLS on an https address is said to be so', async (t) => {
  const server = await serve(t, (_, response) => response.end('ok'))
  const { door } = doorTo(t, server.port)
  await assert.rejects(door.call(`https://crm.example:${server.port}/`, generous), (error) => {
    assert.equal((error as HubError).code, 'crm.tls')
    assert.match((error as HubError).message, /does not speak TLS/)
    return true
  })
})

test('an authority of the operator’s own is trusted beside the usual ones', async (t) => {
  const authority = makeCertificate({ name: 'Authority' })
  const server = await tlsServer(t, { hosts: ['crm.example'], issuer: authority })
  const { door } = doorTo(t, server.port, authority)
  assert.equal((await door.call(`https://crm.example:${server.port}/`, generous)).text(), 'ok')
  const { door: strict } = doorTo(t, server.port)
  await assert.rejects(strict.call(`https://crm.example:${server.port}/`, generous))
})

/** A proxy that tunnels every CONNECT to one server on this machine, as the internet would. */
async function proxyTo(t: TestContext, target: number, password?: string) {
  const asked: string[] = []
  const proxy = createServer((_, response) => response.writeHead(405).end())
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    const expected = password && `Basic ${Buffer.from(`hub:${password}`).toString('base64')}`
    if (expected && request.headers['proxy-authorization'] !== expected) {
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    }
    const through = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      through.pipe(socket)
      socket.pipe(through)
    })
    for (const side of [through, socket]) side.on('error', () => [through, socket].forEach((end) => void end.destroy()))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.after(() => proxy.close())
  return { port: (proxy.address() as AddressInfo).port, asked }
}

test('calls go through the proxy, which sees only the host name; excepted and allowed hosts do not', async (t) => {
  const authority = makeCertificate({ name: 'Authority' })
  const server = await tlsServer(t, { hosts: ['crm.example'], issuer: authority })
  const proxy = await proxyTo(t, server.port, 'proxy-password')
  const url = `http://hub:proxy-password@127.0.0.1:${proxy.port}`
  const unknown = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' }))
  const options = { allowHosts: new Set<string>(), extraCa: [authority.cert], resolve: unknown }
  const { door } = openDoor(t, [], { ...options, proxy: { url } })
  assert.equal((await door.call('https://crm.example/page?code=1234', generous)).text(), 'ok')
  assert.deepEqual(proxy.asked, ['crm.example:443'])

  const { door: excepted } = openDoor(t, [], { ...options, proxy: { url, except: 'localhost, .example' } })
  await assert.rejects(excepted.call('https://crm.example/', generous), { code: 'crm.dns' })
  const { door: allowed } = openDoor(t, [], { ...options, allowHosts: new Set(['crm.example:443']), proxy: { url } })
  await assert.rejects(allowed.call('https://crm.example/', generous), { code: 'crm.dns' })
  assert.equal(proxy.asked.length, 1)
})

test('the proxy does not open private addresses, and what it refuses is said without its password', async (t) => {
  const proxy = await proxyTo(t, 9, 'proxy-password')
  const url = `http://hub:wrong-password@127.0.0.1:${proxy.port}`
  const { door } = openDoor(t, [], { proxy: { url }, resolve: async () => [{ address: '10.0.0.7', family: 4 }] })
  for (const target of ['https://10.1.2.3/', 'https://inside.example/']) {
    await assert.rejects(door.call(target, generous), { code: 'crm.blocked_address' })
  }
  assert.equal(proxy.asked.length, 0)
  const publicly = async () => [{ address: '203.0.114.7', family: 4 }]
  const { door: other } = openDoor(t, [], { proxy: { url }, resolve: publicly })
  await assert.rejects(other.call('https://crm.example/', generous), (error) => {
    assert.equal((error as HubError).code, 'crm.unreachable')
    assert.match((error as HubError).message, /407/)
    assert.ok(!JSON.stringify(error).includes('wrong-password'))
    return true
  })
})
