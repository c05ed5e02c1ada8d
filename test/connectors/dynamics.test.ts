import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckStep } from '#connectors/connector.ts'
import { connectorOf } from '#connectors/registry.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { openSession } from '../support/crm-session.ts'
import { type DynamicsTest, startDynamicsTest } from './dynamics-world.ts'

const dynamics = connectorOf('dynamics')

async function withDynamics(run: (world: DynamicsTest) => Promise<void>): Promise<void> {
  const world = await startDynamicsTest()
  try {
    await run(world)
  } finally {
    await world.close()
  }
}

test('an organisation tells its tenant and who is calling', () =>
  withDynamics(async ({ sim, session }) => {
    const found = await dynamics.discover(session.open, sim.url, { authority: sim.authority })
    assert.deepEqual(found, { tenant: sim.tenant, authority: sim.authority })
    const { organisation, userId } = await dynamics.identify(session)
    assert.equal(organisation, sim.simulator.org.id)
    assert.equal(userId, sim.simulator.org.appUser)
  }))

test('each wrong part of a sign-in is named, and the secret is in none of the errors', () =>
  withDynamics(async ({ sim, session }) => {
    const right = { authority: sim.authority, tenant: sim.tenant, clientId: sim.clientId }
    const app = [...sim.simulator.directory.apps.values()][0]!
    const attempt = async (settings: object, secret = sim.clientSecret) => {
      const caught = await dynamics
        .requestToken(session.open, sim.url, { settings: { ...right, ...settings }, secret })
        .then(
          () => null,
          (error: unknown) => error,
        )
      assert.ok(caught instanceof HubError)
      assert.ok(caught.detail.mend)
      assert.ok(!JSON.stringify([caught.message, caught.detail, caught.stack]).includes(secret))
      return caught.code
    }
    assert.equal(await attempt({ tenant: '00000000-0000-4000-8000-000000000000' }), 'authentication.tenant_unknown')
    assert.equal(await attempt({ clientId: '00000000-0000-4000-8000-000000000000' }), 'authentication.client_unknown')
    assert.equal(await attempt({}, 'a wrong secret'), 'authentication.secret_wrong')
    assert.equal(await attempt({ scope: 'https://other.example/.default' }), 'authentication.rejected')
    app.secrets = [{ value: sim.clientSecret, expiresAt: Date.now() - 1000 }]
    assert.equal(await attempt({}), 'authentication.secret_expired')
  }))

test('what is no Dynamics is told from what is', () =>
  withDynamics(async ({ sim, session, post }) => {
    await post('faults', { kind: 'html', times: 0, on: ['whoami'] })
    await assert.rejects(dynamics.identify(session), { code: 'connection.not_the_crm' })
    await assert.rejects(dynamics.discover(session.open, sim.url), { code: 'connection.not_the_crm' })
  }))

test('an application that is no user of the organisation is told so', () =>
  withDynamics(async ({ session, post }) => {
    await post('settings', { member: false })
    await assert.rejects(dynamics.identify(session), (error) => {
      return isHubError(error, 'crm.no_user') && /application user/.test(error.detail.mend ?? '')
    })
  }))

test('tables are described with labels, options, targets and lengths, and without shadows', () =>
  withDynamics(async ({ session }) => {
    const table = await dynamics.describeTable(session, 'contact')
    const field = (name: string) => table.fields.find((one) => one.name === name)
    assert.equal(table.setName, 'contacts')
    assert.equal(table.idField, 'contactid')
    assert.equal(table.nameField, 'fullname')
    assert.equal(table.changeTracking, true)
    assert.deepEqual(Object.keys(table.labels).sort(), ['en', 'fr', 'nl'])
    assert.equal(field('gendercode')?.options?.[1]?.labels.nl, 'Vrouw')
    assert.deepEqual(
      field('donotphone')?.options?.map(({ value }) => value),
      [0, 1],
    )
    assert.equal(field('lastname')?.maxLength, 50)
    assert.equal(field('birthdate')?.type, 'date')
    assert.equal(field('modifiedon')?.type, 'datetime')
    assert.equal(field('versionnumber')?.type, 'bigint')
    assert.equal(field('fullname')?.updatable, false)
    assert.deepEqual(field('_parentcustomerid_value')?.targets, ['account', 'contact'])
    assert.deepEqual(field('_parentcustomerid_value')?.binds?.account, {
      property: 'parentcustomerid_account',
      setName: 'accounts',
    })
    assert.deepEqual(field('_ownerid_value')?.binds?.team, { property: 'ownerid', setName: 'teams' })
    assert.equal(field('parentcustomeridname'), undefined)
    await assert.rejects(dynamics.describeTable(session, 'nothing'), { code: 'resource.not_found' })
    await assert.rejects(dynamics.describeTable(session, "x')/Attributes"), { code: 'resource.not_found' })
    const names = (await dynamics.listTables(session)).map(({ name }) => name)
    assert.ok(names.includes('contact') && names.includes('incident'))
  }))

test('a table that may not be read fails its own check only', () =>
  withDynamics(async ({ session, post }) => {
    await post('settings', { denied: { account: ['Read'] } })
    const steps: CheckStep[] = []
    for await (const step of dynamics.checkTables(session, ['account', 'contact', 'nothing'])) steps.push(step)
    assert.deepEqual(
      steps.map(({ subject, ok }) => [subject, ok]),
      [
        ['account', false],
        ['contact', true],
        ['nothing', false],
      ],
    )
    assert.match(steps[0]!.mend ?? '', /prvReadaccount/i)
  }))

test('a JSON number keeps each of its digits from the CRM to the row', () =>
  withDynamics(async ({ session, post }) => {
    const table = await dynamics.describeTable(session, 'account')
    const scope = { table, columns: ['accountid', 'revenue', 'exchangerate'], filter: null }
    const made = await post('records', {
      entity: 'account',
      operation: 'create',
      fields: { name: 'Exact', revenue: '92233720368547758.0700', exchangerate: '1.0000000000' },
    })
    const { rows } = await dynamics.readByIds(session, scope, [(made as { id: string }).id], 'person')
    assert.match(rows[0]!.toString(), /"revenue":92233720368547758\.0700,"exchangerate":1\.0000000000/)
  }))

test('about how many rows there are, also of those that pass a filter', () =>
  withDynamics(async ({ session, sim }) => {
    const table = await dynamics.describeTable(session, 'contact')
    const live = sim.simulator.org.tables.get('contact')!.live
    assert.equal(await dynamics.estimate(session, { table, columns: [], filter: null }), live)
    assert.equal(await dynamics.estimate(session, { table, columns: [], filter: { any: [] } }), 0)
  }))

test('a large table is counted by its snapshot, where there is one', async () => {
  const world = await startDynamicsTest(7000)
  try {
    const table = await dynamics.describeTable(world.session, 'contact')
    const scope = { table, columns: [], filter: null }
    const live = world.sim.simulator.org.tables.get('contact')!.live
    assert.ok(live > 5000)
    assert.equal(await dynamics.estimate(world.session, scope), live)
    const most = { ...scope, filter: { field: 'statecode', is: 'ge', value: 0 } as const }
    assert.equal(await dynamics.estimate(world.session, most), null)
    await world.post('faults', { kind: '500', status: 501, times: 0, on: ['totalCount'] })
    await assert.rejects(dynamics.estimate(world.session, scope), { code: 'crm.unreachable' })
  } finally {
    await world.close()
  }
})

test('bytes that are no text fail their page', () =>
  withDynamics(async ({ session, post }) => {
    const table = await dynamics.describeTable(session, 'contact')
    const scope = { table, columns: ['contactid'], filter: null }
    const walk = { kind: 'query' } as const
    const bodies = [Buffer.from('{"value":[{"x":"\xff"}]}', 'latin1'), Buffer.from('{"value":[]}', 'utf16le')]
    for (const body of bodies) {
      await post('faults', { kind: 'body', base64: body.toString('base64'), times: 1, on: ['page', 'enumerate'] })
      const read = dynamics.readPage(session, dynamics.firstLink(scope, walk), walk, { lane: 'initial', pageSize: 5 })
      assert.ok((await read).rows.length > 0, 'asked again, and answered well')
    }
    await post('faults', { kind: 'body', base64: bodies[0]!.toString('base64'), times: 0, on: ['page', 'enumerate'] })
    const read = dynamics.readPage(session, dynamics.firstLink(scope, walk), walk, { lane: 'initial', pageSize: 5 })
    await assert.rejects(read, { code: 'crm.body_invalid' })
  }))

test('a session of another organisation is refused its token', () =>
  withDynamics(async ({ sim }) => {
    const other = await startDynamicsTest(6)
    const settings = { authority: sim.authority, tenant: sim.tenant, clientId: sim.clientId }
    const session = openSession(dynamics, other.sim.url, { settings, secret: sim.clientSecret })
    try {
      await assert.rejects(dynamics.identify(session), { code: 'authentication.rejected' })
    } finally {
      await session.door.close()
      await other.close()
    }
  }))
