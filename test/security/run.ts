import { readOptions } from '../../scripts/read-options.ts'
import { createScope } from '../conformance/scope.ts'
import { startTestCluster } from '../support/cluster.ts'
import { checkHub } from './checks.ts'
import { checkDependencies } from './dependencies.ts'
import type { Finding } from './finding.ts'

const values = readOptions('npm run check:security --', {
  json: { type: 'boolean', default: false, about: 'the last line is JSON alone' },
  short: { type: 'boolean', default: false, about: 'fewer cases of each check' },
})

function tell({ check, cases, problems, notRun }: Finding): void {
  if (values.json) return
  const mark = notRun !== undefined ? '–' : problems.length === 0 ? '✓' : '✗'
  console.log(`${mark} ${check}: ${notRun === undefined ? `${cases} tried` : `not run, ${notRun}`}`)
  for (const problem of problems.slice(0, 50)) console.log(`    ${problem}`)
}

async function run(): Promise<boolean> {
  const cluster = await startTestCluster()
  process.env.JACKFIELD_TEST_DATABASE_URL = cluster.url
  const scope = createScope('security')
  try {
    const findings = await checkHub(scope, { short: values.short, onFinding: tell })
    const dependencies = await checkDependencies()
    tell(dependencies)
    const all = [...findings, dependencies]
    const ok = all.every(({ problems }) => problems.length === 0)
    const checks = Object.fromEntries(
      all.map(({ check, cases, problems, notRun }) => [
        check,
        {
          cases,
          problems: problems.length,
          ...(notRun === undefined ? {} : { notRun }),
          ...(problems.length > 0 ? { first: problems.slice(0, 20) } : {}),
        },
      ]),
    )
    console.log(JSON.stringify({ name: 'security', ok, cases: all.reduce((sum, { cases }) => sum + cases, 0), checks }))
    return ok
  } finally {
    await scope.end()
    await cluster.stop()
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exit((await run()) ? 0 : 1)
