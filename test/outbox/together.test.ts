import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmSession } from '#connectors/call.ts'
import { silentLog } from '#core/log.ts'
import type { OutboxRow } from '#outbox/write.ts'
import { askControl } from '../support/simulator-control.ts'
import { type HubUnderTest, quick, startHub, workerOn } from './hub-under-test.ts'

// A batch is whole when all that are under way have come; only on a machine that stalls this long it is not.
const gatherMs = 2_000

const person = (last: string) => ({ firstname: 'Ada', lastname: last })

const create = (hub: HubUnderTest, last: string, fields = {}) =>
  hub.keep({ operation: 'create', sourceFields: { ...person(last), ...fields } })

const theirs = (hub: HubUnderTest, last: string) =>
  hub.others({ entity: 'contact', operation: 'create', fields: person(last) })

/** How many requests of a kind came, those within a batch not counted. */
const callsOf = (hub: HubUnderTest, kind: string) =>
  hub.crm.simulator.log.recent.filter((request) => request.kind === kind).length

async function bring(
  { pool, until, session: own }: HubUnderTest,
  rows: readonly OutboxRow[],
  session: CrmSession = own,
): Promise<OutboxRow[]> {
  const worker = workerOn({ pool, session, timing: { ...quick, gatherMs }, log: silentLog })
  worker.start()
  try {
    return await Promise.all(rows.map(({ id }) => until(id, 'done', 'failed', 'unknown')))
  } finally {
    await worker.stop()
  }
}

test('writes that wait go in few batches, and each has its own outcome', async (t) => {
  const hub = await startHub(t, { start: false })
  const [changed, stale, removed] = [await theirs(hub, 'One'), await theirs(hub, 'Two'), await theirs(hub, 'Three')]
  await hub.others({ entity: 'contact', operation: 'change', id: stale.id, fields: { jobtitle: 'Theirs' } })
  const made: OutboxRow[] = []
  for (let n = 0; n < 12; n += 1) made.push(await create(hub, `Together ${n}`))
  const nobody = { entity: 'account', id: '00000000-1111-4222-8333-555555555555' }
  const others = [
    await create(hub, 'Refused', { _parentcustomerid_value: nobody }),
    await hub.keep({
      ...{ operation: 'update', sourceId: stale.id, sourceFields: { jobtitle: 'Ours' } },
      expectedMark: [BigInt(stale.version)],
    }),
    await hub.keep({ operation: 'update', sourceId: changed.id, sourceFields: { jobtitle: 'Ours' } }),
    await hub.keep({ operation: 'delete', sourceId: removed.id }),
  ]
  const [refused, conflict, update, removal] = (await bring(hub, [...made, ...others])).slice(made.length)

  assert.deepEqual([refused!.state, refused!.problem?.code], ['failed', 'write.refused'])
  assert.deepEqual([conflict!.state, conflict!.problem?.code], ['failed', 'write.conflict'])
  for (const row of [update, removal]) assert.equal(row!.state, 'done', JSON.stringify(row!.problem))
  for (const { sourceId } of made) assert.equal(hub.written(sourceId).length, 1)
  assert.equal((await hub.held(changed.id))?.jobtitle, 'Ours')
  assert.equal((await hub.held(stale.id))?.jobtitle, 'Theirs')
  assert.equal(await hub.held(removed.id), null)
  const calls = { batches: callsOf(hub, 'batch'), writes: callsOf(hub, 'write'), readings: callsOf(hub, 'byIds') }
  assert.ok(calls.batches <= 5 && calls.writes <= 2 && calls.readings <= 8, JSON.stringify(calls))
})

test('a batch that is cut, struck or refused as a whole leaves each of its writes made once', async (t) => {
  const kinds = [
    { kind: 'drop-before' },
    { kind: 'drop-after' },
    { kind: 'late-commit', ms: 300 },
    { kind: '503' },
    { kind: '500' },
    { kind: '429', retryAfter: '0' },
    { kind: 'cut-body' },
    { kind: 'html', status: 200 },
    { kind: 'token-rejected' },
    { kind: 'body', status: 413, body: '' },
  ]
  const hub = await startHub(t, { start: false })
  for (const fault of kinds) {
    const target = await theirs(hub, `Before ${fault.kind}`)
    await hub.fault({ ...fault, on: 'batch' })
    const rows: OutboxRow[] = []
    for (let n = 0; n < 5; n += 1) rows.push(await create(hub, `${fault.kind} ${n}`))
    rows.push(await hub.keep({ operation: 'update', sourceId: target.id, sourceFields: { jobtitle: 'Ours' } }))
    for (const row of await bring(hub, rows)) {
      assert.equal(row.state, 'done', `${fault.kind}: ${JSON.stringify(row.problem)}`)
      assert.equal(hub.written(row.sourceId).length, 1, fault.kind)
    }
    const { faults } = await askControl<{ faults: unknown[] }>(hub.crm.control, '/faults', undefined, 'GET')
    assert.deepEqual(faults, [], `${fault.kind} has struck`)
  }
})

test('a text that a firewall lets nobody send keeps no other write of its batch from being made', async (t) => {
  const hub = await startHub(t, { start: false })
  const session: CrmSession = {
    ...{ url: hub.session.url, settings: {} },
    async call(path, options) {
      if (!String(options.body).includes('4111 1111')) return hub.session.call(path, options)
      const text = '<html><title>Blocked</title></html>'
      return { status: 403, headers: { 'content-type': 'text/html' }, body: Buffer.from(text), text }
    },
  }
  const rows: OutboxRow[] = []
  for (const last of ['One', '4111 1111', 'Two', 'Three']) rows.push(await create(hub, last))
  const ended = await bring(hub, rows, session)
  assert.deepEqual(
    ended.map(({ state }) => state),
    ['done', 'failed', 'done', 'done'],
  )
  assert.deepEqual(
    rows.map(({ sourceId }) => hub.written(sourceId).length),
    [1, 0, 1, 1],
  )
})

test('readings around writes of different fields, none of them copied, share their calls too', async (t) => {
  const hub = await startHub(t, { start: false })
  const others: Record<string, unknown>[] = [
    { numberofchildren: 2 },
    { nickname: 'Countess' },
    { familystatuscode: 1 },
    { anniversary: '2020-02-29' },
    { donotbulkemail: true },
    { creditonhold: true },
  ]
  const rows: OutboxRow[] = []
  for (const [n, fields] of others.entries()) rows.push(await create(hub, `Fields ${n}`, fields))
  for (const row of await bring(hub, rows)) {
    assert.equal(row.state, 'done', JSON.stringify(row.problem))
    assert.equal(row.result?.differences, undefined)
    const { rows: stored } = await hub.pool.query('select source from jackfield.record where id = $1', [row.recordId])
    const uncopied = others
      .flatMap((fields) => Object.keys(fields))
      .filter((name) => name in JSON.parse(stored[0].source))
    assert.deepEqual(uncopied, [], 'what is not copied is not kept')
  }
  assert.ok(callsOf(hub, 'byIds') <= 4, `${callsOf(hub, 'byIds')} readings`)
})
