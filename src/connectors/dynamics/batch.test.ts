import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmReply } from '#connectors/call.ts'
import { isHubError } from '#core/errors.ts'
import { readBatch, readChangeSet, writeBatch, writeChangeSet } from './batch.ts'

const reply = (text: string): CrmReply => ({
  status: 200,
  headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' },
  text,
  body: Buffer.from(text),
})

const part = (status: string, body = '') =>
  [
    '--batchresponse_1',
    'Content-Type: application/http',
    '',
    `HTTP/1.1 ${status}`,
    'OData-Version: 4.0',
    '',
    body,
    '',
  ].join('\r\n')

test('each request of a batch stands alone, with CRLF and its own headers', () => {
  const { body, contentType } = writeBatch(
    [
      {
        method: 'PATCH',
        path: '/api/x(1)',
        headers: { 'content-type': 'application/json', 'if-match': '*' },
        body: '{}',
      },
      { method: 'DELETE', path: '/api/x(2)', headers: { 'if-match': '*' } },
    ],
    'https://contoso.example',
  )
  const boundary = /boundary="(.+)"/.exec(contentType)![1]!
  assert.equal(body.split(`--${boundary}\r\n`).length, 3)
  assert.match(
    body,
    /PATCH https:\/\/contoso\.example\/api\/x\(1\) HTTP\/1\.1\r\ncontent-type: application\/json; type=entry\r\n/,
  )
  assert.ok(body.endsWith(`--${boundary}--\r\n`))
  assert.ok(!/[^\r]\n/.test(body))
})

test('the answers come back in their order, with status, headers and body', () => {
  const text = `${part('200 OK', '{"a":"--batch"}')}${part('412 Precondition Failed', '{"error":{}}')}${part('204 No Content')}--batchresponse_1--\r\n`
  const answers = readBatch(reply(text), 3)
  assert.deepEqual(
    answers.map(({ status, text: body }) => [status, body]),
    [
      [200, '{"a":"--batch"}'],
      [412, '{"error":{}}'],
      [204, ''],
    ],
  )
  assert.equal(answers[0]!.headers['odata-version'], '4.0')
})

test('an answer with parts missing is none: any of the rows may be written', () => {
  const whole = `${part('200 OK', '{}')}--batchresponse_1--\r\n`
  for (const text of [whole, part('200 OK', '{}'), '<html>', '']) {
    assert.throws(
      () => readBatch(reply(text), 2),
      (error) => isHubError(error, 'crm.body_invalid'),
    )
  }
})

test('a change set stands within its batch, each request with an id of its own', () => {
  const write = { method: 'PATCH', path: '/api/x(1)', headers: { 'if-match': '*' }, body: '{}' }
  const { body, contentType } = writeChangeSet([write, write], 'https://contoso.example')
  const [outer, inner] = [contentType, body].map((text) => /boundary="(.+)"/.exec(text)![1]!)
  assert.deepEqual([body.split(`--${outer}\r\n`).length, body.split(`--${inner}\r\n`).length], [2, 3])
  assert.match(body, /Content-ID: 1\r\n[\s\S]*Content-ID: 2\r\n/)
  assert.ok(!/[^\r]\n/.test(body))
})

test('of a change set the last answer counts, or the one by which all of it failed', () => {
  const inner = `${part('204 No Content')}${part('200 OK', '{"last":1}')}--batchresponse_1--\r\n`.replaceAll(
    'batchresponse',
    'changesetresponse',
  )
  const whole = `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n${inner}\r\n--batchresponse_1--\r\n`
  assert.equal(readChangeSet(reply(whole), 2).text, '{"last":1}')
  const failed = { ...reply(`${part('412 Precondition Failed', '{}')}--batchresponse_1--\r\n`), status: 400 }
  assert.equal(readChangeSet(failed, 2).status, 412)
  const throttled = { ...reply('{}'), status: 429, headers: { 'content-type': 'application/json' } }
  assert.equal(readChangeSet(throttled, 2).status, 429)
  const cut = { ...failed, text: failed.text.slice(0, 40) }
  for (const unreadable of [reply('<html>'), reply(whole.slice(0, -30)), cut]) {
    assert.throws(
      () => readChangeSet(unreadable, 2),
      (error) => isHubError(error, 'crm.body_invalid'),
    )
  }
})
