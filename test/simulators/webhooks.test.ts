import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { type Asked, startAsked, until } from './ask.ts'

type Attributes = { key: string; value: unknown }[]
type Context = {
  MessageName: string
  PrimaryEntityId: string
  InputParameters: { key: string; value: { Attributes: Attributes; __type: string; RowVersion: string } }[]
  [name: string]: unknown
}
type Received = { url: string; headers: IncomingHttpHeaders; body: Context }

let asked: Asked
let endpoint: string
const received: Received[] = []
let answers: number[] = []
const listener = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    received.push({ url: request.url!, headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) })
    response.writeHead(answers.shift() ?? 200).end()
  })
})

before(async () => {
  asked = await startAsked({ records: 60, seed: 12 })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`
  const made = await asked.ask('serviceendpoints', {
    method: 'POST',
    body: {
      name: 'Hub',
      url,
      contract: 8,
      authtype: 4,
      authvalue: 's3cret',
      messageformat: 2,
      connectionmode: 1,
      userclaim: 1,
    },
    headers: { prefer: 'return=representation' },
  })
  assert.equal(made.json.authvalue, undefined)
  endpoint = made.json.serviceendpointid as string
  for (const message of ['Create', 'Update', 'Delete'])
    await register(message, message === 'Update' ? 'lastname,mobilephone' : null)
})
after(async () => {
  await asked.running.close()
  listener.closeAllConnections()
  listener.close()
})
beforeEach(async () => {
  await asked.control('DELETE', '/faults')
  received.length = 0
  answers = []
})

async function register(message: string, filteringattributes: string | null): Promise<void> {
  const [sdk] = (await asked.ask(`sdkmessages?$select=name&$filter=name eq '${message}'`)).json.value
  const filter = `primaryobjecttypecode eq 'contact' and _sdkmessageid_value eq ${sdk!.sdkmessageid}`
  const [on] = (await asked.ask(`sdkmessagefilters?$select=sdkmessagefilterid&$filter=${filter}`)).json.value
  const { status } = await asked.ask('sdkmessageprocessingsteps', {
    method: 'POST',
    body: {
      name: `${message} of contact`,
      stage: 40,
      rank: 1,
      mode: 1,
      supporteddeployment: 0,
      asyncautodelete: true,
      filteringattributes,
      'sdkmessageid@odata.bind': `/sdkmessages(${sdk!.sdkmessageid})`,
      'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${on!.sdkmessagefilterid})`,
      'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
    },
  })
  assert.equal(status, 204)
}

const change = (operation: string, id: string, fields?: object) =>
  asked.records({ entity: 'contact', operation, id, ...(fields ? { fields } : {}) })
const arrived = (count: number) => until(`${count} deliveries`, () => received.length >= count)
const id = (n: number) => `cccccccc-0000-4000-8000-${String(n).padStart(12, '0')}`
const target = (r: Received) => r.body.InputParameters.find((p) => p.key === 'Target')!.value
const settled = () => until('quiet', async () => (await asked.control('GET', '/webhooks')).pending === 0)

test('create, update and delete come with the key, the headers and what the message carries', async () => {
  await change('create', id(1), { lastname: 'Hooked', _ownerid_value: asked.running.simulator.org.seedData.users[0] })
  await arrived(1)
  const [edit] = await change('change', id(1), { lastname: 'Hooked again', jobtitle: 'Buyer' })
  await arrived(2)
  await change('delete', id(1))
  await arrived(3)
  const [created, updated, deleted] = received
  assert.equal(created!.url, '/hook?code=s3cret')
  assert.equal(created!.headers['x-ms-dynamics-entity-name'], 'contact')
  assert.deepEqual(
    received.map((r) => r.headers['x-ms-dynamics-request-name']),
    ['Create', 'Update', 'Delete'],
  )
  assert.deepEqual(
    received.map((r) => r.body.PrimaryEntityId),
    [id(1), id(1), id(1)],
  )
  assert.equal(target(created!).__type, 'Entity:http://schemas.microsoft.com/xrm/2011/Contracts')
  const names = target(updated!)
    .Attributes.map((a) => a.key)
    .sort()
  assert.deepEqual(names, ['contactid', 'jobtitle', 'lastname', 'modifiedby', 'modifiedon', 'modifiedonbehalfby'])
  assert.equal(target(updated!).RowVersion, String(edit!.version))
  const owner = target(created!).Attributes.find((a) => a.key === 'ownerid')!.value as { LogicalName: string }
  assert.equal(owner.LogicalName, 'systemuser')
  const modified = target(updated!).Attributes.find((a) => a.key === 'modifiedon')!.value as string
  assert.match(modified, /^\/Date\(\d+000\)\/$/)
  assert.equal(target(deleted!).__type, 'EntityReference:http://schemas.microsoft.com/xrm/2011/Contracts')
  assert.ok(Buffer.byteLength(JSON.stringify(created!.body)) > 4000)
})

test('an update of other columns is not told', async () => {
  await change('create', id(2), { lastname: 'Quiet' })
  await arrived(1)
  await change('change', id(2), { jobtitle: 'Silent' })
  await settled()
  assert.equal(received.length, 1)
})

test('502, 503 and 504 are tried once more, others not; failures are system jobs', async () => {
  answers = [503, 200]
  await change('create', id(3), { lastname: 'Twice' })
  await arrived(2)
  await settled()
  answers = [500]
  await change('create', id(4), { lastname: 'Lost' })
  await settled()
  assert.equal(received.length, 3)
  const jobs = await asked.ask('asyncoperations?$filter=statuscode eq 31')
  assert.equal(jobs.json.value.length, 1)
})

test('a body above 256 KB loses its parameters', async () => {
  await change('create', id(5), { lastname: 'Big', description: 'x'.repeat(300_000) })
  await arrived(1)
  const [big] = received
  assert.equal(big!.headers['x-ms-dynamics-msg-size-exceeded'], 'true')
  assert.deepEqual([big!.body.InputParameters, big!.body.PrimaryEntityId], [undefined, id(5)])
})

test('deliveries are doubled, reordered, delayed and lost', async () => {
  await asked.control('POST', '/faults', { kind: 'webhook-double' })
  await change('create', id(6), { lastname: 'Double' })
  await arrived(2)
  assert.deepEqual(
    received.map((r) => r.body.PrimaryEntityId),
    [id(6), id(6)],
  )
  received.length = 0
  await asked.control('POST', '/faults', { kind: 'webhook-reorder', times: 2, batch: 2, ms: 5_000 })
  await change('create', id(7), { lastname: 'First' })
  await change('change', id(7), { lastname: 'Second' })
  await arrived(2)
  assert.deepEqual(
    received.map((r) => r.body.MessageName),
    ['Update', 'Create'],
  )
  received.length = 0
  await asked.control('POST', '/faults', [{ kind: 'webhook-drop' }, { kind: 'webhook-delay', ms: 300 }])
  await change('create', id(8), { lastname: 'Dropped' })
  const started = performance.now()
  await change('create', id(9), { lastname: 'Delayed' })
  await arrived(1)
  assert.ok(performance.now() - started >= 250)
  assert.deepEqual(
    received.map((r) => r.body.PrimaryEntityId),
    [id(9)],
  )
})

test('only this machine is called', async () => {
  await asked.ask(`serviceendpoints(${endpoint})`, { method: 'PATCH', body: { url: 'http://198.51.100.7/hook' } })
  await change('create', id(10), { lastname: 'Far' })
  await settled()
  assert.equal(received.length, 0)
  const { failures } = (await asked.control('GET', '/webhooks')) as unknown as { failures: { error: string }[] }
  assert.match(failures.at(-1)!.error, /loopback/)
})
