import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HubError } from './errors.ts'
import { createLog } from './log.ts'
import { createRedactor } from './redact.ts'

function capture(options: Parameters<typeof createLog>[0] = {}) {
  const lines: string[] = []
  const clock = { now: () => Date.UTC(2026, 1, 28, 23, 59, 59, 7), monotonic: () => 0, sleep: async () => {} }
  return { lines, log: createLog({ clock, redactor: createRedactor(), write: (line) => lines.push(line), ...options }) }
}

test('a line is one JSON object with time, level, message and fields', () => {
  const { lines, log } = capture()
  log
    .child({ connection: 'c1' })
    .warn('page failed\nnot a new line', { page: 3, error: new HubError('crm.tls', 'expired') })
  assert.equal(lines.length, 1)
  assert.ok(lines[0]?.endsWith('}\n') && lines[0].indexOf('\n') === lines[0].length - 1)
  const line = JSON.parse(lines[0] ?? '')
  assert.equal(line.time, '2026-02-28T23:59:59.007Z')
  assert.equal(line.level, 'warn')
  assert.equal(line.connection, 'c1')
  assert.equal(line.page, 3)
  assert.equal(line.error.code, 'crm.tls')
  assert.equal(line.error.message, 'expired')
})

test('as text a foreign value can neither begin a line nor colour the terminal', () => {
  const { lines, log } = capture({ format: 'text' })
  log.info('name \n2026 error forged', { name: 'x\r\ny \u001b[31m', count: 2, id: 'a-1', none: undefined })
  assert.equal(lines.length, 1)
  assert.match(
    lines[0] ?? '',
    /^23:59:59\.007 info {2}name {2}2026 error forged name="x\\r\\ny \\u001b\[31m" count=2 id=a-1\n$/,
  )
})

test('what is below the level is not written, and secrets are not written at any', () => {
  const { lines, log } = capture({ level: 'warn' })
  log.debug('no')
  log.info('no')
  log.error('yes', { url: 'https://hub/cb?code=12345678', headers: { authorization: 'Bearer abc' } })
  assert.equal(lines.length, 1)
  assert.ok(!/12345678|Bearer abc/.test(lines[0] ?? ''))
})
