import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostPort, isPublicAddress, toHostPort } from './address.ts'
import { isExcepted } from './dial.ts'

test('addresses that mean something only inside a network are told from public ones', () => {
  const inside = [
    '0.0.0.0 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255',
    '192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1',
    '255.255.255.255 168.63.129.16',
    ':: ::1 ::127.0.0.1 ::7f00:1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1',
    '2001:db8::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1',
    'not-an-address 1.2.3 1.2.3.4.5',
  ]
  for (const address of inside.join(' ').split(' ')) assert.equal(isPublicAddress(address), false, address)
  const outside = '8.8.8.8 20.50.2.1 100.63.255.255 172.32.0.1 192.169.0.1 2606:4700::1111 2a01:111:f400::1'
  for (const address of outside.split(' ')) assert.equal(isPublicAddress(address), true, address)
})

test('a host and its port have one spelling', () => {
  assert.equal(hostPort(new URL('https://Contoso.CRM4.dynamics.com./x?y')), 'contoso.crm4.dynamics.com:443')
  assert.equal(hostPort(new URL('http://127.1/')), '127.0.0.1:80')
  assert.equal(toHostPort('Contoso.crm4.dynamics.com'), 'contoso.crm4.dynamics.com:443')
  assert.equal(toHostPort('crm.internal', 'http:'), 'crm.internal:80')
  assert.equal(toHostPort('[::0:1]:8080'), '[::1]:8080')
  for (const text of ['', 'a/b', 'a?b', 'a#b', 'u@a', 'u:p@a:1', 'a b']) {
    assert.throws(() => toHostPort(text), { code: 'configuration.invalid' }, text)
  }
})

test('NO_PROXY excepts by name, domain, port and star', () => {
  const cases: [string, string, boolean][] = [
    ['https://crm.example/', '*', true],
    ['https://crm.example/', 'other, crm.example', true],
    ['https://crm.example/', '.example', true],
    ['https://crm.example/', 'example', true],
    ['https://crm.example/', '*.example', true],
    ['https://notexample/', 'example', false],
    ['https://crm.example/', 'crm.example:443', true],
    ['https://crm.example/', 'crm.example:8443', false],
    ['https://10.0.0.1:8443/', '10.0.0.1', true],
    ['https://crm.example/', '', false],
  ]
  for (const [url, except, expected] of cases)
    assert.equal(isExcepted(new URL(url), except), expected, `${url} ${except}`)
})
