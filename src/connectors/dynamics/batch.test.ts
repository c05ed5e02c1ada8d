import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CrmReply } from '#connectors/call.ts'
import { isHubError } from '#core/errors.ts'
import { type Item, readBatch, readChangeSet, writeBatch } from './batch.ts'

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

const request = { method: 'PATCH', path: '/api/x(1)', headers: { 'if-match': '*' }, body: '{}' }
const alone: Item = [request]
const set: Item = [request, request]

test('each request of a batch stands alone, with CRLF and its own headers', () => {
  const { body, contentType } = writeBatch(
    [
      [{ ...request, headers: { 'content-type': 'application/json', 'if-match': '*' } }],
      [{ method: 'DELETE', path: '/api/x(2)', headers: { 'if-match': '*' } }],
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
  const answers = readBatch(reply(text), [alone, alone, alone])
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
      () => readBatch(reply(text), [alone, alone]),
      (error) => isHubError(error, 'crm.body_invalid'),
    )
  }
})

test('a change set stands within its batch, each request with an id of its own', () => {
  const { body, contentType } = writeBatch([set], 'https://contoso.example')
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
  assert.equal(readChangeSet(reply(whole), set).text, '{"last":1}')
  const failed = { ...reply(`${part('412 Precondition Failed', '{}')}--batchresponse_1--\r\n`), status: 400 }
  assert.equal(readChangeSet(failed, set).status, 412)
  const throttled = { ...reply('{}'), status: 429, headers: { 'content-type': 'application/json' } }
  assert.equal(readChangeSet(throttled, set).status, 429)
  const cut = { ...failed, text: failed.text.slice(0, 40) }
  for (const unreadable of [reply('<html>'), reply(whole.slice(0, -30)), cut]) {
    assert.throws(
      () => readChangeSet(unreadable, set),
      (error) => isHubError(error, 'crm.body_invalid'),
    )
  }
})

test('change sets and single requests share a batch, and each has the answer that is its own', () => {
  const { body, contentType } = writeBatch([set, alone, set], 'https://contoso.example')
  const boundary = /boundary="(.+)"/.exec(contentType)![1]!
  assert.equal(body.split(`--${boundary}\r\n`).length, 4)
  assert.deepEqual(
    body.match(/Content-ID: \d/g),
    ['1', '2', '3', '4'].map((id) => `Content-ID: ${id}`),
  )
  const answered = (last: string) =>
    `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_2\r\n\r\n${`${part('204 No Content')}${part('200 OK', last)}--batchresponse_1--`.replaceAll('batchresponse_1', 'changesetresponse_2')}\r\n`
  const text = `${answered('{"first":1}')}${part('412 Precondition Failed')}${part('404 Not Found')}--batchresponse_1--\r\n`
  const answers = readBatch(reply(text), [set, alone, set])
  assert.deepEqual(
    answers.map(({ status, text: said }) => [status, said]),
    [
      [200, '{"first":1}'],
      [412, ''],
      [404, ''],
    ],
  )
  // One answer where a set has two: nobody can tell what it is the answer to.
  const short = `${part('200 OK', '{}')}${part('200 OK', '{}')}--batchresponse_1--\r\n`
  assert.throws(() => readBatch(reply(short), [alone, set]), { code: 'crm.body_invalid' })
  assert.equal(readBatch(reply(short), [alone, alone]).length, 2)
})

test('a batch that ended at its first refusal leaves open what became of each of them', () => {
  const ended = { ...reply(`${part('412 Precondition Failed')}--batchresponse_1--\r\n`), status: 400 }
  assert.throws(
    () => readBatch(ended, [alone, alone]),
    (error) => isHubError(error, 'crm.body_invalid') && error.detail.vendorStatus === undefined,
  )
})
