import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmReply } from '#connectors/call.ts'
import { readQuota, refusal } from './client.ts'

const day = 'TotalRequests Limit exceeded.'
const concurrent = 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'

function refused(status: number, message: string, headers: Record<string, string> = {}): CrmReply {
  const text = JSON.stringify([{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }])
  return { status, headers, body: Buffer.from(text), text }
}

/** Seconds that the hub waits. */
function waited(reply: CrmReply): number {
  const { code, detail } = refusal(reply, 'to be asked')
  assert.equal(code, 'crm.throttled')
  assert.ok(detail.mend)
  return Math.round((detail.retryAt! - Date.now()) / 1000)
}

test('a limit is waited for as long as Salesforce says, within bounds, whatever its status', () => {
  for (const status of [403, 429]) {
    for (const text of [day, concurrent, 'Too many requests.']) {
      assert.equal(waited(refused(status, text, { 'retry-after': '40' })), 40)
      assert.equal(waited(refused(status, text, { 'retry-after': '9999999' })), 6 * 3600)
      const reading = readQuota(refused(status, text, { 'retry-after': '40' }))
      assert.ok(reading && reading !== 'used up' && 'until' in reading && reading.until > Date.now() + 30_000)
    }
  }
})

test('where it does not say, a used up day is waited for long, anything else shortly', () => {
  assert.deepEqual([waited(refused(403, day)), waited(refused(429, day))], [900, 900])
  assert.deepEqual([waited(refused(403, concurrent)), waited(refused(429, concurrent))], [10, 10])
  assert.equal(waited(refused(429, 'Too many requests.')), 5)
  assert.deepEqual([readQuota(refused(403, day)), readQuota(refused(429, day))], ['used up', 'used up'])
  assert.deepEqual([readQuota(refused(403, concurrent)), readQuota(refused(429, 'Too many requests.'))], [null, null])
})
