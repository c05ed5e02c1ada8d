import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actNames } from '#audit/act.ts'
import { paper, tableRows } from './papers.ts'

test('docs/audit.md tells of every act that is written, and of no other', () => {
  const [, part = ''] = paper('docs/audit.md').split('| act | what it is |')
  const [table = ''] = part.split('\n\n')
  const told = tableRows(`| act | what it is |${table}`).flatMap(([names = '']) =>
    [...names.matchAll(/`([a-z_.]+)`/g)].map((match) => match[1]!),
  )
  assert.deepEqual(told.sort(), [...actNames].sort())
})
