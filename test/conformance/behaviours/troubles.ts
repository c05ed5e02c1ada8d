import assert from 'node:assert/strict'
import { HubError, isHubError } from '#core/errors.ts'
import type { Trouble } from '../../connectors/world.ts'
import { type Behaviour, ofConnector } from '../behaviour.ts'
import { idsOf, marks, query, sorted, truth, type Walked, walk } from '../reading.ts'

const passing = (name: string, trouble: Trouble, isTold: (error: HubError) => boolean) =>
  ofConnector(name, async (world) => {
    const held = await truth(world)
    await world.strike(trouble, { times: 1, after: 1 })
    assert.deepEqual(idsOf(await walk(world, query, { pageSize: 20 })), sorted(held.keys()))
    await world.strike(trouble, { times: 0 })
    await assert.rejects(walk(world, query, { session: world.hasty }), (error) => {
      assert.ok(error instanceof HubError, String(error))
      return isTold(error)
    })
  })

const isThrottled = (error: HubError) =>
  isHubError(error, 'crm.throttled') && (error.detail.retryAt ?? 0) > Date.now() - 60_000

const noAnswer = (name: string, trouble: Trouble) =>
  ofConnector(name, async (world) => {
    const held = await truth(world)
    await world.strike(trouble, { times: 2, after: 1 })
    assert.deepEqual(idsOf(await walk(world, query, { pageSize: 20 })), sorted(held.keys()))
    await world.strike(trouble, { times: 0 })
    const before = await world.asked()
    await assert.rejects(walk(world, query), { code: 'crm.body_invalid' })
    await assert.rejects(marks(world, 10), { code: 'crm.body_invalid' })
    const ids = sorted(held.keys()).slice(0, 2)
    await assert.rejects(world.connector.readByIds(world.session, world.scope, ids, 'ring'), {
      code: 'crm.body_invalid',
    })
    assert.ok((await world.asked()) - before <= 15, 'within bounds')
  })

export const troubles: Behaviour[] = [
  passing('429 with Retry-After', 'throttled with a hint', isThrottled),
  passing('429 without Retry-After', 'throttled without a hint', isThrottled),
  passing('5xx', 'server error', (error) => isHubError(error, 'crm.unreachable') && error.detail.vendorStatus === 503),
  noAnswer('truncated body', 'truncated body'),
  noAnswer('a web page with status 200', 'web page'),
  noAnswer('an error in a success', 'error in a success'),
  ofConnector('a connection cut within a page', async (world) => {
    await world.strike('cut connection', { times: 1, after: 1 })
    assert.deepEqual(idsOf(await walk(world, query)), sorted((await truth(world)).keys()))
  }),
  ofConnector('a next link to another host', async (world) => {
    await world.strike('foreign next link', { times: 0 })
    const held = sorted((await truth(world)).keys())
    // A connector that makes its own links meets none; one that follows the CRM's has to stop.
    const met = await walk(world, query).catch((error: unknown) => error)
    if (met instanceof Error) assert.ok(isHubError(met, 'crm.foreign_link') && /foreign\.example/.test(met.message))
    else assert.deepEqual(idsOf(met as Walked), held)
    assert.ok(world.session.calls.every(({ url }) => !url.includes('foreign.example')))
  }),
  ofConnector('token expired mid-page', async (world) => {
    await world.strike('token rejected', { times: 1, after: 2 })
    assert.deepEqual(idsOf(await walk(world, query)), sorted((await truth(world)).keys()))
    assert.equal(world.session.renewals, 2)
  }),
  ofConnector('401 that no new token mends', async (world) => {
    await world.strike('token rejected', { times: 0 })
    await assert.rejects(walk(world, query), { code: 'authentication.rejected' })
  }),
  ofConnector(
    'delta expired',
    async (world) => {
      const { delta } = await walk(world, { kind: 'tracked' })
      await world.strike('delta expired', { times: 0 })
      await assert.rejects(walk(world, { kind: 'delta', link: delta! }), { code: 'crm.delta_expired' })
    },
    ['changeTracking'],
  ),
]
