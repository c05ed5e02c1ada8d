import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actNames } from '#audit/act.ts'
import { ActName } from '#server/contract/audit-log.ts'
import { createServer } from '#server/server.ts'
import { connectBody, type ServedHub, serveHub, startSimulator, until } from './served-hub.ts'

interface Shown {
  id: string
  at: string
  actor: { kind: string; id: string; name: string | null }
  sessionId: string | null
  act: string
  subject: { kind: string; id: string; name: string | null } | null
  outcome: string
  from: { address: string; agent: string | null } | null
  details: Record<string, unknown>
  result: Record<string, unknown> | null
  erased: boolean
}

async function actsOf(hub: ServedHub, query: Record<string, string> = {}): Promise<Shown[]> {
  const reply = await hub.ask(`/api/v1/audit-log?${new URLSearchParams({ limit: '1000', ...query })}`)
  assert.equal(reply.status, 200, reply.text)
  return reply.json.acts
}

const page = { 'x-jackfield': '1' }

async function signIn(hub: ServedHub): Promise<string> {
  const token = new URL(await hub.signInLink()).hash.slice(1)
  const reply = await hub.ask('/api/v1/session', { key: null, json: { token }, headers: page })
  return reply.headers.get('set-cookie')!.split(';', 1)[0]!
}

test('the acts of the contract are those that are written', () => {
  assert.deepEqual([...ActName.options].sort(), [...actNames].sort())
})

test('an unsafe route without an act is refused when it is registered', async (t) => {
  const hub = await serveHub(t)
  const { app } = await createServer(hub.hub)
  t.after(() => app.close())
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    const route = { method, url: `/planted-${method}`, config: { access: 'open' as const }, handler: async () => 'x' }
    assert.throws(() => app.route(route), /declares no act/)
  }
  app.route({ method: 'GET', url: '/planted', config: { access: 'open' }, handler: async () => 'x' })
})

test('what is done, refused and failed is written with who, what, from where and how it ended', async (t) => {
  const hub = await serveHub(t)
  const cookie = await signIn(hub)
  const mine = { cookie, ...page, 'user-agent': 'Probe/1.0' }
  const made = await hub.ask('/api/v1/keys', {
    key: null,
    headers: mine,
    json: { name: 'Switch', scopes: ['read:status'] },
  })
  assert.equal(made.status, 201)
  const unknown = '00000000-0000-4000-8000-000000000000'
  assert.equal((await hub.ask(`/api/v1/keys/${unknown}`, { key: null, headers: mine, method: 'DELETE' })).status, 404)

  const [created] = await actsOf(hub, { subject: made.json.id })
  assert.equal(created!.act, 'key.create')
  assert.equal(created!.outcome, 'done')
  assert.deepEqual(created!.details, { scopes: ['read:status'], role: null })
  assert.equal(created!.subject!.name, 'Switch')
  assert.equal(created!.actor.kind, 'person')
  assert.equal(created!.actor.name, 'Administrator')
  assert.deepEqual(created!.from, { address: '127.0.0.1', agent: 'Probe/1.0' })
  assert.ok(created!.sessionId)

  const [revoked] = await actsOf(hub, { act: 'key.revoke' })
  assert.equal(revoked!.outcome, 'refused')
  assert.deepEqual(revoked!.subject, { kind: 'key', id: unknown, name: null })
  assert.equal(revoked!.details.code, 'resource.not_found')

  const [signed] = await actsOf(hub, { act: 'person.sign_in' })
  assert.equal(signed!.outcome, 'done')
  assert.equal(signed!.actor.id, created!.actor.id, 'the person has one name throughout')
  assert.equal(signed!.sessionId, created!.sessionId)
  assert.equal(signed!.from!.address, '127.0.0.1')
  assert.deepEqual(signed!.subject, { kind: 'person', id: created!.actor.id, name: 'Administrator' })
  // Its name is not the digest by which the session is found.
  const { rows } = await hub.hub.pool.query(`select encode(token, 'hex') as hash from jackfield.session`)
  assert.ok(!JSON.stringify(await actsOf(hub)).includes(rows[0].hash))

  // Whoever is not let in is written down too, once a second and with a count.
  const weak = await hub.newKey('read:status')
  for (let i = 0; i < 20; i += 1) await hub.ask('/api/v1/keys', { key: weak })
  await until('all refusals are told', async () => {
    const refused = (await actsOf(hub, { act: 'api.use', outcome: 'refused' })).filter(
      ({ actor }) => actor.kind === 'key',
    )
    const times = refused.reduce((sum, { details }) => sum + ((details.times as number | undefined) ?? 1), 0)
    return times === 20 && refused.length < 20 && refused.every(({ details }) => details.route === '/api/v1/keys')
  })
  assert.equal((await hub.ask('/api/v1/status', { key: 'jf_nobody' })).status, 401)
  // Written beside the request.
  const stranger = await until('the stranger is told of', async () => {
    return (await actsOf(hub, { actor: 'nobody', act: 'api.use' }))[0]
  })
  assert.equal(stranger.details.code, 'auth.required')
})

test('what a crash cut short is there as begun, and nothing begins without its row', async (t) => {
  const hub = await serveHub(t)
  const { acts, pool } = hub.hub.audit
  const actor = { kind: 'operator', id: 'operator' } as const
  await acts.append(pool, {
    actor,
    act: 'connection.remove',
    outcome: 'begun',
    subject: { kind: 'connection', id: 'c1' },
  })
  const [cut] = await actsOf(hub, { subject: 'c1' })
  assert.equal(cut!.outcome, 'begun')
  assert.deepEqual(
    (await actsOf(hub, { outcome: 'begun' })).map(({ id }) => id),
    [cut!.id],
    'whatever else ended is not',
  )

  await hub.hub.pool.query('alter table jackfield.act rename to act_away')
  const refused = await hub.ask('/api/v1/keys', { json: { name: 'unseen', scopes: ['read:status'] } })
  await hub.hub.pool.query('alter table jackfield.act_away rename to act')
  assert.equal(refused.status, 500)
  const { rows } = await hub.hub.pool.query(`select from jackfield.api_key where name = 'unseen'`)
  assert.equal(rows.length, 0)
})

test('a look-up is written with what it found and without what was asked', async (t) => {
  const simulator = await startSimulator(t, 12)
  const hub = await serveHub(t, { simulator, work: true })
  const connected = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  assert.equal(connected.status, 201, connected.text)
  await fetch(`${simulator.control}/records`, {
    method: 'POST',
    body: JSON.stringify({
      entity: 'contact',
      operation: 'create',
      fields: { lastname: 'Dubois', mobilephone: '+32478912345', emailaddress1: 'marie@example.org' },
    }),
  })
  const found = await until('the contact is found', async () => {
    const { matches } = (await hub.ask('/api/v1/lookup?phone=%2B32478912345')).json
    return matches[0]
  })
  await hub.ask('/api/v1/lookup?email=marie%40example.org')
  await hub.ask('/api/v1/lookup?name=Dubois')
  await hub.ask('/api/v1/lookup?phone=0478912345')
  await hub.ask('/api/v1/lookup?phone=%2B32499000017')
  const ups = await actsOf(hub, { act: 'record.look_up' })
  const [unknown, local, byName, byMail, byPhone] = ups
  const hit = { matches: 1, records: [found.id] }
  assert.deepEqual(
    [unknown!.details, unknown!.result],
    [
      { by: 'phone', ends: '17' },
      { matches: 0, records: [] },
    ],
  )
  assert.deepEqual([byPhone!.details, byPhone!.result], [{ by: 'phone', ends: '45' }, hit])
  assert.deepEqual([local!.details, local!.result], [{ by: 'phone', ends: '45' }, hit])
  assert.deepEqual([byMail!.details, byMail!.result], [{ by: 'email' }, hit])
  assert.deepEqual([byName!.details, byName!.result], [{ by: 'name' }, hit])
  assert.equal(byPhone!.actor.name, 'test')
  assert.equal((await actsOf(hub, { subject: found.id })).length >= 4, true, 'who looked this person up')
  const { rows } = await hub.hub.pool.query('select a::text as row from jackfield.act a')
  for (const text of rows.map(({ row }) => row as string)) {
    for (const asked of ['78912345', '99000017', 'marie', 'dubois'])
      assert.ok(!text.toLowerCase().includes(asked), text)
  }
  const verified = await hub.ask('/api/v1/audit-log/verify', { json: {} })
  assert.deepEqual(verified.json.findings, [])
})

test('pages follow each other without a gap, and filters narrow them', async (t) => {
  const hub = await serveHub(t)
  for (let i = 0; i < 25; i += 1) await hub.newKey('read:status')
  const all = await actsOf(hub)
  const paged: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`
    const reply = await hub.ask(`/api/v1/audit-log?limit=4${query}`)
    paged.push(...reply.json.acts.map(({ id }: Shown) => id))
    cursor = reply.json.next
  }
  assert.deepEqual(
    paged,
    all.map(({ id }) => id),
  )
  assert.equal((await actsOf(hub, { actor: 'operator', act: 'key.create' })).length, 26)
  assert.deepEqual(await actsOf(hub, { outcome: 'failed' }), [])
  const middle = all[10]!.at
  const early = await actsOf(hub, { to: middle })
  const late = await actsOf(hub, { from: middle })
  assert.ok(early.every(({ at }) => at < middle) && late.every(({ at }) => at >= middle))
  assert.equal(early.length + late.length, all.length)
  assert.equal((await hub.ask('/api/v1/audit-log?cursor=1%27--')).status, 400)
  assert.equal((await hub.ask('/api/v1/audit-log?act=made.up')).status, 400)
})

test('no secret of a request comes into the audit log', async (t) => {
  const simulator = await startSimulator(t, 5)
  const hub = await serveHub(t, { simulator })
  const canary = 'canary-5b1f0a77e2'
  const body = connectBody(simulator, { secret: canary })
  await hub.ask('/api/v1/connections', { json: body })
  await hub.ask('/api/v1/connections/check', { json: body, headers: { accept: 'text/event-stream' } })
  const made = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  const { authenticationId, id } = made.json
  await hub.ask(`/api/v1/authentications/${authenticationId}/secret`, { method: 'PUT', json: { secret: canary } })
  await hub.ask(`/api/v1/connections/${id}`, { method: 'PATCH', json: { name: canary, [canary]: canary } })
  await hub.ask('/api/v1/connectors/generic-http/try', { json: { url: `https://x.example/${canary}`, secret: canary } })
  await hub.ask(`/api/v1/session`, { key: null, headers: page, json: { token: canary.repeat(4) } })
  await hub.ask(`/api/v1/status`, { key: canary })
  const { rows } = await hub.hub.pool.query('select a::text as row from jackfield.act a')
  assert.ok(rows.length > 10)
  assert.deepEqual(
    rows.filter(({ row }) => row.includes(canary)),
    [],
  )
  assert.ok(!JSON.stringify(await actsOf(hub)).includes(canary))
  const tried = await actsOf(hub, { act: 'connection.try' })
  assert.equal(tried[0]!.outcome, 'done', 'a stream has its outcome too')
  const [replaced] = await actsOf(hub, { act: 'authentication.replace_secret' })
  assert.deepEqual([replaced!.outcome, replaced!.subject!.id], ['refused', authenticationId])
})

test('an export gives all, and nothing in it is a formula', async (t) => {
  const hub = await serveHub(t)
  const { acts, pool } = hub.hub.audit
  const names = [
    '=HYPERLINK("http://evil.example")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '＝1',
    'a "quoted", b\r\n=c',
    'plain',
  ]
  for (const [i, name] of names.entries()) {
    await acts.append(pool, {
      actor: { kind: 'key', id: `k${i}` },
      act: 'key.create',
      outcome: 'done',
      details: { name },
      personal: { [`key:k${i}`]: { name, address: name, agent: name } },
    })
  }
  const csv = await hub.ask('/api/v1/audit-log/export?format=csv')
  assert.match(csv.headers.get('content-type')!, /text\/csv/)
  const rows = parseCsv(csv.text)
  assert.equal(rows[0]!.length, 16)
  assert.ok(rows.every((row) => row.length === 16))
  for (const cell of rows.flat()) assert.ok(!/^\s*[=+\-@＝]/u.test(cell), cell)
  const shown = rows.flatMap((row) => row[3]!.replace(/^'/, ''))
  for (const name of names) assert.ok(shown.includes(name), name)

  const json = await hub.ask('/api/v1/audit-log/export?format=json')
  const key = await hub.newKey('read:audit')
  const ndjson = await fetch(`${hub.url}/api/v1/audit-log/export?format=ndjson&act=key.create`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const lines = (await ndjson.text()).trim().split('\n')
  assert.equal(json.json.length, rows.length, 'the export before is one more, the header is none')
  assert.equal(lines.length, names.length + 2)
  const exports = await actsOf(hub, { act: 'audit_log.export' })
  assert.deepEqual(
    exports.map(({ outcome, details }) => [outcome, details.format, details.acts]),
    [
      ['done', 'ndjson', lines.length],
      ['done', 'json', json.json.length],
      ['done', 'csv', rows.length - 1],
    ],
  )
})

function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, cell = '', end = ''] of text.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    rows.at(-1)!.push(cell.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

test('a person who is erased is erased in all acts, and the log stays true', async (t) => {
  const hub = await serveHub(t)
  const cookie = await signIn(hub)
  const mine = { key: null, headers: { cookie, ...page } }
  await hub.ask('/api/v1/keys', { ...mine, json: { name: 'one', scopes: ['read:status'] } })
  const before = (await actsOf(hub, { act: 'key.create' }))[0]!
  assert.deepEqual([before.actor.name, before.erased], ['Administrator', false])
  const head = (await hub.ask('/api/v1/audit-log/verify', { json: {} })).json
  assert.equal(head.ok, true)
  assert.equal(await hub.hub.audit.acts.persons.erase(hub.hub.pool, `person:${before.actor.id}`), true)
  const after = (await actsOf(hub, { subject: before.subject!.id }))[0]!
  assert.deepEqual([after.actor.name, after.from, after.erased], [null, null, true])
  assert.equal(after.actor.id, before.actor.id)
  // What is written of them from now on is erased as it is written.
  await hub.ask('/api/v1/keys', { ...mine, json: { name: 'two', scopes: ['read:status'] } })
  assert.equal((await actsOf(hub, { act: 'key.create' }))[0]!.actor.name, null)
  assert.equal((await hub.ask('/api/v1/audit-log/verify', { json: {} })).json.ok, true)
})
