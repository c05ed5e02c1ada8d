import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { until } from './ask.ts'
import { type SalesforceWorld, startSalesforceWorld } from './salesforce-world.ts'
import { zip } from './zip.ts'

type Heard = { headers: Record<string, unknown>; body: string }
let world: SalesforceWorld
let listener: Server
let url: string
const heard: Heard[] = []
let acknowledge = true

const ACK = (ack: boolean) =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>${ack}</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>`

before(async () => {
  world = await startSalesforceWorld({ records: 60, seed: 4 })
  listener = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      heard.push({ headers: request.headers, body })
      response.end(ACK(acknowledge))
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
})
after(async () => {
  await world.running.close()
  listener.close()
  listener.closeAllConnections()
})
beforeEach(() => {
  heard.length = 0
})

const META = (type: string) =>
  `<${type} xmlns="http://soap.sforce.com/2006/04/metadata"><apiVersion>64.0</apiVersion><status>Active</status></${type}>`
const TRIGGER = (
  integrationUser: string,
) => `trigger HubContact on Contact (after insert, after update, after delete, after undelete) {
  // Its own changes need not be told.
  if (UserInfo.getUserId() == '${integrationUser}') return;
  List<SObject> rows = Trigger.isDelete ? (List<SObject>) Trigger.old : (List<SObject>) Trigger.new;
  if (Limits.getQueueableJobs() >= Limits.getLimitQueueableJobs()) return;
  System.enqueueJob(new HubNotify('Contact', String.valueOf(Trigger.operationType), new List<Id>(new Map<Id, SObject>(rows).keySet())));
}`
const CLASS = () => `public without sharing class HubNotify implements Queueable, Database.AllowsCallouts {
  private static final String KEY = 'it\\'s a secret';
  private final String obj; String op; List<Id> ids;
  public HubNotify(String o, String p, List<Id> i) { obj = o; this.op = p; ids = i; }
  public void execute(QueueableContext context) {
    String body = JSON.serialize(new Map<String, Object>{ 'object' => obj, 'op' => op, 'ids' => ids });
    HttpRequest request = new HttpRequest();
    request.setEndpoint('${url}/push');
    request.setMethod('POST');
    request.setHeader('X-Hub-Signature', 'sha256=' + EncodingUtil.convertToHex(Crypto.generateMac('HmacSHA256', Blob.valueOf(body), Blob.valueOf(KEY))));
    request.setBody(body);
    try { HttpResponse answer = new Http().send(request); } catch (CalloutException e) { System.debug(e.getMessage()); }
  }
}`
const TEST =
  '@IsTest private class HubNotifyTest { private class Mock implements HttpCalloutMock { public HttpResponse respond(HttpRequest q) { return new HttpResponse(); } } @IsTest static void sends() { Test.setMock(HttpCalloutMock.class, new Mock()); } }'

/** The package; `files` replaces or (null) takes away. */
function packed(files: Record<string, string | null> = {}): Buffer {
  const manifest = `<?xml version="1.0" encoding="UTF-8"?><Package xmlns="http://soap.sforce.com/2006/04/metadata"><types><members>HubNotify</members><members>HubNotifyTest</members><name>ApexClass</name></types><types><members>HubContact</members><name>ApexTrigger</name></types><types><members>CrmHub</members><name>RemoteSiteSetting</name></types><types><members>Contact.Hub_Key__c</members><name>CustomField</name></types><version>64.0</version></Package>`
  const all: Record<string, string | null> = {
    'package.xml': manifest,
    'classes/HubNotify.cls': CLASS(),
    'classes/HubNotify.cls-meta.xml': META('ApexClass'),
    'classes/HubNotifyTest.cls': TEST,
    'classes/HubNotifyTest.cls-meta.xml': META('ApexClass'),
    'triggers/HubContact.trigger': TRIGGER(world.running.simulator.org.integrationUser),
    'triggers/HubContact.trigger-meta.xml': META('ApexTrigger'),
    'remoteSiteSettings/CrmHub.remoteSite': `<RemoteSiteSetting xmlns="http://soap.sforce.com/2006/04/metadata"><disableProtocolSecurity>false</disableProtocolSecurity><isActive>true</isActive><url>${url}</url></RemoteSiteSetting>`,
    'objects/Contact.object':
      '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><fields><fullName>Hub_Key__c</fullName><externalId>true</externalId><label>Hub key</label><length>40</length><type>Text</type><unique>true</unique></fields></CustomObject>',
    ...files,
  }
  return zip(Object.entries(all).flatMap(([path, text]) => (text === null ? [] : [[path, text] as [string, string]])))
}

type Result = {
  status: string
  done: boolean
  success: boolean
  numberComponentsTotal: number
  numberComponentsDeployed: number
  details: {
    componentFailures: { fullName: string; problem: string; lineNumber: number }[]
    runTestResult: { numTestsRun: number; failures: unknown[]; codeCoverageWarnings: unknown[] } | null
  }
}

async function deploy(
  file: Buffer,
  options: object = {
    singlePackage: true,
    rollbackOnError: true,
    testLevel: 'RunSpecifiedTests',
    runTests: ['HubNotifyTest'],
  },
): Promise<{ last: Result; statuses: string[] }> {
  const started = (await world.conn.metadata.deployRest(file, options).check()) as unknown as {
    id?: string
    deployResult?: { id: string }
  }
  const id = started.id ?? started.deployResult!.id
  const statuses: string[] = []
  let last: Result | null = null
  await until('the deployment', async () => {
    const { json } = await world.ask(`metadata/deployRequest/${id}?includeDetails=true`)
    last = json.deployResult as Result
    if (statuses.at(-1) !== last.status) statuses.push(last.status)
    return last.done
  })
  return { last: last!, statuses }
}

test('a package that does not compile is refused with file and line, and nothing of it is installed', async () => {
  const { last } = await deploy(
    packed({ 'classes/HubNotify.cls': 'public class HubNotify {\n  void run() { String s = (1;\n}\n' }),
  )
  assert.deepEqual([last.status, last.success], ['Failed', false])
  assert.deepEqual(
    last.details.componentFailures.map((f) => f.fullName),
    ['HubNotify'],
  )
  const missing = await deploy(packed({ 'triggers/HubContact.trigger': null }))
  assert.match(missing.last.details.componentFailures[0]!.problem, /was not found in zipped directory/)
  assert.deepEqual((await world.control('GET', '/installed')).components, [])
})

test('failing tests and missing coverage stop a deployment', async () => {
  await world.control('POST', '/faults', { kind: 'test-failed', match: 'POST' })
  const { last } = await deploy(packed())
  assert.deepEqual([last.status, last.details.runTestResult!.failures.length], ['Failed', 1])
  await world.control('POST', '/faults', { kind: 'coverage', match: 'POST' })
  assert.equal((await deploy(packed())).last.details.runTestResult!.codeCoverageWarnings.length, 1)
})

test('a deployed trigger tells changes of others, signed, and its field is there', async () => {
  // Its five components take a quarter of this each: long beside the pauses between two looks, also where all is slow.
  await world.control('POST', '/settings', { deployStateMs: 1_600 })
  const { last, statuses } = await deploy(packed())
  await world.control('POST', '/settings', { deployStateMs: 20 })
  assert.deepEqual([last.status, last.numberComponentsDeployed, last.numberComponentsTotal], ['Succeeded', 5, 5])
  assert.deepEqual(statuses, ['Pending', 'InProgress', 'Succeeded'])
  const { fields } = await world.conn.describe('Contact')
  assert.equal(fields.find((f) => f.name === 'Hub_Key__c')?.externalId, true)
  const made = await world.records(
    [1, 2, 3].map((n) => ({ entity: 'Contact', operation: 'create', fields: { LastName: `Pushed ${n}` } })),
  )
  await until('the push', () => heard.length === 1)
  const [{ headers, body }] = heard as [Heard]
  assert.deepEqual(JSON.parse(body), { object: 'Contact', op: 'AFTER_INSERT', ids: made.map((m) => m.id) })
  assert.equal(headers['x-hub-signature'], `sha256=${createHmac('sha256', "it's a secret").update(body).digest('hex')}`)
  await world.conn.sobject('Contact').update({ Id: made[0]!.id, LastName: 'By the hub' })
  await world.records({ entity: 'Contact', operation: 'delete', id: made[1]!.id })
  await until('the delete', () => heard.length === 2)
  assert.equal((JSON.parse(heard[1]!.body) as { op: string }).op, 'AFTER_DELETE')
  assert.deepEqual((await world.control('GET', '/webhooks')).failures, [])
})

test('pushes come doubled or never where a fault says so', async () => {
  await world.control('POST', '/faults', [{ kind: 'webhook-double' }, { kind: 'webhook-drop' }])
  const create = () => world.records({ entity: 'Contact', operation: 'create', fields: { LastName: 'Again' } })
  await create()
  await until('two pushes', () => heard.length === 2)
  await create()
  await create()
  await until('the third', () => heard.length === 3)
})

test('outbound messages are sent until they are acknowledged, and not for deletions', async () => {
  await world.control('POST', '/outbound', { object: 'Account', url: `${url}/outbound`, fields: ['Id', 'Name'] })
  acknowledge = false
  const [made] = await world.records({ entity: 'Account', operation: 'create', fields: { Name: 'A & B' } })
  await until('a repetition', () => heard.length >= 2)
  acknowledge = true
  const ids = heard.map((h) => /<Notification><Id>(\w+)</.exec(h.body)?.[1])
  assert.equal(new Set(ids).size, 1)
  assert.match(heard[0]!.body, new RegExp(`<sf:Id>${made!.id}</sf:Id><sf:Name>A &amp; B</sf:Name>`))
})

test('the SOAP door deploys too', async () => {
  const result = (await world.conn.metadata.deploy(packed(), { singlePackage: true }).complete(true)) as {
    success: boolean
  }
  assert.equal(result.success, true)
})

test('fields are made one by one, by the Tooling API and by the Metadata API', async () => {
  const Metadata = { type: 'Text', length: 40, label: 'Tooled', externalId: true, unique: true }
  const tooled = await world.ask('tooling/sobjects/CustomField', {
    method: 'POST',
    body: { FullName: 'Lead.Tooled__c', Metadata },
  })
  assert.equal(tooled.status, 201)
  const made = await world.conn.metadata.upsert('CustomField', {
    fullName: 'Lead.Made__c',
    type: 'Checkbox',
    label: 'Made',
    defaultValue: 'false',
  })
  assert.deepEqual([made.success, made.created], [true, true])
  const { fields } = await world.conn.describe('Lead')
  const type = (name: string) => fields.find((f) => f.name === name)?.type
  assert.deepEqual([type('Tooled__c'), type('Made__c')], ['string', 'boolean'])
})
