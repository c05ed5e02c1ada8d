import { guidOf } from '../organisation/random.ts'
import { createRow } from './change-rows.ts'
import type { Organization } from './organization.ts'
import type { Fields } from './schema.ts'

/** Rows that no model should accept, as data gets them through old interfaces and imports. */
const KINDS: [kind: string, fields: Fields][] = [
  ['bad-date', { lastname: 'Bad Date', birthdate: '2023-02-30' }],
  ['long-string', { lastname: 'Long String', description: 'x'.repeat(1_048_576) }],
  // Written as the escape \ud83d alone: half of an emoji.
  ['lone-surrogate', { lastname: 'Lone \ud83d Surrogate' }],
  ['nul', { lastname: 'N\u0000L' }],
  ['no-id', { lastname: 'No Id' }],
  ['wrong-type', { lastname: 'Wrong Type', creditlimit: 'a lot' }],
]

/** Adds so many broken contacts, one of each kind in turn. */
export function addBroken(org: Organization, count: number): void {
  const table = org.tables.get('contact')!
  for (let i = 0; i < count; i++) {
    const [kind, fields] = KINDS[i % KINDS.length]!
    const all = { firstname: 'Broken', ...fields }
    createRow({ org, table, userId: org.seedData.users[0]! }, guidOf(org.seed, `broken ${i}`), all, kind)
  }
}
