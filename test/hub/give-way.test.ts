import assert from 'node:assert/strict'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { pid, platform } from 'node:process'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'

const file = join(import.meta.dirname, '../../src/give-way.ts')
const program = `
  const { getPriority } = require('node:os')
  import(${JSON.stringify(file)}).then(({ createGiveWay }) => {
    const way = createGiveWay()
    const before = way.lasts
    way.ask()
    require('node:worker_threads').parentPort.postMessage({ before, during: way.lasts, priority: getPriority() })
  })`

test('when a caller is looked up the thread of the work gives way, and the doors beside it do not', async () => {
  const doors = getPriority(pid)
  const [told] = await once(new Worker(program, { eval: true }), 'message')
  const lowered = platform === 'linux' ? Math.min(19, doors + 10) : doors
  assert.deepEqual(told, { before: false, during: true, priority: lowered })
  assert.equal(getPriority(pid), doors)
})
