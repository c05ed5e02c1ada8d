import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holds } from './condition.ts'
import type { Condition } from './definitions.ts'

const told = {
  data: { skillName: 'Billing', tags: ['VIP', 'late'], ani: '' },
  scriptVariables: { order: 'A-12' },
  matches: 0,
}
const ask = (data: string, operator: Condition['operator'], value = '') => holds({ data, operator, value }, told)

test('A workflow without a condition runs', () => {
  assert.equal(holds(null, told), true)
})

test('Conditions look at data and script variables, without regard to case', () => {
  assert.equal(ask('skillName', 'is', 'billing '), true)
  assert.equal(ask('skillName', 'is_not', 'billing'), false)
  assert.equal(ask('skillName', 'contains', 'ILL'), true)
  assert.equal(ask('tags', 'is', 'vip'), true, 'one of a list')
  assert.equal(ask('script.ORDER', 'is', 'a-12'), true)
  assert.equal(ask('script.order', 'present'), true)
})

test('What is empty or was never told is absent', () => {
  assert.equal(ask('ani', 'absent'), true)
  assert.equal(ask('dnis', 'absent'), true)
  assert.equal(ask('dnis', 'present'), false)
  assert.equal(ask('dnis', 'is_not', 'x'), true)
  assert.equal(ask('dnis', 'contains', ''), false)
  assert.equal(ask('constructor', 'absent'), true, 'no member of JavaScript’s own')
})

test('“No match” waits for the search', () => {
  assert.equal(ask('ani', 'no_match'), true)
  const condition = { data: 'ani', operator: 'no_match', value: '' } as const
  assert.equal(holds(condition, { ...told, matches: 2 }), false)
  assert.equal(holds(condition, { ...told, matches: null }), false)
})
