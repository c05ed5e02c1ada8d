import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestScope } from '../support/database.ts'
import { connectBody, type ServedHub, type Simulator, serveHub, startSimulator, until } from './served-hub.ts'

interface Connected {
  hub: ServedHub
  simulator: Simulator
  connection: string
}

async function copiedHub(t: TestScope): Promise<Connected> {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const { json } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  await synced(hub, json.id)
  await audited(hub, json.id)
  return { hub, simulator, connection: json.id }
}

/** A pass and an audit follow a first copy: they would heal what a test breaks, or go on with what it pauses. */
async function audited(hub: ServedHub, connection: string): Promise<void> {
  await until('all that follows a first copy is over', async () => {
    const { tables } = (await hub.ask(`/api/v1/connections/${connection}/tables`)).json
    const { runs } = (await hub.ask(`/api/v1/runs?connection=${connection}&limit=200`)).json
    const isOpen = ({ state }: { state: string }) => state === 'waiting' || state === 'running'
    const isAudited = (table: { enabled: boolean; completeness: unknown }) => !table.enabled || table.completeness
    return tables.every(isAudited) && !runs.some(isOpen)
  })
}

async function synced(hub: ServedHub, connection: string): Promise<void> {
  const { json, text, status } = await hub.ask('/api/v1/runs', { json: { connection } })
  assert.equal(status, 202, text)
  await until('the runs ended', async () => {
    const runs = await Promise.all(
      json.runs.map(async (run: { id: string }) => (await hub.ask(`/api/v1/runs/${run.id}`)).json),
    )
    assert.ok(!runs.some((run) => run.state === 'failed'), JSON.stringify(runs))
    return runs.every((run) => run.state === 'done')
  })
}

async function control(simulator: Simulator, path: string, body: unknown) {
  const response = await fetch(`${simulator.control}${path}`, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(response.status, 200, await response.clone().text())
  return response.json() as Promise<{ id: string }>
}

test('What is wrong with a connection is told step by step, and nothing is stored', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator })
  const body = connectBody(simulator, { secret: 'not the secret at all' })
  const checked = await hub.ask('/api/v1/connections/check', { json: body })
  assert.equal(checked.status, 200)
  assert.equal(checked.json.ok, false)
  assert.equal(checked.json.error.code, 'authentication.secret_wrong')
  const failing = checked.json.steps.find((step: { ok: boolean }) => !step.ok)
  assert.equal(failing.check, 'secret')
  assert.ok(failing.mend)

  const refused = await hub.ask('/api/v1/connections', { json: body })
  assert.equal(refused.status, 409)
  assert.equal(refused.json.error.code, 'authentication.secret_wrong')
  assert.deepEqual((await hub.ask('/api/v1/connections')).json, { connections: [] })
  assert.ok(!hub.lines.join('').includes('not the secret at all'))
  assert.ok(!refused.text.includes('not the secret at all'))
})

test('A wizard sees each step as it is made', async (t) => {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator })
  const stream = { headers: { accept: 'text/event-stream' } }
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator), ...stream })
  assert.match(made.headers.get('content-type')!, /^text\/event-stream/)
  const events = made.text
    .trim()
    .split('\n\n')
    .map((text) => {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text)!
      return { event, data: JSON.parse(data!) }
    })
  assert.ok(events.filter(({ event }) => event === 'step').length >= 8)
  assert.equal(events.at(-1)!.event, 'result')
  assert.equal(events.at(-1)!.data.state, 'active')
  const again = await hub.ask('/api/v1/connections', { json: connectBody(simulator), ...stream })
  assert.match(again.text, /event: error\ndata: .*connection\.exists/)
})

test('From a connection to a caller: copied, looked up, changed, followed, written back', async (t) => {
  const { hub, simulator, connection } = await copiedHub(t)
  const { json: status } = await hub.ask('/api/v1/status?exact=true')
  const [line] = status.connections
  const contacts = line.tables.find((table: { entity: string }) => table.entity === 'contact')
  assert.equal(line.state, 'active')
  assert.ok(contacts.counts.records > 0)
  assert.ok(contacts.firstPassAt)

  const { json: page } = await hub.ask('/api/v1/records?entity=contact&limit=10')
  assert.equal(page.records.length, 10)
  const { json: rest } = await hub.ask(`/api/v1/records?entity=contact&limit=1000&cursor=${page.next}`)
  assert.equal(rest.next, null)
  const ids = new Set([...page.records, ...rest.records].map((record: { id: string }) => record.id))
  assert.equal(ids.size, contacts.counts.records)
  const record = page.records.find((one: { phones: { e164: string | null }[] }) =>
    one.phones.some((phone) => phone.e164),
  )
  assert.equal(record.source.crm, 'dynamics')
  assert.ok(record.source.url.startsWith(simulator.url))
  assert.match(record.mark, /^\d+$/)
  assert.equal(record.deletedAt, null)

  const { e164 } = record.phones.find((phone: { e164: string | null }) => phone.e164)
  const { json: found } = await hub.ask(`/api/v1/lookup?phone=${encodeURIComponent(e164)}`)
  const match = found.matches.find((one: { id: string }) => one.id === record.id)
  assert.ok(match, `${e164} is ${record.name}'s`)
  assert.ok(match.why.length > 0 && match.score > 0 && found.asOf && match.asOf)
  const { json: none } = await hub.ask('/api/v1/lookup?phone=%2B9991234567890')
  assert.deepEqual(none.matches, [])
  assert.deepEqual(none.reasonsNone[0], { code: 'number_unknown', value: '+9991234567890' })
  assert.equal(none.whyNone[0], 'No record has the number +9991234567890')

  const { json: detail } = await hub.ask(`/api/v1/records/${record.id}`)
  assert.ok(detail.contactPoints.some((point: { value: string }) => point.value === e164))
  assert.equal((await hub.ask(`/api/v1/records/${record.id}/relations`)).status, 200)

  const start = (await hub.ask('/api/v1/changes?cursor=now')).json.next
  await control(simulator, '/records', {
    entity: 'contact',
    operation: 'change',
    id: record.source.id,
    fields: { lastname: 'Umbenannt' },
  })
  const change = await until('the change is fed', async () => {
    const { json } = await hub.ask(`/api/v1/changes?cursor=${start}`)
    return json.changes.find((one: { recordId: string }) => one.recordId === record.id)
  })
  assert.equal(change.operation, 'changed')
  assert.equal(change.changed.lastname.after, 'Umbenannt')
  const { json: history } = await hub.ask(`/api/v1/records/${record.id}/changes`)
  assert.equal(history.changes[0].id, change.id)
  const { json: latest } = await hub.ask('/api/v1/changes/latest?limit=1')
  assert.deepEqual(latest.changes, [change])
  const { json: after } = await hub.ask('/api/v1/status')
  assert.equal(after.connections[0].changesLately.length, 30)

  const write = { operation: 'update', record: record.id, fields: { jobtitle: 'Prokuristin' }, writeKey: 'once' }
  const kept = await hub.ask('/api/v1/writes', { json: write })
  assert.equal(kept.status, 202, kept.text)
  assert.equal((await hub.ask('/api/v1/writes', { json: write })).json.id, kept.json.id)
  const done = await until('it is read back', async () => {
    const { json } = await hub.ask(`/api/v1/writes/${kept.json.id}`)
    return json.state === 'done' && json
  })
  assert.equal(done.requestedBy, 'test')
  assert.equal((await hub.ask(`/api/v1/records/${record.id}`)).json.sourceFields.jobtitle, 'Prokuristin')
  const { json: ledger } = await hub.ask('/api/v1/ledger')
  assert.equal(ledger.balanced, true)
  assert.equal(ledger.total.done, 1)
  assert.equal((await hub.ask('/api/v1/writes')).json.writes.length, 1)

  assert.equal(
    (await hub.ask(`/api/v1/writes/${kept.json.id}/cancel`, { method: 'POST' })).json.error.code,
    'write.conflict',
  )

  const { text: metrics } = await hub.ask('/metrics', { key: null })
  assert.match(metrics, /^jackfield_records\{.*entity="contact",state="records"\} \d+$/m)
  assert.match(metrics, /^# TYPE jackfield_vendor_calls_total counter$/m)
  assert.match(metrics, /^jackfield_vendor_calls_total\{lane="initial",status="200"\} \d+$/m)
  assert.equal((await hub.ask(`/api/v1/connections/${connection}`)).json.state, 'active')
})

test('Tables are chosen and mapped, and the contract holds for what an audit finds', async (t) => {
  const { hub, simulator, connection } = await copiedHub(t)
  const { json: list } = await hub.ask(`/api/v1/connections/${connection}/tables`)
  assert.ok(list.tables.length >= 2)
  const path = `/api/v1/connections/${connection}/tables/contact`
  const { json: table } = await hub.ask(path)
  assert.ok(table.fields.length >= 40)
  const narrowed = await hub.ask(path, {
    method: 'PATCH',
    json: {
      filter: {
        all: [
          { field: 'lastname', is: 'not_null' },
          { field: 'createdon', is: 'within_days', value: 9000 },
        ],
      },
    },
  })
  assert.equal(narrowed.status, 200, narrowed.text)
  assert.deepEqual(narrowed.json.filter.all[0], { field: 'lastname', is: 'not_null' })
  const wrong = await hub.ask(path, { method: 'PATCH', json: { filter: { field: 'no_such_field', is: 'null' } } })
  assert.equal(wrong.status, 400)
  const { json: there } = await hub.ask(`/api/v1/connections/${connection}/crm-tables`)
  assert.ok(there.tables.some((one: { name: string; entity: string | null }) => one.entity === 'contact'))
  await hub.ask(path, { method: 'PATCH', json: { filter: null } })
  await synced(hub, connection)

  const id = (await hub.ask('/api/v1/records?entity=account&limit=1')).json.records[0].id
  await hub.hub.pool.query('delete from jackfield.record where id = $1', [id])
  const asked = await hub.ask('/api/v1/audits', { json: { connection, entity: 'account', repair: true } })
  assert.equal(asked.status, 202, asked.text)
  const audited = await until('the audit ended', async () => {
    const { json } = await hub.ask(`/api/v1/runs/${asked.json.runs[0].id}`)
    return ['done', 'failed'].includes(json.state) && json
  })
  assert.equal(audited.state, 'done', JSON.stringify(audited.problem))
  assert.deepEqual(
    audited.result.named.map((one: { id: string; kind: string }) => [one.id, one.kind]),
    [[id, 'missing']],
  )
  const { json: after } = await hub.ask(`/api/v1/connections/${connection}/tables`)
  const accounts = after.tables.find((one: { entity: string }) => one.entity === 'account')
  assert.equal(accounts.completeness.healed, 1)
  const reindexed = await hub.ask('/api/v1/reindex', { json: { connection, entity: 'account' } })
  assert.equal(reindexed.json.tables[0].seen, accounts.counts.records)
  void simulator
})

test('What needs a person stands in one list, and is mended from there', async (t) => {
  const { hub, simulator, connection } = await copiedHub(t)
  const { json: before } = await hub.ask('/api/v1/attention')
  assert.deepEqual(before.items, [])
  const { id } = await control(simulator, '/records', {
    entity: 'contact',
    operation: 'create',
    fields: { lastname: 'Ungültig', birthdate: '2026-02-30' },
    broken: 'date',
  })
  const parked = await until('the broken record is parked', async () => {
    const { json } = await hub.ask('/api/v1/attention?kind=parked')
    return json.items.find((item: { sourceId: string }) => item.sourceId === id)
  })
  assert.equal(parked.kind, 'parked')
  assert.equal(parked.problem.code, 'record.invalid')
  assert.deepEqual(parked.reason, { code: 'not_date' })
  assert.match(parked.name, /Ungültig/)
  const { json: row } = await hub.ask(`/api/v1/parked/${parked.id}`)
  assert.match(row.body, /Ungültig/)
  const still = await hub.ask(`/api/v1/parked/${parked.id}/replay`, { method: 'POST' })
  assert.deepEqual(still.json, { replayed: 1, stillParked: 1 })
  await control(simulator, '/records', {
    entity: 'contact',
    operation: 'change',
    id,
    fields: { birthdate: '2026-02-28' },
  })
  await until(
    'it is well',
    async () => (await hub.ask('/api/v1/parked/replay-all', { json: {} })).json.stillParked === 0,
  )
  assert.equal((await hub.ask('/api/v1/attention')).json.counts.parked, 0)

  const paused = await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state: 'paused' } })
  assert.equal(paused.json.state, 'paused')
  const resumed = await hub.ask(`/api/v1/connections/${connection}`, {
    method: 'PATCH',
    json: { state: 'active', name: 'Neu' },
  })
  assert.deepEqual([resumed.json.state, resumed.json.name], ['active', 'Neu'])
  const { json: secrets } = await hub.ask('/api/v1/authentications')
  assert.deepEqual(secrets.authentications[0].connections, [{ id: connection, name: 'Neu', state: 'active' }])
  assert.ok(!JSON.stringify(secrets).includes(simulator.clientSecret))
  const path = `/api/v1/authentications/${secrets.authentications[0].id}/secret`
  const wrong = await hub.ask(path, { method: 'PUT', json: { secret: 'surely another secret' } })
  assert.equal(wrong.json.error.code, 'authentication.secret_wrong')
  const taken = await hub.ask(path, { method: 'PUT', json: { secret: simulator.clientSecret } })
  assert.deepEqual(taken.json.connections, [{ id: connection, name: 'Neu', state: 'active', mended: false }])
})

test('A run is paused, resumed and cancelled from outside', async (t) => {
  const { hub, connection } = await copiedHub(t)
  await hub.ask(`/api/v1/connections/${connection}`, { method: 'PATCH', json: { state: 'paused' } })
  await until('whoever worked on a table has left it', async () => {
    const held = `select from jackfield.lease where name like 'sync:%' and until > clock_timestamp()`
    return (await hub.hub.pool.query(held)).rowCount === 0
  })
  const write = { operation: 'create', connection, entity: 'contact', fields: { lastname: 'Nie' } }
  const { json: waiting } = await hub.ask('/api/v1/writes', { json: write })
  assert.equal((await hub.ask(`/api/v1/writes/${waiting.id}/cancel`, { method: 'POST' })).json.state, 'cancelled')
  const { json } = await hub.ask('/api/v1/runs', { json: { connection, entity: 'contact', kind: 'full' } })
  const [{ id }] = json.runs
  const act = async (name: string) => (await hub.ask(`/api/v1/runs/${id}/${name}`, { method: 'POST' })).json
  assert.equal((await act('pause')).state, 'paused')
  assert.equal((await act('resume')).state, 'waiting')
  assert.equal((await act('cancel')).state, 'cancelled')
  assert.equal((await act('resume')).error.code, 'sync.running')
  assert.equal((await act('approve')).error.code, 'input.invalid')
  const { json: list } = await hub.ask('/api/v1/runs?entity=contact&state=cancelled')
  assert.deepEqual(
    list.runs.map((run: { id: string }) => run.id),
    [id],
  )
})
