import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareDay, type HubInteraction, type Kept, type Row } from './comparer/activities.ts'
import type { Told } from './comparer/told-values.ts'
import { desktopFaults } from './desktop/planted.ts'
import { copyProgram } from './program.ts'

test('every planted fault of the desktop can still be planted, and says what it breaks', async () => {
  const faults = await desktopFaults()
  assert.equal(faults.length, 6)
  for (const { breaks, patch } of faults) {
    assert.match(breaks, /^[A-Z].*\.$/)
    const program = await copyProgram(patch)
    await program.remove()
  }
})

const long = 'Order arrived broken. Replacement promised within five days.'

const told = (interaction: string, more: Partial<Told> = {}): Told => ({
  ...{ interaction, channelType: 'voice', direction: 'inbound', caller: { kind: 'known', number: '+3225550101' } },
  ...{ events: [], acceptedAt: '2026-05-04T08:00:00Z', endedAt: '2026-05-04T08:01:00Z', contactLeft: false },
  data: { contactId: interaction, dispositionNotes: long, status: 'Completed' },
  scriptVariables: { callerintent: 'billing' },
  ...more,
})

const held = (externalId: string, more: Partial<HubInteraction> = {}): HubInteraction => ({
  ...{ id: `hub-${externalId}`, externalId, channel: 'voice', state: 'closed', address: '+3225550101' },
  ...{ links: [{ recordId: 'record' }], memorialized: { state: 'done' } },
  ...more,
})

const activity = (of: string, fields: Record<string, unknown> = {}, id = `activity-${of}`): Row => ({
  id,
  deleted: false,
  fields: {
    ...{ cr_interaction: `hub-${of}`, cr_contact: of, cr_notes: 'Order arrived broken. Replacement promised…' },
    ...{ cr_status: 'Completed', cr_seconds: 60, cr_intent: 'billing', subject: `Call ${of} about billing` },
    ...{ directioncode: false, phonenumber: '+3225550101', _regardingobjectid_value: 'source', statecode: 1 },
    phonecall_activity_parties: [{ participationtypemask: 1, _partyid_value: 'source' }],
    ...fields,
  },
})

const toldOnce = (of: string): Kept => ({ e: 'contact', i: 'source', f: { cr_last: of } })
const made = (of: string): Kept => ({ e: 'phonecall', i: `activity-${of}`, new: 1, f: { subject: of } })

const compare = (more: Partial<Parameters<typeof compareDay>[0]>) =>
  compareDay({
    ...{ told: [told('a')], hub: [held('a')], typed: new Map(), known: new Set<string>() },
    ...{ sourceIds: new Map([['record', 'source']]), activities: [activity('a')], journal: [made('a'), toldOnce('a')] },
    ledger: {
      ...{ interactions: 1, nothingLinked: 0, withLink: 1, activities: 1 },
      ...{ done: 1, waiting: 0, failed: 0, unknown: 0 },
    },
    ...more,
  }).differences.map(({ kind, told: why }) => `${kind}: ${why}`)

test('activities that are lost, doubled or wrong are told apart', () => {
  assert.deepEqual(compare({}), [])
  assert.match(
    compare({ activities: [], journal: [toldOnce('a')] }).join('\n'),
    /^lost: interaction a: it has no activity/,
  )
  assert.match(compare({ activities: [activity('a'), activity('a', {}, 'two')] })[0]!, /^doubled: .*2 activities/)
  assert.match(compare({ activities: [activity('a'), activity('z')] })[0]!, /^doubled: .*of no interaction/)
  assert.deepEqual(compare({ activities: [activity('a', { cr_status: 'Active' })] }), [
    'wrong: interaction a: cr_status is "Active", and not "Completed"',
  ])
  assert.match(compare({ activities: [activity('a', { statecode: 0 })] })[0]!, /^wrong: .*statecode is 0/)
  assert.match(compare({ activities: [activity('a', { phonecall_activity_parties: [] })] })[0]!, /^wrong: .*parties/)
  assert.match(compare({ activities: [activity('a', { cr_notes: long.slice(0, 48) })] })[0]!, /^wrong: .*cr_notes/)
  assert.match(compare({ journal: [made('a'), toldOnce('a'), toldOnce('a')] })[0]!, /^doubled: .*2 times/)
  assert.match(compare({ journal: [made('a')] })[0]!, /^lost: .*never told/)
  const again = { e: 'phonecall', i: 'activity-a', f: { modifiedon: '2026-05-04T08:02:00Z' } }
  assert.match(compare({ journal: [made('a'), toldOnce('a'), again] })[0]!, /^doubled: .*written again/)
  assert.match(compare({ hub: [] })[0]!, /^lost: .*does not have it/)
})

test('what was typed stays out where the contact left first, and is what counts where it did not', () => {
  const left = { told: [told('a', { contactLeft: true })] }
  assert.equal(compare(left).length, 2)
  assert.deepEqual(compare({ ...left, activities: [activity('a', { cr_notes: null, cr_status: null })] }), [])
  const typed = new Map([['a', { notes: 'Typed', disposition: null, tags: [] }]])
  assert.deepEqual(compare({ typed, activities: [activity('a', { cr_notes: 'Typed' })] }), [])
})

test('nothing is written where nothing is linked, and who is known is linked', () => {
  const unlinked = held('a', { links: [], memorialized: { state: 'nothing_linked' } })
  const ledger = {
    ...{ interactions: 1, nothingLinked: 1, withLink: 0, activities: 0 },
    ...{ done: 0, waiting: 0, failed: 0, unknown: 0 },
  }
  const bare = { hub: [unlinked], activities: [], journal: [], ledger }
  assert.deepEqual(compare(bare), [])
  assert.match(compare({ ...bare, known: new Set(['+3225550101']) })[0]!, /^lost: .*is known, and not linked/)
  assert.match(compare({ ...bare, activities: [activity('a')] })[0]!, /^doubled: .*nothing is linked/)
  assert.match(compare({ ...bare, ledger: { ...ledger, failed: 1 } })[0]!, /^broken: .*failed is 1, and 0/)
})
