import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normaliseUrl } from './organisation-url.ts'

test('trims an address to its origin, however it was pasted', () => {
  const contoso = 'https://contoso.crm4.dynamics.com'
  for (const pasted of [
    contoso,
    `${contoso}/main.aspx?appid=1&pagetype=entitylist#top`,
    '  CONTOSO.crm4.Dynamics.com  ',
    'contoso.api.crm4.dynamics.com/api/data/v9.2/',
    'http://contoso.crm4.dynamics.com',
    'https://contoso.crm4.dynamics.com.:443/',
    '<https://contoso.crm4.dynamics.com/>',
    '"contoso.crm4.dynamics.com"',
  ]) {
    assert.equal(normaliseUrl(pasted), contoso, pasted)
  }
})

test('keeps a port, and plain http with it', () => {
  assert.equal(normaliseUrl('http://127.0.0.1:8080/x'), 'http://127.0.0.1:8080')
  assert.equal(normaliseUrl('localhost:8443'), 'https://localhost:8443')
  assert.equal(normaliseUrl('http://[::1]:8080/'), 'http://[::1]:8080')
  assert.equal(normaliseUrl('https://contoso.crm4.dynamics.com:8443'), 'https://contoso.crm4.dynamics.com:8443')
})

test('knows the sovereign clouds’ API hosts', () => {
  assert.equal(normaliseUrl('contoso.api.crm9.dynamics.com'), 'https://contoso.crm9.dynamics.com')
  assert.equal(normaliseUrl('contoso.api.crm.dynamics.cn'), 'https://contoso.crm.dynamics.cn')
  assert.equal(normaliseUrl('contoso.api.crm.microsoftdynamics.us'), 'https://contoso.crm.microsoftdynamics.us')
})

test('refuses what is no address, saying what to paste', () => {
  for (const pasted of [
    '',
    ' ',
    'contoso',
    'ftp://contoso.crm4.dynamics.com',
    'https://',
    'a b.com',
    'https://u:p@x.com',
  ]) {
    assert.throws(
      () => normaliseUrl(pasted),
      (error: { code: string; detail: { mend?: string; field?: string } }) =>
        error.code === 'input.invalid' && error.detail.field === 'url' && /crm4/.test(error.detail.mend ?? ''),
      pasted,
    )
  }
})
