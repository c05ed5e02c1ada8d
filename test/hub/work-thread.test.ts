import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

const file = join(import.meta.dirname, '../../src/work-thread.ts')

/** Nothing listens on port 9, so the thread cannot begin. */
const order = {
  settings: { dataFolder: '/nonexistent', keepWritesDays: 1 },
  databaseUrl: 'postgres://nobody@127.0.0.1:9/none',
  logLevel: 'silent',
  logFormat: 'json',
}
const program = `
  import(${JSON.stringify(file)}).then(({ createWorkThread }) =>
    createWorkThread(${JSON.stringify(order)}, () => undefined).start())
  setInterval(() => undefined, 1_000)`

test('work that fails ends its process, rather than leave doors open before a hub that does nothing', async () => {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stderr: string }>()
  execFile(process.execPath, ['--eval', program], (error, _, stderr) => {
    resolve({ code: error?.code, stderr })
  })
  const { code, stderr } = await promise
  assert.notEqual(code, 0)
  assert.match(stderr, /ECONNREFUSED/)
})
