import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const project = join(import.meta.dirname, '../..')

function start(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' })
  return { status, stdout, stderr }
}

const programs = [
  ['test/torture/run.ts'],
  ['test/conformance/run.ts'],
  ['test/security/run.ts'],
  ['test/a11y/run.ts'],
  ...['sync', 'inbox', 'lookup', 'desktop'].map((part) => ['bench/run.ts', part]),
]

for (const program of programs) {
  test(`${program.join(' ')} tells its options, and what is none in one line`, () => {
    const help = start(...program, '--help')
    assert.deepEqual([help.status, help.stderr], [0, ''])
    assert.match(help.stdout, /\[options\]\n {2}--\w/)

    // Those that load quickly; all read their options the same way.
    const wrongs = program[0] === 'test/torture/run.ts' ? ['--nonsense', 'word', '--only'] : ['--nonsense']
    for (const wrong of wrongs) {
      const { status, stdout, stderr } = start(...program, wrong)
      assert.deepEqual([status, stdout], [2, ''], wrong)
      assert.match(stderr, /^[^\n]*(--nonsense|word|--only)[^\n]* --help\n$/)
    }
  })
}

const refused: [string[], RegExp][] = [
  [['bench/run.ts', 'sync', '--only', 'everything'], /'--only' takes .*latency/],
  [['bench/run.ts', 'sync', '--crm', 'nobody'], /'--crm' takes dynamics, salesforce/],
  [['bench/run.ts', 'sync', '--pairs', '2.5'], /'--pairs' takes a whole number, 1 at the least/],
  [['bench/run.ts', 'desktop', '--only', 'everything'], /'--only' takes .*tokens/],
  [['bench/run.ts', 'lookup', '--records', '1e6'], /'--records' takes a whole number/],
  [['test/conformance/run.ts', '--crm', 'nobody'], /'--crm' takes dynamics, salesforce/],
  [['test/conformance/run.ts', '--behaviour', 'nothing such'], /'--behaviour' takes .*, /],
  [['test/torture/run.ts', '--crm', 'nobody'], /'--crm' takes dynamics, .*dataverse-destination/],
  [['test/torture/run.ts', '--rounds', 'abc'], /'--rounds' takes a whole number, 1 at the least/],
  [['test/torture/run.ts', '--desktop', '--interactions', 'x'], /'--interactions' takes a whole number/],
  [['test/torture/run.ts', '--seed', '-1'], /'--seed' /],
  [['test/torture/run.ts', '--seed', 'x'], /'--seed' takes a whole number, 0 at the least/],
  [['test/torture/run.ts', '--planted', '--only', 'nothing'], /'--only' takes .*role-remembered/],
  [['test/torture/run.ts', '--desktop', '--planted', '--only', 'nothing'], /'--only' takes .*fold-by-arrival/],
]

for (const [args, told] of refused) {
  test(`${args.join(' ')} is refused in one line that names what is taken`, () => {
    const { status, stdout, stderr } = start(...args)
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, told)
    assert.match(stderr, /^[^\n]+\n$/)
  })
}

test('npm run bench without a part tells which there are', () => {
  assert.deepEqual([start('bench/run.ts', '--help').status, start('bench/run.ts', 'nothing').status], [0, 2])
})
