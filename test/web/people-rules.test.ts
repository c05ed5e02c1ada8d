import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownPath } from '../../web/src/pages/sign-in/own-path.ts'
import { deviceName } from '../../web/src/parts/device.ts'
import { judgePassword } from '../../web/src/parts/password-rules.ts'
import { en } from '../../web/src/text/en.ts'

test('Signing in leads back to pages of this console alone', () => {
  const own = ['/', '/account', '/records?q=%2B32', '/connections/1/tables/contact#mapping', '/people/..%2f']
  for (const path of own) assert.equal(ownPath(path), path)
  const foreign = [
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/sign-in?to=/account',
    '/invitation',
    '/api/v1/session',
    '',
    null,
    undefined,
  ]
  for (const path of foreign) assert.equal(ownPath(path), '/', String(path))
})

test('A password is judged in words before the hub judges it', () => {
  const owner = { name: 'Anna de Wit', email: 'a.dewit@example.com', hasFactor: false }
  const judge = (password: string, over = {}) => judgePassword(password, { ...owner, ...over })
  assert.equal(judge('four blue lamps burn').fits, true)
  assert.deepEqual(judge('').rules, { long: 'open', noName: 'open', notCommon: 'open' })
  assert.equal(judge('short one').rules.long, 'open')
  assert.equal(judge('short one', { hasFactor: true }).rules.long, 'met')
  assert.equal(judge('my name is ANNA forever').rules.noName, 'open')
  assert.equal(judge('a.dewit was here today').rules.noName, 'open')
  assert.equal(judge('the jackfield is open').rules.noName, 'open')
  assert.equal(judge('abcabcabcabcabcabc').rules.notCommon, 'open')
  assert.equal(judge('😀'.repeat(7) + '🚀'.repeat(7)).length, 14)
  assert.equal(judge('long words '.repeat(20)).fits, false)
})

test('A session’s device is named as people call it', () => {
  const windows =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'
  const names: [string | null, string][] = [
    [windows, 'Chrome on Windows'],
    [`${windows} Edg/140.0`, 'Edge on Windows'],
    [iphone, 'Safari on iPhone'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    ['curl/8.9.1', 'A program'],
    ['?', 'Unknown device'],
    [null, 'Unknown device'],
  ]
  for (const [agent, name] of names) assert.equal(deviceName(agent, en), name)
})
