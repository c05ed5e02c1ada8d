import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longId } from './ids.ts'
import { normaliseUrl } from './organisation-url.ts'

test('an id has one spelling, whichever way it comes', () => {
  assert.equal(longId('001D000000IqhSL'), '001D000000IqhSLIAZ')
  for (const text of ['001D000000IqhSLIAZ', '001d000000iqhsliaz', '001D000000IQHSLIAZ']) {
    assert.equal(longId(text), '001D000000IqhSLIAZ', text)
  }
  for (const text of ['', '001', '001D000000IqhSLI', '001D000000IqhSLIA!', '001D000000IqhSLIA9', "001' OR Id != '1"]) {
    assert.equal(longId(text), null, text)
  }
})

test('an address is brought to My Domain, however it is pasted', () => {
  const wanted = 'https://contoso.my.salesforce.com'
  for (const text of [
    'contoso.my.salesforce.com',
    'https://contoso.lightning.force.com/lightning/page/home',
    'https://contoso.my.salesforce-setup.com/lightning/setup',
    ' <https://contoso.my.salesforce.com/001> ',
  ]) {
    assert.equal(normaliseUrl(text), wanted, text)
  }
  assert.equal(
    normaliseUrl('contoso--dev.sandbox.lightning.force.com'),
    'https://contoso--dev.sandbox.my.salesforce.com',
  )
  assert.equal(normaliseUrl('http://127.0.0.1:4000/x'), 'http://127.0.0.1:4000')
  for (const text of [
    '',
    'contoso',
    'https://login.salesforce.com',
    'https://a:b@contoso.my.salesforce.com',
    'ftp://x.y',
  ]) {
    assert.throws(() => normaliseUrl(text), { code: 'input.invalid' }, text)
  }
})
