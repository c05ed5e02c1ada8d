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

test('a word that an option does not take is told with those that it takes', () => {
  const { status, stderr } = start('bench/run.ts', 'sync', '--only', 'everything')
  assert.equal(status, 2)
  assert.match(stderr, /^Option '--only' takes .*latency.*\n$/)
})

test('npm run bench without a part tells which there are', () => {
  assert.deepEqual([start('bench/run.ts', '--help').status, start('bench/run.ts', 'nothing').status], [0, 2])
})
