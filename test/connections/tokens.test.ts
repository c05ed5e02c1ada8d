import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connections } from '#connections/connections.ts'
import type { CrmReply } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import { connectorOf } from '#connectors/registry.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import type { RunningDynamics } from '../../simulators/dynamics/server.ts'
import { makeKeySet } from '../../simulators/entra/keys.ts'
import { addFault } from '../../simulators/exchange/faults.ts'
import { resetLog } from '../../simulators/exchange/request-log.ts'
import { inputFor, startCrm, startHub, type TestHub } from './hub.ts'
import { shareDirectory } from './two-dynamics.ts'

type TokenRequest = Parameters<Connector['requestToken']>

const path = '/api/data/v9.2/WhoAmI'

async function whoAmI(connections: Connections, id: string): Promise<CrmReply> {
  return await (await connections.session(id)).call(path, { lane: 'incremental', retry: 'safe' })
}

/** Every token given until now is void, though the hub believes in them. */
function voidTokens(crm: RunningDynamics): void {
  crm.simulator.directory.keys = makeKeySet()
  crm.simulator.auth.known.clear()
}

async function connected(t: Parameters<typeof startHub>[0]) {
  const hub = await startHub(t)
  const crm = await startCrm(t, hub)
  const { id, authenticationId } = await hub.connections.connect(inputFor(crm))
  return { hub, crm, id, authenticationId }
}

/**
 * Processes that know the token, for which its hour then passes. A token of a second might be over while it is connected.
 */
async function afterItsHour(hub: TestHub, id: string, count: number): Promise<Connections[]> {
  let passedMs = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + passedMs }
  const processes = Array.from({ length: count }, () => hub.process({ clock }))
  await Promise.all(processes.map((one) => whoAmI(one, id)))
  passedMs = 3_600_001
  return processes
}

const uses = async (hub: TestHub): Promise<string[]> => {
  const { rows } = await hub.pool.query<{ use: string }>(
    `select concat_ws(' ', outcome, subject_id, details->>'connection', coalesce(details->>'code', '')) as use
      from jackfield.act where act = 'secret.use' and actor_kind = 'hub' order by xid, id`,
  )
  return rows.map(({ use }) => use)
}

const numberOf = async (hub: TestHub) =>
  Number((await hub.pool.query('select token_number from jackfield.authentication')).rows[0].token_number)

test('fifty calls of two processes that find the token expired renew it once', async (t) => {
  const { hub, crm, id, authenticationId } = await connected(t)
  const processes = await afterItsHour(hub, id, 2)
  resetLog(crm.simulator.log)
  const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => whoAmI(processes[n % 2]!, id)))
  assert.deepEqual(new Set(replies.map((reply) => reply.status)), new Set([200]))
  assert.equal(crm.simulator.log.counts.token, 1)
  assert.equal(await numberOf(hub), 2)
  assert.deepEqual(
    await uses(hub),
    [`done ${authenticationId} ${id} `],
    'and the use of the secret is an act of the hub',
  )
})

test('fifty calls of two processes whose token is refused renew it once and are repeated once', async (t) => {
  const { hub, crm, id } = await connected(t)
  const processes = [hub.process(), hub.process()]
  await Promise.all(processes.map((one) => whoAmI(one, id)))
  voidTokens(crm)
  resetLog(crm.simulator.log)
  const replies = await Promise.all(Array.from({ length: 50 }, (_, n) => whoAmI(processes[n % 2]!, id)))
  assert.deepEqual(new Set(replies.map((reply) => reply.status)), new Set([200]))
  assert.equal(crm.simulator.log.counts.token, 1)
  assert.equal(crm.simulator.log.statuses[200], 51)
  assert.ok((crm.simulator.log.statuses[401] ?? 0) <= 50)
})

test('a token is renewed ahead of need while calls go on with the old one', async (t) => {
  const { hub, id } = await connected(t)
  let ahead = 0
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead }
  const issuer = Promise.withResolvers<void>()
  const slowly = {
    ...connectorOf('dynamics'),
    requestToken: (...asked: TokenRequest) => issuer.promise.then(() => connectorOf('dynamics').requestToken(...asked)),
  }
  const early = hub.process({ clock, connectorOf: () => slowly })
  await whoAmI(early, id)
  assert.equal(await numberOf(hub), 1)
  ahead = 0.75 * 3_600_000
  await whoAmI(early, id)
  await early.tend()
  assert.equal(await numberOf(hub), 1)
  // 80 % of its hour.
  ahead = 0.81 * 3_600_000
  for (let call = 0; call < 3; call += 1) assert.equal((await whoAmI(early, id)).status, 200)
  assert.equal(await numberOf(hub), 1, 'the calls did not wait for the renewal')
  issuer.resolve()
  while ((await numberOf(hub)) === 1) await sleep(50)
  assert.equal((await whoAmI(early, id)).status, 200)
  assert.equal(await numberOf(hub), 2)
})

test('an organisation that refuses a fresh token too turns the connection to a person, and mends by itself', async (t) => {
  const { hub, crm, id } = await connected(t)
  addFault(crm.simulator.faults, { kind: 'token-rejected', times: 0 })
  const rejected = (error: HubError) => error.code === 'authentication.rejected'
  await assert.rejects(whoAmI(hub.connections, id), rejected)
  const broken = await hub.connections.find(id)
  assert.equal(broken.state, 'needs_attention')
  assert.equal(broken.problem?.code, 'authentication.rejected')
  assert.ok(broken.problem.mend)
  resetLog(crm.simulator.log)
  const other = hub.process()
  for (const connections of [hub.connections, other]) await assert.rejects(whoAmI(connections, id), rejected)
  assert.equal(crm.simulator.log.total, 0, 'calls fail at once')

  crm.simulator.faults.list = []
  await letRecheck(hub)
  assert.equal((await whoAmI(other, id)).status, 200)
  assert.equal((await hub.connections.find(id)).state, 'active')
  assert.equal((await whoAmI(hub.connections, id)).status, 200)
})

test('an expired secret fails calls at once until another is given, and no wrong one is kept', async (t) => {
  const { hub, crm, id, authenticationId } = await connected(t)
  const app = crm.simulator.directory.apps.get(crm.clientId)!
  app.secrets[0]!.expiresAt = Date.now() - 1
  const [first, other] = (await afterItsHour(hub, id, 2)) as [Connections, Connections]
  const expired = (error: HubError) => error.code === 'authentication.secret_expired' && error.detail.mend !== undefined
  await assert.rejects(whoAmI(first, id), expired)
  const broken = await hub.connections.find(id)
  assert.deepEqual([broken.state, broken.problem?.code], ['needs_attention', 'authentication.secret_expired'])
  assert.equal((await uses(hub)).at(-1), `refused ${authenticationId} ${id} authentication.secret_expired`)
  resetLog(crm.simulator.log)
  await Promise.all(Array.from({ length: 20 }, () => assert.rejects(whoAmI(other, id), expired)))
  assert.equal(crm.simulator.log.total, 0)

  const wrong = (error: HubError) => error.code === 'authentication.secret_wrong'
  await assert.rejects(hub.connections.replaceSecret(authenticationId, 'not~the~secret~at~all'), wrong)
  assert.equal((await hub.connections.find(id)).state, 'needs_attention')
  app.secrets.push({ value: 'another~secret~of~the~app', expiresAt: null })
  await hub.connections.replaceSecret(authenticationId, ' another~secret~of~the~app\n')
  assert.equal((await hub.connections.find(id)).state, 'active')
  for (const connections of [first, other]) assert.equal((await whoAmI(connections, id)).status, 200)
})

test('an issuer that is out for a while breaks no connection', async (t) => {
  const { hub, crm, id } = await connected(t)
  const [late] = (await afterItsHour(hub, id, 1)) as [Connections]
  addFault(crm.simulator.faults, { kind: '503', on: 'token', times: 2 })
  assert.equal((await whoAmI(late, id)).status, 200)
  assert.equal(crm.simulator.faults.list.length, 0, 'the issuer was asked')
  assert.equal((await hub.connections.find(id)).state, 'active')
})

test('re-checks come at growing pauses, one process at a time, and mend the connection', async (t) => {
  const { hub, crm, id } = await connected(t)
  crm.simulator.org.settings.member = false
  await hub.connections.noteFault(id, await await sessionError(hub, id))
  assert.equal((await hub.connections.find(id)).problem?.code, 'crm.no_user')
  const processes = [hub.connections, hub.process(), hub.process()]
  const pauses: number[] = []
  for (let round = 0; round < 5; round += 1) {
    await letRecheck(hub)
    resetLog(crm.simulator.log)
    await Promise.all(processes.map((one) => one.tend()))
    assert.equal(crm.simulator.log.counts.whoami, 1)
    const { problem } = await hub.connections.find(id)
    pauses.push(Math.round((Date.parse(problem!.nextCheckAt) - Date.now()) / 30_000))
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 10])
  crm.simulator.org.settings.member = true
  await Promise.all(processes.map((one) => one.tend()))
  assert.equal((await hub.connections.find(id)).state, 'needs_attention', 'not before its time')
  await letRecheck(hub)
  await Promise.all(processes.map((one) => one.tend()))
  const mended = await hub.connections.find(id)
  assert.deepEqual([mended.state, mended.problem], ['active', null])
})

/** What a reader of answers would say of the organisation's refusal. */
async function sessionError(hub: TestHub, id: string): Promise<unknown> {
  return await hub.connections.check(id).then(
    () => assert.fail('the check passed'),
    (error: unknown) => error,
  )
}

/** The pause before the next re-check is over. */
async function letRecheck(hub: TestHub): Promise<void> {
  await hub.pool.query(
    `update jackfield.connection set problem = problem || jsonb_build_object('nextCheckAt', now() - interval '1 s')`,
  )
}

test('one authentication may serve two organisations, each with tokens for its own address only', async (t) => {
  const { hub, crm, id, authenticationId } = await connected(t)
  const second = await startCrm(t, hub, { seed: 2 })
  shareDirectory(crm, second)
  const other = await hub.connections.connect({
    crm: 'dynamics',
    url: second.url,
    authentication: { id: authenticationId },
  })
  assert.equal(other.authenticationId, authenticationId)
  for (const one of [id, other.id, id, other.id]) assert.equal((await whoAmI(hub.connections, one)).status, 200)
  assert.equal(await numberOf(hub), 2)
})

test('a token never leaves for another origin', async (t) => {
  const { hub, crm, id } = await connected(t)
  const other = await startCrm(t, hub, { seed: 2 })
  const session = await hub.connections.session(id)
  for (const link of [
    `${other.url}${path}`,
    `//${new URL(other.url).host}${path}`,
    'https://crm4.dynamics.com/',
    'http://',
  ]) {
    await assert.rejects(
      session.call(link, { lane: 'initial', retry: 'safe' }),
      (error: HubError) => error.code === 'crm.foreign_link',
    )
  }
  assert.equal(other.simulator.log.total, 0)
  assert.equal((await session.call(`${crm.url}${path}`, { lane: 'initial', retry: 'safe' })).status, 200)
})

test('a refusal that comes after another process had a token breaks nothing', async (t) => {
  const { hub, id, authenticationId } = await connected(t)
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()]
  const late = {
    ...connectorOf('dynamics'),
    requestToken: () => {
      asked.resolve()
      return answer.promise
    },
  }
  await hub.pool.query('update jackfield.authentication set token = null')
  const slept = hub.process({ connectorOf: () => late })
  const call = whoAmI(slept, id).catch((error: HubError) => error.code)
  await asked.promise
  // Its process slept for longer than its lease lasts.
  await hub.pool.query(`update jackfield.lease set until = '-infinity', epoch = epoch + 1`)
  assert.equal((await whoAmI(hub.connections, id)).status, 200)
  answer.reject(new HubError('authentication.rejected', 'It was used already'))
  await call
  const { rows } = await hub.pool.query('select problem from jackfield.authentication where id = $1', [
    authenticationId,
  ])
  assert.equal(rows[0].problem, null)
  assert.equal((await hub.connections.find(id)).state, 'active')
})
