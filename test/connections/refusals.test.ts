import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { ConnectInput } from '#connections/connect.ts'
import type { Connections } from '#connections/connections.ts'
import type { CheckStep } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import { createDoor } from '#core/http.ts'
import { listTables } from '#records/table.ts'
import { errorBody, noConsent } from '../../simulators/entra/errors.ts'
import { addFault } from '../../simulators/exchange/faults.ts'
import { makeCertificate } from '../core/certificate.ts'
import type { TestScope } from '../support/database.ts'
import { inputFor, startCrm, startHub, type TestHub } from './hub.ts'

/** Connects in vain: what was said, and that nothing was stored. */
async function refused(hub: TestHub, input: ConnectInput, connections: Connections = hub.connections) {
  const steps: CheckStep[] = []
  const error = await connections
    .connect(input, (step) => void steps.push(step))
    .then(
      () => assert.fail('it was connected'),
      (thrown: unknown) => thrown,
    )
  assert.ok(error instanceof HubError, String(error))
  const failed = steps.filter((step) => !step.ok)
  assert.equal(failed.length, 1, JSON.stringify(steps))
  assert.ok(failed[0]?.mend, `a mend for ${error.message}`)
  const { rows } = await hub.pool.query(
    `select (select count(*) from jackfield.authentication) + (select count(*) from jackfield.connection)
      + (select count(*) from jackfield.synced_table) as stored`,
  )
  assert.equal(rows[0].stored, 0n)
  if (!('id' in input.authentication)) {
    const said = JSON.stringify([steps, error.message, error.detail, hub.lines])
    assert.ok(!said.includes(input.authentication.secret), 'the secret was said')
  }
  return { code: error.code, check: failed[0].check, passed: steps.filter((step) => step.ok).map((step) => step.check) }
}

test('a wrong or expired credential is named exactly, and nothing is stored', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const app = crm.simulator.directory.apps.get(crm.clientId)!
  const wrong = 'f3ae3b63-2f5d-4d9e-8a4f-1a2b3c4d5e6f'
  const network = ['address', 'dns', 'tls']

  assert.deepEqual(await refused(hub, inputFor(crm, { tenant: wrong })), {
    code: 'authentication.tenant_unknown',
    check: 'tenant',
    passed: network,
  })
  assert.deepEqual(await refused(hub, inputFor(crm, { clientId: wrong })), {
    code: 'authentication.client_unknown',
    check: 'client',
    passed: [...network, 'tenant'],
  })
  assert.deepEqual(await refused(hub, inputFor(crm, { secret: 'wrong~secret~wrong~secret' })), {
    code: 'authentication.secret_wrong',
    check: 'secret',
    passed: [...network, 'tenant', 'client'],
  })
  app.secrets[0]!.expiresAt = Date.now() - 1_000
  assert.equal((await refused(hub, inputFor(crm))).code, 'authentication.secret_expired')
  app.secrets[0]!.expiresAt = null
  addFault(crm.simulator.faults, {
    kind: 'body',
    on: 'token',
    status: 400,
    body: errorBody(noConsent(app.clientId, app.name)),
  })
  const consent = await refused(hub, inputFor(crm))
  assert.deepEqual([consent.code, consent.check], ['authentication.consent_missing', 'consent'])
  assert.equal((await hub.connections.connect(inputFor(crm))).state, 'active')
})

test('an application that is no user of the organisation is told so', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  addFault(crm.simulator.faults, { kind: 'not-member', times: 0 })
  const said = await refused(hub, inputFor(crm))
  assert.equal(said.code, 'crm.no_user')
  assert.equal(said.check, 'user')
})

test('an organisation that refuses even fresh tokens is told apart from one without the user', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  addFault(crm.simulator.faults, { kind: 'token-rejected', times: 0, on: 'whoami', after: 1 })
  const said = await refused(hub, inputFor(crm))
  assert.equal(said.code, 'authentication.rejected')
  assert.equal(said.check, 'user')
})

test('a table without its privilege is switched off and noted; without accounts and contacts there is no connection', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const withoutContacts = () =>
    addFault(crm.simulator.faults, {
      kind: 'privilege-lost',
      times: 0,
      on: ['page', 'delta', 'enumerate'],
      match: '/contacts',
    })
  addFault(crm.simulator.faults, {
    kind: 'privilege-lost',
    times: 0,
    on: ['page', 'delta', 'enumerate'],
    match: '/accounts',
    entity: 'account',
  })
  withoutContacts()
  const steps: CheckStep[] = []
  await assert.rejects(
    hub.connections.connect(inputFor(crm), (step) => void steps.push(step)),
    (error: HubError) => error.code === 'crm.privilege_missing' && /prvRead(account|contact)/i.test(error.message),
  )
  assert.deepEqual((await hub.connections.list()).length, 0)

  crm.simulator.faults.list = []
  withoutContacts()
  const connection = await hub.connections.connect(inputFor(crm))
  const tables = await listTables(hub.pool, connection.id)
  const contact = tables.find((table) => table.entity === 'contact')!
  assert.equal(contact.enabled, false)
  assert.equal((contact.problem as { code: string }).code, 'crm.privilege_missing')
  assert.equal(tables.find((table) => table.entity === 'account')?.enabled, true)
  await assert.rejects(
    hub.connections.setTable(connection.id, 'contact', { enabled: true }),
    (error: HubError) => error.code === 'crm.privilege_missing',
  )
  crm.simulator.faults.list = []
  const mended = await hub.connections.setTable(connection.id, 'contact', { enabled: true })
  assert.equal(mended.enabled, true)
  assert.equal(mended.problem, null)
})

test('an outage while the tables are checked is not told as a missing privilege', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  addFault(crm.simulator.faults, { kind: '503', times: 0, on: ['page', 'delta', 'enumerate'] })
  const said = await refused(hub, inputFor(crm))
  assert.deepEqual([said.code, said.check], ['crm.unreachable', 'table'])
})

test('an address that is no organisation of Dynamics is named, with good credentials and without', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const page = await website(t, hub, (_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Welcome</title>')
  })
  crm.simulator.directory.resources.add(page)
  const nowhere = await website(t, hub, (_request, response) => {
    response.statusCode = 404
    response.end('{}')
  })
  for (const url of [page, nowhere]) {
    const withTenant = await refused(hub, inputFor(crm, { url }))
    assert.equal(withTenant.code, 'connection.not_the_crm')
    assert.equal(withTenant.check, 'address')
    const without = await refused(hub, inputFor(crm, { url, tenant: '' }))
    assert.equal(without.code, 'connection.not_the_crm')
  }
  for (const url of ['', 'hello world', 'ftp://contoso.crm4.dynamics.com']) {
    const garbled = await refused(hub, inputFor(crm, { url }))
    assert.equal(garbled.code, 'input.invalid')
    assert.equal(garbled.check, 'address')
  }
})

test('name, certificate, reach and private addresses are told apart', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const certificate = makeCertificate({ name: 'localhost', hosts: ['localhost'] })
  const server = createTlsServer(
    { key: certificate.key, cert: certificate.cert },
    (_request, response) => void response.end(),
  )
  const port = await listening(t, server)
  hub.allowHosts.add(`localhost:${port}`)
  const tls = await refused(hub, inputFor(crm, { url: `https://localhost:${port}` }))
  assert.deepEqual([tls.code, tls.check, tls.passed], ['crm.tls', 'tls', ['address', 'dns']])

  const resolve = async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
  }
  const door = createDoor({ allowHosts: hub.allowHosts, resolve })
  t.after(() => door.close())
  const dns = await refused(
    hub,
    inputFor(crm, { url: 'https://no-such-organisation.crm4.dynamics.com' }),
    hub.process({ door }),
  )
  assert.deepEqual([dns.code, dns.check, dns.passed], ['crm.dns', 'dns', ['address']])

  const blocked = await refused(hub, inputFor(crm, { url: 'https://127.0.0.1:9' }))
  assert.deepEqual([blocked.code, blocked.check], ['crm.blocked_address', 'address'])

  const gone = createServer()
  const goneAt = await listening(t, gone)
  await new Promise((done) => gone.close(done))
  hub.allowHosts.add(`127.0.0.1:${goneAt}`)
  const silent = await refused(hub, inputFor(crm, { url: `http://127.0.0.1:${goneAt}` }))
  assert.deepEqual([silent.code, silent.check], ['crm.unreachable', 'address'])
  const authority = await refused(hub, inputFor(crm, { authority: `http://127.0.0.1:${goneAt}` }))
  assert.deepEqual([authority.code, authority.check], ['crm.unreachable', 'tenant'])
})

async function website(t: TestScope, hub: TestHub, listener: RequestListener): Promise<string> {
  const port = await listening(t, createServer(listener))
  hub.allowHosts.add(`127.0.0.1:${port}`)
  return `http://127.0.0.1:${port}`
}

async function listening(t: TestScope, server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return (server.address() as AddressInfo).port
}
