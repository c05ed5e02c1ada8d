import assert from 'node:assert/strict'
import test from 'node:test'
import type { SourceField } from '#model/field.ts'
import type { SyncedTable } from '#records/table.ts'
import type { AgentWorkflowDefinition, MemorializationDefinition } from './definitions.ts'
import { planMemorial } from './plan-memorial.ts'
import type { PlanInput } from './planned-target.ts'
import type { StoredInteraction } from './store.ts'
import { unconfigured } from './workflow-for.ts'

const field = (name: string, over: Partial<SourceField> = {}): SourceField => ({
  ...{ name, type: 'text', labels: {}, required: false, readable: true, creatable: true, updatable: true },
  ...over,
})

function table(entity: string, fields: SourceField[], mapping: Partial<SyncedTable['mapping']> = {}): SyncedTable {
  const none = { fields: {}, name: [], alsoSearched: [], phones: [], emails: [], country: [], active: null }
  return {
    ...{ entity, crm: 'dynamics', source: { name: entity, idField: 'id', fields } },
    mapping: { ...none, modifiedAt: null, relations: [], ...mapping },
  } as unknown as SyncedTable
}

const tables = [
  table('contact', [field('notes', { maxLength: 12 }), field('topic'), field('locked', { updatable: false })]),
  table('account', [field('topic')]),
  table(
    'phone_call',
    [field('subject', { maxLength: 40 }), field('about', { type: 'lookup', targets: ['contact'] }), field('result')],
    {
      fields: { subject: { from: 'subject', type: 'text' } },
      relations: [{ role: 'regarding', from: 'about', entities: ['contact', 'account'] }],
    },
  ),
]

const at = new Date('2026-03-02T09:00:00Z')
const contact = { recordId: 'r1', entity: 'contact', sourceId: 'c1' }
const call = { channel: 'voice', channelType: 'voice', direction: 'inbound', contactLeft: false, address: '+3222' }

function planned(over: Partial<PlanInput> = {}, interaction: Partial<StoredInteraction> = {}) {
  return planMemorial({
    interaction: { ...call, offeredAt: at, acceptedAt: at, endedAt: at, ...interaction } as StoredInteraction,
    values: {
      data: { dispositionNotes: 'ink is empty again', status: 'x' },
      scriptVariables: { topic: 'ink' },
      links: [],
    },
    definition: { ...unconfigured, timeline: { entity: 'phone_call', subject: '' } },
    ...{ mappings: [mapping()], tables, linked: [contact], related: [] },
    ...{ agentUser: null, wroteBeforeLeaving: false, ...over },
  })
}

function mapping(over: Partial<MemorializationDefinition> = {}): MemorializationDefinition {
  const rows: MemorializationDefinition['entities'][number]['rows'] = [
    { field: 'notes', from: 'voice', data: 'dispositionNotes' },
    { field: 'topic', from: 'script', data: 'topic' },
  ]
  return { channel: 'voice', keepTyped: false, entities: [{ entity: 'contact', target: 'linked', rows }], ...over }
}

test('one activity about the linked record, and each mapped value; a long text is cut on a word and said so', () => {
  const [activity, record, ...others] = planned()
  assert.deepEqual(others, [])
  assert.equal(activity!.target, 'activity')
  assert.deepEqual(activity!.fields, { subject: 'Voice from +3222', about: { entity: 'contact', id: 'c1' } })
  assert.deepEqual([record!.target, record!.fields, record!.cut], ['r1', { notes: 'ink is…', topic: 'ink' }, ['notes']])
})

test('nothing linked: nothing', () => {
  assert.deepEqual(planned({ linked: [] }), [])
})

test('where the contact left first what was typed stays out, unless the mapping keeps it', () => {
  assert.deepEqual(planned({}, { contactLeft: true })[1]!.fields, { topic: 'ink' })
  const kept = planned({ mappings: [mapping({ keepTyped: true })] }, { contactLeft: true })
  assert.deepEqual(kept[1]!.fields, { notes: 'ink is…', topic: 'ink' })
})

test('a mapping of the other channel writes nothing', () => {
  const [activity, ...others] = planned({ mappings: [mapping({ channel: 'digital' })] })
  assert.deepEqual([activity!.target, others], ['activity', []])
})

test('a field that was made read only is named, and the others are written', () => {
  const rows = [
    { field: 'locked', from: 'voice' as const, data: 'status' },
    { field: 'topic', from: 'script' as const, data: 'topic' },
    { field: 'never', from: 'voice' as const, data: 'status' },
  ]
  const [, record] = planned({ mappings: [mapping({ entities: [{ entity: 'contact', target: 'linked', rows }] })] })
  assert.deepEqual(record!.fields, { topic: 'ink' })
  assert.deepEqual(
    record!.unfit.map((one) => one.field),
    ['locked', 'never'],
  )
})

test('a mapping adds to the activity, and its value comes before the standard one', () => {
  const rows = [
    { field: 'subject', from: 'script' as const, data: 'topic' },
    { field: 'result', from: 'voice' as const, data: 'status' },
  ]
  const own = mapping({ entities: [{ entity: 'phone_call', target: 'activity', rows }] })
  assert.deepEqual(planned({ mappings: [own] })[0]!.fields, {
    ...{ subject: 'ink', result: 'x' },
    about: { entity: 'contact', id: 'c1' },
  })
})

test('what linked records point at is written once, however many point there', () => {
  const account = { recordId: 'a1', entity: 'account', sourceId: 'x1' }
  const rows = [{ field: 'topic', from: 'script' as const, data: 'topic' }]
  const definition: AgentWorkflowDefinition = { ...unconfigured, timeline: null }
  const own = mapping({ entities: [{ entity: 'account', target: 'related', rows }] })
  const plan = planned({ definition, mappings: [own], related: [account, account] })
  assert.deepEqual(
    plan.map(({ target, fields }) => [target, fields]),
    [['a1', { topic: 'ink' }]],
  )
})

const option = (value: number) => ({ value, labels: {} })
const parties = field('phonecall_activity_parties', { type: 'parties', targets: ['contact', 'systemuser'] })
const state = [
  field('statecode', { type: 'choice', options: [option(0), option(1)] }),
  field('statuscode', { type: 'choice', options: [option(1), option(2), option(4)] }),
]
const call2 = table('phone_call', [field('subject'), field('description'), parties, ...state], {
  fields: { subject: { from: 'subject', type: 'text' }, description: { from: 'description', type: 'text' } },
})
const users = {
  ...table('user', []),
  source: { name: 'systemuser', idField: 'id', fields: [] },
} as unknown as SyncedTable
const withParties = [
  tables[0]!,
  users,
  { ...call2, source: { ...call2.source, name: 'phonecall', idField: 'activityid' } } as SyncedTable,
]

test('who called is at the one end, and the agent’s own user of the CRM at the other', () => {
  const of = (over: Partial<PlanInput>, direction: 'inbound' | 'outbound') =>
    planned({ tables: withParties, mappings: [], ...over }, { direction })[0]!.fields.phonecall_activity_parties
  const contactAt = (party: string) => ({ party, entity: 'contact', id: 'c1' })
  const agentAt = (party: string) => ({ party, entity: 'systemuser', id: 'u1' })
  assert.deepEqual(of({}, 'inbound'), [contactAt('from')])
  assert.deepEqual(of({ agentUser: 'u1' }, 'inbound'), [contactAt('from'), agentAt('to')])
  assert.deepEqual(of({ agentUser: 'u1' }, 'outbound'), [agentAt('from'), contactAt('to')])
  const incident = { recordId: 'i1', entity: 'incident', sourceId: 'i' }
  assert.deepEqual(of({ linked: [incident], related: [contact] }, 'inbound'), [contactAt('from')])
})

test('an activity is completed when the interaction is over, unless the workflow leaves it open', () => {
  const of = (complete: boolean, interaction: Partial<StoredInteraction>) => {
    const definition = { ...unconfigured, timeline: { entity: 'phone_call', subject: '', complete } }
    const { completed, completes } = planned({ tables: withParties, mappings: [], definition }, interaction)[0]!
    return [completed?.statuscode, completes]
  }
  assert.deepEqual(of(true, { state: 'closed' }), [4, true])
  assert.deepEqual(of(true, { state: 'closed', direction: 'outbound' }), [2, true])
  assert.deepEqual(of(true, { state: 'offered' }), [4, false])
  assert.deepEqual(of(false, { state: 'closed' }), [4, false])
})

test('what is told no more is to be taken back, and what stays out by rule only where it was not rightly written', () => {
  const values = { data: {}, scriptVariables: {}, links: [] }
  assert.deepEqual(planned({ values })[1]!.silent, ['notes', 'topic'])
  assert.deepEqual(planned({}, { contactLeft: true })[1]!.silent, ['notes'])
  assert.deepEqual(planned({ wroteBeforeLeaving: true }, { contactLeft: true })[1]!.silent, [])
})
