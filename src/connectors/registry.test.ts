import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { connectorOf, connectors } from './registry.ts'

const filesOfEach = ['auth', 'client', 'wire', 'fields', 'pages', 'changes', 'subscribe', 'write', 'connector']

test('every connector has a folder of its own with the same file names, and every folder a connector', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  assert.deepEqual(connectors.map(({ manifest }) => manifest.crm).sort(), folders.sort())
  for (const folder of folders) {
    for (const file of filesOfEach)
      assert.ok(existsSync(`${import.meta.dirname}/${folder}/${file}.ts`), `${folder}/${file}`)
    assert.ok(existsSync(`${import.meta.dirname}/${folder}/README.md`), `${folder}/README.md`)
  }
})

test('every ability is there, or says what it lacks', () => {
  for (const { manifest } of connectors) {
    for (const ability of Object.values(manifest.abilities)) assert.ok(ability === true || ability.lacks.length > 0)
    assert.ok(manifest.idsPerRead > 0 && manifest.quota.calls > 0 && manifest.quota.seconds > 0)
    assert.ok(manifest.authentication.fields.some((field) => field.secret))
  }
})

test('an unknown CRM is refused with those that are known', () => {
  assert.equal(connectorOf('dynamics').manifest.title, 'Dynamics 365')
  assert.throws(() => connectorOf('saleforce'), { code: 'input.invalid', message: /saleforce/ })
})
