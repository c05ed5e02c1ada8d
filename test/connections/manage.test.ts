import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transitions } from '#connections/connection.ts'
import { moveConnection } from '#connections/store.ts'
import type { HubError } from '#core/errors.ts'
import { listTables } from '#records/table.ts'
import { addFault } from '../../simulators/exchange/faults.ts'
import { resetLog } from '../../simulators/exchange/request-log.ts'
import { inputFor, startCrm, startHub } from './hub.ts'

const code = (expected: string) => (error: HubError) => error.code === expected
const path = '/api/data/v9.2/WhoAmI'

test('an organisation is connected once, also when two people try at the same time', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const tries = await Promise.allSettled([
    hub.connections.connect({ ...inputFor(crm), name: 'Sales' }),
    hub.process().connect({ ...inputFor(crm), name: 'Sales' }),
  ])
  const failed = tries.find((one) => one.status === 'rejected')?.reason as HubError
  assert.equal(failed.code, 'connection.exists')
  assert.match(failed.message, /“Sales”/)
  const [there, ...others] = await hub.connections.list()
  assert.equal(others.length, 0)
  assert.equal(failed.detail.connectionId, there?.id)
  assert.equal((await hub.connections.listAuthentications()).length, 1)
})

test('a removed connection keeps nothing secret, does no work, and comes back under its own id', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  await hub.connections.setTable(id, 'contact', { scheduleSeconds: 77 })
  const session = await hub.connections.session(id)
  const other = await hub.process().session(id)
  const removed = await hub.connections.remove(id)
  assert.equal(removed.state, 'removed')
  const { rows } = await hub.pool.query(
    `select count(*) as kept from jackfield.authentication where secret is not null or token is not null`,
  )
  assert.equal(rows[0].kept, 0n)
  assert.deepEqual(await hub.connections.list(), [])
  assert.deepEqual(await listTables(hub.pool, id), [])
  for (const one of [session, other]) {
    await assert.rejects(one.call(path, { lane: 'person', retry: 'safe' }), code('connection.not_ready'))
  }
  await assert.rejects(hub.connections.session(id), code('connection.not_ready'))
  await assert.rejects(hub.connections.check(id), code('connection.not_ready'))
  await assert.rejects(hub.connections.webhookSecret(id), code('connection.not_found'))
  assert.equal((await hub.connections.remove(id)).state, 'removed')

  const again = await hub.connections.connect({ ...inputFor(crm), name: 'Back again' })
  assert.deepEqual([again.id, again.state, again.name], [id, 'active', 'Back again'])
  const tables = await listTables(hub.pool, id)
  assert.equal(tables.find((table) => table.entity === 'contact')?.scheduleSeconds, 77)
  assert.equal((await (await hub.connections.session(id)).call(path, { lane: 'person', retry: 'safe' })).status, 200)
})

test('a paused connection calls nobody, in any process, until it is resumed', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  const other = hub.process()
  const session = await other.session(id)
  await session.call(path, { lane: 'incremental', retry: 'safe' })
  assert.equal((await hub.connections.pause(id)).state, 'paused')
  assert.equal((await hub.connections.pause(id)).state, 'paused')
  await assert.rejects(hub.connections.session(id), code('connection.not_ready'))
  // Another process heeds it within seconds.
  for (;;) {
    const error = await session.call(path, { lane: 'incremental', retry: 'safe' }).then(
      () => null,
      (thrown: HubError) => thrown,
    )
    if (error === null) continue
    assert.equal(error.code, 'connection.not_ready')
    break
  }
  resetLog(crm.simulator.log)
  await other.tend()
  assert.equal(crm.simulator.log.total, 0)
  assert.equal((await hub.connections.resume(id)).state, 'active')
  assert.equal((await session.call(path, { lane: 'incremental', retry: 'safe' })).status, 200)
})

test('a pause does not forget what is wrong', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  crm.simulator.org.settings.member = false
  await assert.rejects(hub.connections.check(id), code('crm.no_user'))
  assert.equal((await hub.connections.find(id)).state, 'needs_attention')
  await hub.connections.pause(id)
  assert.equal((await hub.connections.resume(id)).state, 'needs_attention')
  crm.simulator.org.settings.member = true
  await hub.connections.check(id)
  const mended = await hub.connections.find(id)
  assert.deepEqual([mended.state, mended.problem], ['active', null])
})

test('a check of a connection names tables that may not be read and leaves the others at work', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  crm.simulator.org.settings.denied = { contact: ['Read'] }
  const failed: string[] = []
  await hub.connections.check(id, (step) => void (step.ok || failed.push(`${step.check} ${step.subject}`)))
  assert.deepEqual(failed, ['table contact'])
  assert.equal((await hub.connections.find(id)).state, 'active')
})

test('a check notices that another organisation answers at the address', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  addFault(crm.simulator.faults, {
    kind: 'replace',
    on: 'whoami',
    from: (await hub.connections.find(id)).organisation,
    to: '11111111-2222-4333-8444-555555555555',
    times: 0,
  })
  await assert.rejects(hub.connections.check(id), code('connection.not_the_crm'))
  assert.equal((await hub.connections.find(id)).state, 'needs_attention')
})

test('names and settings are changed; a new default country makes telephone numbers again', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect({ ...inputFor(crm), settings: { defaultCountry: 'BE' } })
  const version = async () => (await listTables(hub.pool, id))[0]!.ruleVersion
  const before = await version()
  const renamed = await hub.connections.change(id, { name: ' Benelux ', settings: { timeZone: 'Europe/Brussels' } })
  assert.equal(renamed.name, 'Benelux')
  assert.equal(renamed.settings.defaultCountry, 'BE')
  assert.equal(await version(), before)
  const moved = await hub.connections.change(id, { settings: { defaultCountry: 'NL', timeZone: null } })
  assert.deepEqual([moved.settings.defaultCountry, moved.settings.timeZone], ['NL', undefined])
  assert.ok(moved.settings.userId)
  assert.equal(await version(), before + 1)
  for (const settings of [{ defaultCountry: 'Belgium' }, { timeZone: 'Mars/Olympus' }]) {
    await assert.rejects(hub.connections.change(id, { settings }), code('input.invalid'))
  }
  await assert.rejects(hub.connections.change(id, { name: '  ' }), code('input.invalid'))
  for (const unknown of ['nothing', '00000000-0000-4000-8000-000000000000']) {
    await assert.rejects(hub.connections.find(unknown), code('connection.not_found'))
  }
})

test('a name and a setting that two people change in the same moment both stand', async (t) => {
  const hub = await startHub(t)
  const { id } = await hub.connections.connect(inputFor(await startCrm(t, hub)))
  for (const [at, timeZone] of ['Europe/Brussels', 'Europe/Paris', 'Asia/Tokyo', 'Africa/Lagos'].entries()) {
    const name = `Name ${at}`
    await Promise.all([
      hub.connections.change(id, { name }),
      hub.connections.change(id, { settings: { timeZone } }),
      hub.connections.change(id, { settings: { timeZone } }),
    ])
    const found = await hub.connections.find(id)
    assert.deepEqual([found.name, found.settings.timeZone], [name, timeZone])
  }
})

test('a connection moves only along the transitions that are drawn', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id } = await hub.connections.connect(inputFor(crm))
  for (const from of Object.keys(transitions) as (keyof typeof transitions)[]) {
    for (const to of Object.keys(transitions) as (keyof typeof transitions)[]) {
      await hub.pool.query('update jackfield.connection set state = $2 where id = $1', [id, from])
      const moved = await moveConnection(hub.pool, id, to)
      const allowed = (transitions[from] as readonly string[]).includes(to)
      assert.equal(moved !== null, allowed, `${from} → ${to}`)
    }
  }
})

test('no secret or token stands anywhere in plain', async (t) => {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const secrets = new Set([crm.clientSecret])
  const { id, authenticationId } = await hub.connections.connect(inputFor(crm))
  await hub.connections.ensureSubscription(id, 'http://hub.example')
  secrets.add((await hub.connections.webhookSecret(id))!)
  const said: unknown[] = []
  const act = async (work: Promise<unknown>) => void said.push(await work.catch((error: unknown) => error))
  await act(hub.connections.replaceSecret(authenticationId, 'canary~secret~that~is~wrong'))
  secrets.add('canary~secret~that~is~wrong')
  addFault(crm.simulator.faults, { kind: 'token-rejected', times: 0 })
  await act(hub.connections.check(id))
  await act(hub.connections.session(id).then((session) => session.call(path, { lane: 'person', retry: 'safe' })))
  await act(hub.connections.list())
  await act(hub.connections.listAuthentications())
  await act(hub.connections.findAuthentication(authenticationId))
  for (const token of crm.simulator.auth.known.keys()) secrets.add(token)
  assert.ok(secrets.size >= 4)
  const tables = ['authentication', 'connection', 'synced_table', 'lease', 'quota']
  const rows = await Promise.all(
    tables.map(async (table) => (await hub.pool.query(`select t::text as row from jackfield.${table} t`)).rows),
  )
  const texts = { log: hub.lines.join(''), rows: JSON.stringify(rows), said: said.map(everything).join('\n') }
  for (const secret of secrets) {
    // Sealed columns are shown in hex.
    const spellings = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret).toString('base64')]
    for (const [place, text] of Object.entries(texts)) {
      for (const spelling of spellings) assert.ok(!text.includes(spelling), `${secret.slice(0, 6)}… in ${place}`)
    }
  }
})

function everything(thing: unknown): string {
  if (!(thing instanceof Error)) return JSON.stringify(thing)
  const { message, stack, cause, ...rest } = thing
  return [
    message,
    stack,
    JSON.stringify(rest),
    JSON.stringify((thing as HubError).detail),
    cause && everything(cause),
  ].join()
}

test('the app by which people signed in is forgotten with the last connection that it served', async (t) => {
  const hub = await startHub(t)
  const crms = [await startCrm(t, hub), await startCrm(t, hub, { seed: 2 }), await startCrm(t, hub, { seed: 3 })]
  const [first, second, third] = await Promise.all(crms.map((crm) => hub.connections.connect(inputFor(crm))))
  const kept = async () => (await hub.connections.listAuthentications()).map(({ id }) => id).sort()
  await hub.connections.change(first!.id, { peopleAuthenticationId: second!.authenticationId })
  await hub.connections.remove(second!.id)
  assert.ok((await kept()).includes(second!.authenticationId), 'people still sign in by it')
  await hub.connections.change(first!.id, { peopleAuthenticationId: third!.authenticationId })
  assert.deepEqual(await kept(), [first!.authenticationId, third!.authenticationId].sort())
  await hub.connections.remove(third!.id)
  await hub.connections.remove(first!.id)
  assert.deepEqual(await kept(), [])
})
