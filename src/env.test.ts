import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { readSettings, variables } from './env.ts'

function problemOf(environment: Record<string, string>): string {
  try {
    readSettings(environment)
  } catch (error) {
    assert.ok(error instanceof HubError)
    assert.equal(error.code, 'configuration.invalid')
    return error.message
  }
  assert.fail(`accepted: ${JSON.stringify(environment)}`)
}

test('an empty environment gives a hub for this machine alone', () => {
  const settings = readSettings({ JACKFIELD_PORT: '', DATABASE_URL: ' ' })
  assert.equal(settings.host, '127.0.0.1')
  assert.equal(settings.port, 8484)
  assert.equal(settings.databaseUrl, undefined)
  assert.equal(settings.dataFolder, resolve('data'))
  assert.equal(settings.allowHosts.size, 0)
  assert.equal(settings.logFormat, 'json')
  assert.equal(readSettings({}, { terminal: true }).logFormat, 'text')
})

test('every setting is read', () => {
  const settings = readSettings({
    DATABASE_URL: 'postgres://hub:p%40ss-word-9@db.internal:5432/jackfield',
    JACKFIELD_PORT: '0',
    JACKFIELD_PUBLIC_URL: 'https://hub.example.org/crm/',
    JACKFIELD_ALLOW_HOSTS: '127.0.0.1:8080, [::1]:443 CRM.Internal:80',
    JACKFIELD_DEFAULT_COUNTRY: 'BE',
    JACKFIELD_SESSION_DAYS: '3',
    JACKFIELD_TRUST_PROXIES: '10.0.0.0/8, ::1',
    https_proxy: 'http://proxy:3128',
    NO_PROXY: '.internal',
    JACKFIELD_ALOW_HOSTS: 'x',
  })
  assert.equal(settings.port, 0)
  assert.equal(settings.publicUrl, 'https://hub.example.org/crm')
  assert.deepEqual([...settings.allowHosts], ['127.0.0.1:8080', '[::1]:443', 'crm.internal:80'])
  assert.deepEqual(settings.sessions, { idleHours: 12, days: 3 })
  assert.deepEqual(settings.trustedProxies, ['10.0.0.0/8', '::1'])
  assert.deepEqual(settings.proxy, { url: 'http://proxy:3128', except: '.internal' })
  assert.deepEqual(settings.unknown, ['JACKFIELD_ALOW_HOSTS'])
  assert.equal(redactor.clean('failed for p@ss-word-9'), 'failed for [redacted]')
})

test('every bad variable is named with what is accepted, and passwords are not repeated', () => {
  const bad: Record<string, string> = {
    DATABASE_URL: 'mysql://root:hunter2-hunter2@x/y',
    JACKFIELD_PORT: '70000',
    JACKFIELD_HOST: 'a b',
    JACKFIELD_PUBLIC_URL: 'hub.example.org',
    JACKFIELD_ALLOW_HOSTS: 'crm.internal',
    JACKFIELD_LOG_LEVEL: 'loud',
    JACKFIELD_LOG_FORMAT: 'xml',
    JACKFIELD_DEFAULT_COUNTRY: 'XX',
    JACKFIELD_SESSION_IDLE_HOURS: '0',
    JACKFIELD_TRUST_PROXIES: '10.0.0.0/33',
    HTTPS_PROXY: 'socks5://user:hunter2-hunter2@proxy',
  }
  const message = problemOf(bad)
  for (const name of Object.keys(bad)) {
    const accepts = variables[name as keyof typeof variables].description
    const line = message.split('\n').find((candidate) => candidate.startsWith(`  ${name}`))
    assert.ok(line?.endsWith(`is not ${accepts}`), `${name}: ${line}`)
  }
  assert.ok(!message.includes('hunter2'))
})

test('hosts to allow are pairs, without scheme, path, user or wildcard', () => {
  for (const text of ['https://a:1', 'a:1/x', 'u@a:1', '*:443', 'a:', 'a:99999', ':80', '::1:80', 'a b:80']) {
    assert.match(problemOf({ JACKFIELD_ALLOW_HOSTS: text }), /JACKFIELD_ALLOW_HOSTS/, text)
  }
})

test('a master key comes as text or as a file, not as both, and a file that cannot be read is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jackfield-env-'))
  try {
    const file = join(folder, 'key')
    writeFileSync(file, `${'ab'.repeat(32)}\n`)
    assert.equal(readSettings({ JACKFIELD_MASTER_KEY_FILE: file }).masterKey, 'ab'.repeat(32))
    assert.equal(readSettings({ JACKFIELD_MASTER_KEY: 'cd'.repeat(32) }).masterKey, 'cd'.repeat(32))
    assert.match(problemOf({ JACKFIELD_MASTER_KEY: 'x', JACKFIELD_MASTER_KEY_FILE: file }), /both given/)
    assert.match(problemOf({ JACKFIELD_MASTER_KEY_FILE: `${file}.not` }), /cannot be read \(ENOENT\)/)
    writeFileSync(file, '\n')
    assert.match(problemOf({ JACKFIELD_MASTER_KEY_FILE: file }), /empty/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('docs/settings.md and the code know the same variables and accept the same', () => {
  const document = readFileSync(new URL('../docs/settings.md', import.meta.url), 'utf8')
  const rows = [...document.matchAll(/^\| `([A-Z_]+)` \| ([^|]+) \|/gm)].map(([, name, accepts]) => [name, accepts])
  assert.deepEqual(
    rows,
    Object.entries(variables).map(([name, schema]) => [name, schema.description]),
  )
})
