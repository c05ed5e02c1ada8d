import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmSession } from '#connectors/call.ts'
import { connectorOf } from '#connectors/registry.ts'
import { installer } from '#connectors/salesforce/installer.ts'
import { until } from '../simulators/ask.ts'
import { startSalesforceWorld } from '../simulators/salesforce-world.ts'
import { salesforceHub } from './salesforce-hub.ts'
import { sessionOf } from './salesforce-session.ts'

const salesforce = connectorOf('salesforce')
const connectionId = '1a2b3c4d-0000-4000-8000-000000000000'

/** The session with this version set, and what it asked for. */
function watched(session: CrmSession, apiVersion: string): { session: CrmSession; paths: string[] } {
  const paths: string[] = []
  const call: CrmSession['call'] = (path, options) => {
    paths.push(path)
    return session.call(path, options)
  }
  return { session: { ...session, settings: { ...session.settings, apiVersion }, call }, paths }
}

test('The version that is set is the one that is asked for: rows, stream, packages, tests and refused streams', async (t) => {
  const world = await startSalesforceWorld({ records: 10, others: 0, seed: 8, settings: { connectTimeoutMs: 1_000 } })
  t.after(() => world.running.close())
  const { session, paths } = watched(sessionOf(world), '63.0')
  await salesforce.identify(session)
  for await (const _ of salesforce.checkTables(session, ['contact'])) assert.ok(paths.length > 0)
  const target = {
    ...{ connectionId, url: 'https://hub.example/hooks/crm/1', secret: Buffer.alloc(32, 5).toString('base64url') },
    ...{ hubUser: String(session.settings.userId), tables: ['Contact'] },
  }
  for await (const _ of installer.install(session, target, { checkOnly: true })) assert.ok(paths.length > 0)
  await installer.ping(session, connectionId, 'feedfacefeedface')
  const stop = new AbortController()
  let agreed = 0
  const line = salesforce.listen!(session, {
    ...{ replay: null, tables: ['Contact'], signal: stop.signal, onHeard: async () => undefined },
    onListening: async () => {
      agreed += 1
    },
  })
  await until('the line', () => agreed === 1)
  await world.control('POST', '/app', { revoke: true })
  await until('a session under a new token', () => agreed === 2)
  stop.abort()
  await line
  const asked = new Set(paths.map((path) => /^\/services\/data\/v63\.0|^\/cometd\/63\.0$/.exec(path)?.[0] ?? path))
  assert.deepEqual([...asked].toSorted(), ['/cometd/63.0', '/services/data/v63.0'])
  assert.ok(paths.some((path) => path.endsWith('/limits')))
})

test('A version that the organisation does not speak, or an older one than the hub speaks, is refused and changes nothing', async (t) => {
  const hub = await salesforceHub(t)
  const { id } = await hub.connect()
  const set = (apiVersion: string | null) => hub.connections.change(id, { settings: { apiVersion } })
  await assert.rejects(set('99.0'), { code: 'input.invalid', message: /speaks no version 99\.0.*67\.0/ })
  await assert.rejects(set('58.0'), { code: 'input.invalid', message: /58\.0/ })
  await assert.rejects(set('sixty'), { code: 'input.invalid' })
  assert.equal((await hub.connections.find(id)).settings.apiVersion, undefined)
  assert.equal((await set('v64')).settings.apiVersion, '64.0')
  await hub.connections.check(id)
  assert.equal((await set(null)).settings.apiVersion, undefined)
})
