import assert from 'node:assert/strict'
import { test } from 'node:test'
import { returnPath } from './return-path.ts'

test('a sign-in returns to paths of the console', () => {
  for (const path of ['/', '/connections', '/records/1?tab=history#top', '/a%20b', '/search?q=50%25']) {
    assert.equal(returnPath(path), path)
  }
})

test('what could lead elsewhere leads to the first page', () => {
  const elsewhere = [
    ...[null, undefined, '', 'connections', 'https://evil.example', 'javascript:alert(1)', '//evil.example'],
    ...['/\\evil.example', '\\\\evil.example', '/%2fevil.example', '/%5cevil.example', '%2f%2fevil.example'],
    ...['/.//evil.example', '/x/..//evil.example', '/%2e//evil.example', '/\t/evil.example', '/\n//evil.example'],
    ...['/x\r\nset-cookie: a=b', '/%0d%0aset-cookie:a=b', '/%', '/@evil.example\\', ' //evil.example'],
    ...['/api/v1/sign-on/x/start', '/sign-in', '/x/../api/v1/session', `/${'x'.repeat(1_000)}`],
  ]
  for (const path of elsewhere) assert.equal(returnPath(path), '/', String(path))
})
