import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectors } from '#connectors/registry.ts'
import { defaultMapping } from '#destination/mapping.ts'
import { startDynamics } from '../../simulators/dynamics/server.ts'
import { startSalesforce } from '../../simulators/salesforce/server.ts'
import { connectBody, serveHub, until } from '../server/served-hub.ts'
import { control, rowsOf } from './two-organisations.ts'

const file = join(import.meta.dirname, '../../../shared/data/crm-mappings/predefined-column-mappings.json')
const skip = existsSync(file) ? false : 'the vendor’s tables are not here'

type Table = { rows: [string, string][] }

const entities = ['account', 'contact'] as const
const implied = /^(contactid|accountid|msdyn_source_crm|msdyn_source_crm_id|msdyn_source_crm_url)$/

test('every row of the vendor’s predefined mappings is a default, but for ids and sources, which are written for all', {
  skip,
}, () => {
  const asked = predefined()
  for (const { crm, entity, from, to } of asked) {
    const line = defaultMapping[entity][crm]!.find((one) => one.to === to)
    assert.ok(line && 'field' in line, `${crm} ${entity} ${to}`)
    assert.equal(line.field.toLowerCase(), from.toLowerCase())
  }
  assert.ok(asked.length > 30)
})

test('each of them, of a CRM that has a connector, is copied by default', { skip }, () => {
  const asked = predefined().filter(({ crm }) => connectors.some(({ manifest }) => manifest.crm === crm))
  assert.deepEqual([...new Set(asked.map(({ crm }) => crm))], ['salesforce'])
  assert.deepEqual(
    asked.filter(({ crm, entity, from }) => !isCopied(crm, entity, from)),
    [],
  )
})

test('every default mapping of a CRM that has a connector draws on what is copied by default', () => {
  for (const { manifest } of connectors)
    for (const entity of entities)
      for (const line of defaultMapping[entity][manifest.crm] ?? [])
        assert.ok('field' in line && isCopied(manifest.crm, entity, line.field), `${manifest.crm} ${line.to}`)
})

function predefined() {
  const { pages } = JSON.parse(readFileSync(file, 'utf8')) as { pages: Record<string, Record<string, Table>> }
  const rows = Object.entries(pages).flatMap(([page, tables]) => {
    const crm = /configure-(\w+)-connector/.exec(page)![1]!
    return entities.flatMap((entity) => {
      const table = tables[entity === 'account' ? 'Account' : 'Contact']!
      return table.rows.map(([from, to]) => ({ crm, entity, from, to: to.toLowerCase() }))
    })
  })
  return rows.filter(({ to }) => !implied.test(to))
}

function isCopied(crm: string, entity: string, column: string): boolean {
  const { defaultTables } = connectors.find(({ manifest }) => manifest.crm === crm)!
  return defaultTables.some((table) => table.entity === entity && table.columns.includes(column))
}

test('all of Salesforce’s predefined columns reach Dataverse, the name of an assistant among them', async (t) => {
  const from = await startSalesforce({ records: 120, seed: 4 })
  const to = await startDynamics({ records: 2, seed: 2 })
  t.after(async () => {
    await from.close()
    await to.close()
  })
  const [first] = await rowsOf(from as never, 'Contact')
  const fields = { AssistantPhone: '+32 2 555 01 02' }
  await control(from as never, '/records', { entity: 'Contact', operation: 'change', id: first![0], fields })
  const hosts = [from, to].map(({ url }) => new URL(url).host).join(',')
  const hub = await serveHub(t, { work: true, environment: { JACKFIELD_ALLOW_HOSTS: hosts } })
  const json = {
    ...{ crm: 'salesforce', url: from.url, name: 'Sales' },
    authentication: { settings: { flow: 'client_credentials', clientId: from.clientId }, secret: from.clientSecret },
  }
  const made = await hub.ask('/api/v1/connections', { json })
  assert.equal(made.status, 201, made.text)
  const target = await hub.ask('/api/v1/connections', { json: connectBody(to) })
  const named = await hub.ask('/api/v1/destinations', { json: { connection: target.json.id } })
  assert.equal((await hub.ask(`/api/v1/destinations/${named.json.id}/start`, { method: 'POST' })).status, 200)

  for (const entity of entities) {
    const table = entity === 'account' ? 'Account' : 'Contact'
    const given = [...(await rowsOf(from as never, table)).values()].filter(({ deleted }) => !deleted)
    const there = await until(`every ${entity} is there`, async () => {
      const rows = [...(await rowsOf(to, entity)).values()].filter(({ fields }) => fields.msdyn_source_crm_id)
      return rows.length === given.length && new Map(rows.map((row) => [row.fields.msdyn_source_crm_id, row.fields]))
    })
    const columns = defaultMapping[entity].salesforce!.filter((line) => line.to !== 'parentcustomerid')
    for (const line of columns) {
      const field = 'field' in line ? line.field : ''
      const valued = given.filter(({ fields }) => (fields[field] ?? null) !== null)
      assert.ok(valued.length > 0, `somebody has ${field}`)
      for (const { fields } of valued) assert.equal(there.get(fields.Id)?.[line.to], fields[field], line.to)
    }
    const { json: readiness } = await hub.ask(`/api/v1/destinations/${named.json.id}/readiness`)
    const lines = defaultMapping[entity].salesforce!.length
    const told = readiness.requirements.find(
      ({ name, subject }: { name: string; subject: string }) =>
        name === 'mapping' && subject === `salesforce ${entity}`,
    )
    assert.equal(told.message, `${lines} columns are filled.`)
  }
})
