import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readScreenPopDomain } from './screen-pop-domain.ts'

const none = new Set<string>()

test('A screen-pop domain is an https origin', () => {
  assert.equal(readScreenPopDomain('https://Contoso.crm4.dynamics.com/', none), 'https://contoso.crm4.dynamics.com')
  assert.equal(readScreenPopDomain('contoso.crm4.dynamics.com', none), 'https://contoso.crm4.dynamics.com')
  assert.equal(readScreenPopDomain('https://crm.example:8443', none), 'https://crm.example:8443')
})

test('Without encryption on this machine alone, or where the operator lets it', () => {
  assert.equal(readScreenPopDomain('http://127.0.0.1:8080', none), 'http://127.0.0.1:8080')
  assert.equal(readScreenPopDomain('http://crm.lan:81', new Set(['crm.lan:81'])), 'http://crm.lan:81')
  assert.throws(() => readScreenPopDomain('http://crm.lan:82', new Set(['crm.lan:81'])), { code: 'input.invalid' })
})

test('Paths, credentials and other schemes are refused', () => {
  for (const text of [
    'https://crm.example/main.aspx',
    'https://crm.example/?x=1',
    'https://crm.example/#',
    'https://user:pass@crm.example',
    'javascript:alert(1)',
    'javascript://crm.example',
    'data:text/html,x',
    'ftp://crm.example',
    'not a domain',
    'https://crm.example;script-src *',
    'https://crm;example',
    '',
  ]) {
    assert.throws(() => readScreenPopDomain(text, none), { code: 'input.invalid' }, text)
  }
})
