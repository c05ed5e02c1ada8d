import { readOptions } from '../../scripts/read-options.ts'
import { createScope } from '../conformance/scope.ts'
import { startTestCluster } from '../support/cluster.ts'
import { checkConsole } from './checks.ts'

const values = readOptions('npm run check:a11y --', {
  json: { type: 'boolean', default: false, about: 'the last line is JSON alone' },
  short: { type: 'boolean', default: false, about: 'few of the pages' },
  pictures: { type: 'boolean', default: false, about: 'writes docs/images/pages anew' },
})

async function run(): Promise<boolean> {
  const began = performance.now()
  const cluster = await startTestCluster()
  process.env.JACKFIELD_TEST_DATABASE_URL = cluster.url
  const scope = createScope('a11y')
  const tell = values.json ? {} : { onTold: (line: string) => console.log(line) }
  try {
    const { violations, ...counts } = await checkConsole(scope, { ...values, ...tell })
    for (const { page, view, rule, at } of values.json ? [] : violations)
      console.log(`✗ ${page} (${view}) ${rule}: ${at}`)
    const ok = violations.length === 0
    const seconds = Math.round((performance.now() - began) / 1000)
    console.log(JSON.stringify({ name: 'check:a11y', ok, ...counts, seconds, violations }))
    return ok
  } finally {
    await scope.end()
    await cluster.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exit((await run()) ? 0 : 1)
