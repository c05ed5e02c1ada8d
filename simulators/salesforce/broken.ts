import { createRow } from './change-rows.ts'
import { type Organisation, tableOf } from './organisation.ts'
import type { Fields } from './schema.ts'

/** Rows that no model should accept, as data gets them through old interfaces and imports. */
const KINDS: [kind: string, fields: Fields][] = [
  ['bad-date', { LastName: 'Bad Date', Birthdate: '2023-02-30' }],
  ['long-string', { LastName: 'Long String', Description: 'x'.repeat(1_048_576) }],
  // Written as the escape \ud83d alone: half of an emoji.
  ['lone-surrogate', { LastName: 'Lone \ud83d Surrogate' }],
  ['nul', { LastName: 'N\u0000L' }],
  ['no-id', { LastName: 'No Id' }],
  ['wrong-type', { LastName: 'Wrong Type', DoNotCall: 'perhaps' }],
]

/** Adds so many broken contacts, one of each kind in turn. */
export function addBroken(org: Organisation, count: number): void {
  const table = tableOf(org, 'Contact')!
  const userId = org.seedData.users[0]!
  for (let i = 0; i < count; i++) {
    const [kind, fields] = KINDS[i % KINDS.length]!
    createRow(
      { org, table, userId, origin: '', raw: true },
      { FirstName: 'Broken', Name: `Broken ${kind}`, ...fields },
      undefined,
      kind,
    )
  }
}
