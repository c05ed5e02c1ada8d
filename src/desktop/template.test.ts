import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillTemplate, linkOf, unknownPlaceholders } from './template.ts'

const values = {
  data: { ani: '+3225551234', callDurationInSeconds: 61, tags: ['vip', 'late'] },
  scriptVariables: { order: 'A-12', 'order no': '7' },
  links: [],
}

test('A template is filled by what the interaction tells', () => {
  assert.equal(fillTemplate('Call from {ani} ({tags})', values), 'Call from +3225551234 (vip, late)')
  assert.equal(fillTemplate('Order {script.ORDER}, {script.order no}', values), 'Order A-12, 7')
  assert.equal(fillTemplate('{callDurationInSeconds}', values), 61, 'a number stays one')
  assert.equal(fillTemplate('Plain {} {not one', values), 'Plain {} {not one')
})

test('A template of which nothing was told is nothing, rather than its words alone', () => {
  assert.equal(fillTemplate('Order {script.missing}', values), undefined)
  assert.equal(fillTemplate('{dnis}', values), undefined)
  assert.equal(fillTemplate('', values), '')
})

test('A value is never taken for a template', () => {
  assert.equal(fillTemplate('x {script.a}', { ...values, scriptVariables: { a: '{ani} $&' } }), 'x {ani} $&')
})

test('Names that stand for nothing are told', () => {
  assert.deepEqual(unknownPlaceholders('{ani} {caller} {script.x} {linked.account}'), ['caller'])
})

test('A lookup may ask for a linked record', () => {
  assert.equal(linkOf('{linked}'), null)
  assert.equal(linkOf(' {linked.account} '), 'account')
  assert.equal(linkOf('{ani}'), undefined)
  assert.equal(linkOf('x {linked}'), undefined)
})
