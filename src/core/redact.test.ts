import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRedactor } from './redact.ts'

test('a registered value is blanked in every form that it travels in, and forgotten when asked', () => {
  const redactor = createRedactor()
  const secret = 'p~ss/w+rd "8Q" é'
  const forget = redactor.register(secret)
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString(),
    JSON.stringify({ s: secret }),
    Buffer.from(secret).toString('base64'),
  ]
  for (const form of forms) assert.match(redactor.clean(`before ${form} after`), /before .*\[redacted\].* after/, form)
  forget()
  assert.equal(redactor.clean(secret), secret)
})

test('credentials are known by their shape', () => {
  const { clean } = createRedactor()
  const canary = 'Canary123.abc-DEF_456~7'
  const texts = [
    `Authorization: Bearer ${canary}`,
    `{"authorization":"Basic ${canary}"}`,
    `got 401 for bearer ${canary}`,
    `grant_type=client_credentials&client_secret=${canary}&scope=x`,
    `https://hub/callback?code=${canary}&state=1`,
    `https://store/blob?sv=1&sig=${canary}#x`,
    `https://x/?access_token=${canary}`,
    `{"access_token":"${canary}","expires_in":3599}`,
    `{\\"refresh_token\\":\\"${canary}\\"}`,
    `{'client_secret': '${canary}'}`,
    `postgres://hub:${canary}@db/jackfield`,
    `Cookie: session=${canary}; theme=dark`,
    `the token eyJhbGciOiJSUzI1NiJ9.${Buffer.from(canary).toString('base64url')}.c2lnbmF0dXJl expired`,
  ]
  for (const text of texts) {
    const cleaned = clean(text)
    assert.ok(!cleaned.includes(canary) && cleaned.includes('[redacted]'), cleaned)
  }
  assert.match(clean(texts[3] ?? ''), /grant_type=client_credentials&client_secret=\[redacted\]&scope=x/)
})

test('what a person needs to read stays readable', () => {
  const { clean } = createRedactor()
  const texts = [
    '{"error":{"code":"0x80072560","message":"The user is not a member of the organization."}}',
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client secret value, for a secret added to app 'a1b2'.",
    'GET contoso.crm4.dynamics.com/api/data/v9.2/accounts: no answer in time',
    'https://contoso.crm4.dynamics.com/api/data/v9.2/accounts?$select=name&$skiptoken=page2',
    'exit code=1, basic settings are missing',
  ]
  for (const text of texts) assert.equal(clean(text), text)
})

test('objects are cleaned by the names of their members too, without running away', () => {
  const { cleanValue } = createRedactor()
  const round: Record<string, unknown> = {
    code: 'crm.tls',
    clientSecret: 'abc',
    accessToken: { value: 'x' },
    tokens: 3,
  }
  round.self = round
  const cleaned = cleanValue(round) as Record<string, unknown>
  assert.equal(cleaned.code, 'crm.tls')
  assert.equal(cleaned.clientSecret, '[redacted]')
  assert.equal(cleaned.accessToken, '[redacted]')
  assert.equal(cleaned.tokens, 3)
  assert.ok(JSON.stringify(cleaned).length < 5000)
  const error = new Error('failed with Bearer abcdefgh12345678', { cause: new Error('client_secret=abcdefgh') })
  assert.ok(!/abcdefgh/.test(JSON.stringify(cleanValue({ error }))))
  const odd = { big: 12345678901234567890n, when: new Date(0), bytes: Buffer.from('secret'), many: new Map([['a', 1]]) }
  assert.deepEqual(cleanValue({ ...odd, none: undefined, never: new Date(Number.NaN), fn: () => 1 }), {
    big: '12345678901234567890',
    when: '1970-01-01T00:00:00.000Z',
    bytes: '[6 bytes]',
    many: { a: 1 },
    none: undefined,
    never: null,
    fn: undefined,
  })
})

test('short values are not blanked, and old ones give way to new ones', () => {
  const redactor = createRedactor()
  redactor.register('a')
  redactor.register('')
  assert.equal(redactor.clean('a banana'), 'a banana')
  redactor.register('first-secret')
  for (let i = 0; i < 2000; i++) redactor.register(`later-secret-${i}-`)
  assert.equal(redactor.clean('later-secret-1999-'), '[redacted]')
  assert.equal(redactor.clean('first-secret'), 'first-secret')
})

test('hostile text is cleaned in linear time', () => {
  const { clean } = createRedactor()
  const started = performance.now()
  for (const piece of [
    '"token":"',
    'eyJaaaaaaaa.',
    'a://',
    'bearer ',
    '?code',
    '\\"secret\\":\\"',
    "'",
    'authorization:',
  ]) {
    clean(piece.repeat(20_000))
  }
  // A quadratic expression would take minutes here.
  assert.ok(performance.now() - started < 20_000)
})
