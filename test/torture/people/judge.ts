import { type ActCase, compareActs, type LoggedAct } from '../comparer/acts.ts'
import { compareEdits, compareGrants } from '../comparer/edits.ts'
import type { Violation } from '../comparer/records.ts'
import { compareSharedWrites } from '../comparer/shared-writes.ts'
import type { HubWrite } from '../comparer/writes.ts'
import type { Picture } from '../judge.ts'
import type { World } from '../world.ts'
import type { Story } from './pair.ts'

/** What two people did to the same things, set beside what stood there whenever somebody looked, and what stands now. */
export async function judgeEdits({ api }: World, { contested, edits, looks, before }: Story): Promise<Violation[]> {
  const violations = compareGrants(edits)
  for (const { target, counts, read } of contested) {
    const last = { at: Number.POSITIVE_INFINITY, standing: await read({ ...api, ask: api.insist }) }
    for (const { at, standing } of [...looks.filter((look) => look.target === target), last]) {
      const until = edits.filter((edit) => edit.target === target && edit.sentAt <= at)
      const found = compareEdits({ target, edits: until, before: before.get(target)!, after: standing, counts })
      // What is wrong once is wrong at the next look too.
      if (found.length > 0) {
        violations.push(...found)
        break
      }
    }
  }
  return violations
}

export async function judgeSharedWrites(
  { control, subject }: World,
  { writes: shared }: Story,
  { writes, picture }: { writes: readonly HubWrite[]; picture: Picture },
): Promise<Violation[]> {
  const rows = picture.rows.get('contact') ?? []
  return compareSharedWrites({ shared, writes, log: await subject.loggedWrites(control), rows })
}

/** One act for each that was answered, and a chain that nobody broke. */
export async function judgeActs(world: World, story: Story, excused: ActCase['excused']): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const { id, name } of story.people) {
    const asked = story.asked.filter(({ who }) => who === name)
    const logged = await readActs(world, id)
    violations.push(...compareActs({ who: name, asked, logged, excused }))
  }
  const { last } = await world.cli(['audit-log', 'verify', '--json'])
  if (last.ok !== true) violations.push({ kind: 'broken', told: `audit log: ${JSON.stringify(last)}` })
  return violations
}

async function readActs({ api }: World, actor: string): Promise<LoggedAct[]> {
  const acts: LoggedAct[] = []
  for (let cursor = ''; ; ) {
    const path = `/audit-log?actor=${actor}&limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
    const page = await api.insist<{ acts: LoggedAct[]; next: string | null }>('GET', path)
    acts.push(...page.acts)
    if (page.next === null) return acts
    cursor = page.next
  }
}
