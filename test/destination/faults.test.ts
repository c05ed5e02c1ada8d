import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { askFigure, moveDestination } from '#destination/store.ts'
import { listTables } from '#records/table.ts'
import { findRun, requestRun } from '#sync/run.ts'
import { until } from '../support/hub.ts'
import { leadBack } from '../support/simulator-control.ts'
import {
  compared,
  control,
  rowsOf,
  synced,
  type TwoOrganisations,
  twoOrganisations,
  written,
} from './two-organisations.ts'

/** Every record of the source stands in the destination, once and as it is now. */
async function assertSame(hub: TwoOrganisations, before: number): Promise<void> {
  const contacts = await rowsOf(hub.from, 'contact')
  const there = await rowsOf(hub.to, 'contact')
  for (const [id, { fields, deleted }] of contacts) {
    if (deleted) continue
    const row = there.get(hub.idOf('contact', id))
    assert.equal(row?.fields.lastname, fields.lastname, `contact ${id}`)
  }
  assert.equal(there.size, before + contacts.size)
  const figure = await compared(hub)
  assert.deepEqual([figure.held, figure.missing, figure.differing, figure.extra], [figure.records, 0, 0, 0])
}

test('whatever becomes of the answers, no row is lost, doubled or left behind', async (t) => {
  const hub = await twoOrganisations(t, { records: 260 })
  const before = (await rowsOf(hub.to, 'contact')).size
  await control(hub.to, '/faults', [
    { kind: 'drop-after', on: 'batch', times: 2 },
    { kind: '429', on: 'batch', retryAfter: 1 },
    { kind: 'late-commit', on: 'batch', ms: 400 },
    { kind: '503', on: 'batch', retryAfter: 1 },
    { kind: 'truncate', on: 'batch' },
    { kind: 'drop-before', on: 'batch' },
  ])
  await hub.name()
  hub.worker()
  await written(hub)
  await assertSame(hub, before)

  // A change whose answer is lost, then another one, while the first may still arrive.
  const contacts = [...(await rowsOf(hub.from, 'contact')).keys()].slice(0, 20)
  for (const [round, kind] of ['late-commit', 'drop-after'].entries()) {
    await control(hub.to, '/faults', [{ kind, on: 'batch', ms: 700 }])
    for (const version of [1, 2]) {
      const fields = { lastname: `Round ${round} version ${version}` }
      await control(
        hub.from,
        '/records',
        contacts.map((id) => ({ entity: 'contact', operation: 'change', id, fields })),
      )
      await synced(hub)
    }
  }
  await sleep(800)
  await written(hub)
  await assertSame(hub, before)
})

test('a record that comes and goes while answers are lost stands there as it is in the end', async (t) => {
  const hub = await twoOrganisations(t, { records: 30 })
  await hub.name()
  hub.worker()
  await written(hub)
  const [id] = [...(await rowsOf(hub.from, 'contact')).keys()]
  const row = async (of: string) => (await rowsOf(hub.to, 'contact')).get(hub.idOf('contact', of))
  const change = async (operation: string, of: string | undefined, fields?: object) => {
    const [made] = await control<{ id: string }[]>(hub.from, '/records', [
      { entity: 'contact', operation, ...(of ? { id: of } : {}), ...(fields ? { fields } : {}) },
    ])
    await synced(hub)
    return made!.id
  }
  /** The next request is carried out, and its answer is lost; then nothing gets through. */
  const silence = (kind: string, ms?: number) =>
    control(hub.to, '/faults', [
      { kind, on: 'batch', ...(ms ? { ms } : {}) },
      { kind: '503', on: ['batch', 'byIds'], times: 0 },
    ])
  /** The request whose answer is lost has come. */
  const isStruck = async (kind: string) => {
    const { faults } = await control<{ faults: { kind: string }[] }>(hub.to, '/faults', undefined, 'GET')
    return faults.every((fault) => fault.kind !== kind)
  }
  const speak = () => control(hub.to, '/faults', undefined, 'DELETE')

  await silence('drop-after')
  await change('delete', id!)
  await until(async () => (await row(id!))?.fields.statecode === 1)
  await change('restore', id!)
  await speak()
  await written(hub)
  assert.equal((await row(id!))?.fields.statecode, 0, 'restored, and in use again')

  await silence('drop-after')
  await change('change', id!, { lastname: 'Passing' })
  await until(async () => (await row(id!))?.fields.lastname === 'Passing')
  await change('change', id!, { lastname: 'Lasting' })
  await speak()
  await written(hub)
  await silence('drop-after')
  await change('change', id!, { lastname: 'Passing' })
  await until(async () => (await row(id!))?.fields.lastname === 'Passing')
  await change('change', id!, { lastname: 'Lasting' })
  await speak()
  await written(hub)
  assert.equal((await row(id!))?.fields.lastname, 'Lasting', 'as it was before a change that nobody heard of')

  // The row is made after its record is gone, and after a look that found nothing.
  await silence('late-commit', 2_500)
  const brief = await change('create', undefined, { lastname: 'Brief' })
  await until(() => isStruck('late-commit'))
  await change('delete', brief)
  await speak()
  await until(async () => row(brief))
  await written(hub)
  assert.equal((await row(brief))?.fields.statecode, 1, 'out of use')

  // The row is never made.
  await silence('drop-before')
  const never = await change('create', undefined, { lastname: 'Never' })
  await until(() => isStruck('drop-before'))
  await change('delete', never)
  await speak()
  await written(hub)
  assert.equal(await row(never), undefined)
})

test('a person edits or deletes rows there: the figure tells, and a repair mends', async (t) => {
  const hub = await twoOrganisations(t, { records: 30 })
  await hub.name()
  hub.worker()
  await written(hub)
  // The first comparison is made by itself, and mends.
  await compared(hub)
  const [edited, deleted, unused] = [...(await rowsOf(hub.from, 'contact')).keys()]
  const foreign = { lastname: 'Stray', msdyn_source_crm: 'Dynamics 365', msdyn_source_crm_id: 'of-nobody' }
  await control(hub.to, '/records', [
    { entity: 'contact', operation: 'change', id: hub.idOf('contact', edited!), fields: { lastname: 'By hand' } },
    { entity: 'contact', operation: 'delete', id: hub.idOf('contact', deleted!) },
    { entity: 'contact', operation: 'create', fields: foreign },
    {
      entity: 'contact',
      operation: 'change',
      id: hub.idOf('contact', unused!),
      fields: { statecode: 1, statuscode: 2 },
    },
  ])
  const seen = await compared(hub)
  assert.deepEqual([seen.missing, seen.differing, seen.extra, seen.repaired], [1, 2, 1, 0])
  assert.deepEqual(
    new Set(seen.samples.filter(({ kind }) => kind !== 'extra').map(({ kind, rowId }) => `${kind} ${rowId}`)),
    new Set([
      `differing ${hub.idOf('contact', edited!)}`,
      `differing ${hub.idOf('contact', unused!)}`,
      `missing ${hub.idOf('contact', deleted!)}`,
    ]),
  )
  assert.equal((await compared(hub, true)).repaired, 3)
  await written(hub)
  const there = await rowsOf(hub.to, 'contact')
  assert.notEqual(there.get(hub.idOf('contact', edited!))?.fields.lastname, 'By hand')
  assert.equal(there.get(hub.idOf('contact', deleted!))?.deleted, false)
  assert.equal(there.get(hub.idOf('contact', unused!))?.fields.statecode, 0)
  const mended = await compared(hub)
  assert.deepEqual([mended.missing, mended.differing, mended.extra], [0, 0, 1])
})

test("a row that a person stripped of its source is still the other CRM's record, and gets its source back", async (t) => {
  const hub = await twoOrganisations(t, { records: 30 })
  const own = await hub.ownRecords('contact')
  await hub.name()
  hub.worker()
  await written(hub)
  await compared(hub)
  const [gone, living, left] = [...(await rowsOf(hub.from, 'contact')).keys()]
  const stripped = [gone!, living!].map((id) => hub.idOf('contact', id))
  const bare = { msdyn_source_crm: null, msdyn_source_crm_id: null, msdyn_source_crm_url: null }
  const strip = (ids: readonly string[]) =>
    control(
      hub.to,
      '/records',
      ids.map((id) => ({ entity: 'contact', operation: 'change', id, fields: bare })),
    )
  await strip(stripped)
  await synced(hub)
  assert.equal(await hub.ownRecords('contact'), own, 'read back, it is no new record')

  await control(hub.from, '/records', [{ entity: 'contact', operation: 'delete', id: gone }])
  await synced(hub)
  await written(hub)
  const row = (await rowsOf(hub.to, 'contact')).get(stripped[0]!)
  assert.equal(row?.fields.statecode, 1)
  assert.equal(row.fields.msdyn_source_crm, 'Dynamics 365', 'taken out of use, it says again where it comes from')
  assert.equal(row.fields.msdyn_source_crm_id, gone)
  assert.match(String(row.fields.msdyn_source_crm_url), new RegExp(`^${hub.from.url}/.*${gone}`))
  // The comparison of ids finds nothing that the hub lacks.
  assert.deepEqual(await ownDifferences(hub), [])
  await compared(hub, true)
  await written(hub)
  assert.equal((await rowsOf(hub.to, 'contact')).get(stripped[1]!)?.fields.msdyn_source_crm_id, living)
  assert.equal(await hub.ownRecords('contact'), own)

  // Where it is a destination no more, a row without a source is the organisation's own.
  const { id } = await hub.destination()
  await moveDestination(hub.pool, id, 'removed')
  await strip([hub.idOf('contact', left!)])
  await synced(hub)
  assert.equal(await hub.ownRecords('contact'), own + 1)
  await hub.name()
  assert.equal((await ownDifferences(hub)).length, 1)
  assert.equal(await hub.ownRecords('contact'), own, 'a destination again')
})

/** What an audit of the destination's own contacts finds and mends. */
async function ownDifferences(hub: TwoOrganisations): Promise<unknown[]> {
  const tables = await listTables(hub.pool, hub.target.id)
  const { id: tableId } = tables.find(({ entity }) => entity === 'contact')!
  const options = { repair: true }
  const { id } = await requestRun(hub.pool, { tableId, kind: 'audit', cause: 'test', options })
  const run = await until(async () => {
    const found = await findRun(hub.pool, id)
    return found.state === 'done' && found
  })
  return (run.result as { named: unknown[] }).named
}

test('a list of its rows whose pages lead back is told of, has nothing written, and is read anew afterwards', async (t) => {
  const hub = await twoOrganisations(t, { records: 260 })
  await control(hub.to, '/settings', { maxPageSize: 50 })
  await hub.name()
  hub.worker()
  await written(hub)
  const { held } = await compared(hub)
  const { writes } = hub.to.simulator.log
  const before = writes.length
  await leadBack(hub.to.control, { kind: 'page', path: '/contacts?$select=contactid,msdyn_source' })
  const { id } = await hub.destination()
  await askFigure(hub.pool, id, true)
  const { code } = await until(async () => (await hub.destination()).problem)
  assert.equal(code, 'crm.pages_unsound')
  assert.equal(writes.length, before)
  await control(hub.to, '/faults', undefined, 'DELETE')
  const after = await compared(hub, true)
  assert.deepEqual([after.held, after.missing, after.extra, after.repaired], [held, 0, 0, 0])
})

test('a worker killed while its batches are under way loses none and doubles none', async (t) => {
  const hub = await twoOrganisations(t, { records: 1_200 })
  const before = (await rowsOf(hub.to, 'contact')).size
  await control(hub.to, '/faults', [{ kind: 'latency', on: 'batch', ms: 500, times: 0, after: 2 }])
  await hub.name()
  const child = await startProcess(t, hub)
  const { log } = hub.to.simulator
  await until(async () => log.writes.length > 200 && log.open > 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await control(hub.to, '/faults', undefined, 'DELETE')
  hub.worker()
  await written(hub)
  await assertSame(hub, before)
})

async function startProcess(t: { after(hook: () => unknown): void }, hub: TwoOrganisations): Promise<ChildProcess> {
  const given = JSON.stringify({
    url: hub.url,
    hosts: [hub.from, hub.to].map(({ url, authority }) => ({ url, authority })),
  })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'worker-process.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin!.end(`${hub.masterKey.toString('hex')}\n${given}`)
  t.after(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  await once(child.stdout!, 'data')
  return child
}
