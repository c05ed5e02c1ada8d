import assert from 'node:assert/strict'
import test from 'node:test'
import { fold } from './fold.ts'
import type { EventType, InteractionEvent } from './interaction.ts'

const base = Date.UTC(2026, 0, 5, 9)
const ana = { id: 'a1', name: 'Ana', email: 'ana@example.com' }
const ben = { id: 'b2' }

function event(type: EventType, second: number, more: Partial<InteractionEvent> = {}): InteractionEvent {
  const at = new Date(base + second * 1000)
  return { id: `${type}-${second}`, type, at, agent: null, data: {}, scriptVariables: {}, ...more }
}

const call = [
  event('offered', 0, { agent: ana, data: { channelType: 'voice', ani: '+32470123456', skillName: 'Support' } }),
  event('accepted', 4, { agent: ana }),
  event('held', 30, { agent: ana }),
  event('resumed', 50, { agent: ana }),
  event('ended', 90, { data: { callDurationInSeconds: 86 } }),
  event('wrap_up_closed', 120, { agent: ana, data: { dispositionName: 'Solved', tags: 'printer' } }),
]

function* orders<T>(list: readonly T[]): Generator<T[]> {
  if (list.length < 2) yield [...list]
  for (const [i, first] of list.entries()) {
    for (const rest of orders(list.toSpliced(i, 1))) if (list.length > 1) yield [first, ...rest]
  }
}

test('the same events make the same interaction in any order, and twice', () => {
  const wanted = fold(call, { wrapsUp: true })
  assert.equal(wanted.state, 'closed')
  assert.equal(wanted.address, '+32470123456')
  assert.equal(wanted.skill, 'Support')
  assert.deepEqual(wanted.closedAt, new Date(base + 120_000))
  assert.equal(wanted.data.dispositionName, 'Solved')
  assert.deepEqual(wanted.agents, [{ ...ana, state: 'active', since: new Date(base + 4_000) }])
  for (const order of orders(call)) assert.deepEqual(fold(order, { wrapsUp: true }), wanted)
})

test('a wrap-up is skipped where the event or the setting says so', () => {
  const ended = call.slice(0, 5)
  assert.equal(fold(ended, { wrapsUp: true }).state, 'wrap_up')
  assert.equal(fold(ended, { wrapsUp: false }).state, 'closed')
  const none = [...call.slice(0, 4), event('ended', 90, { data: { wrapUp: false } })]
  assert.equal(fold(none, { wrapsUp: true }).state, 'closed')
})

test('the contact who hangs up first ends a call, and not a chat', () => {
  const left = event('contact_left', 60)
  const voice = fold([...call.slice(0, 4), left], { wrapsUp: true })
  assert.deepEqual([voice.state, voice.contactLeft], ['wrap_up', true])
  const chat = [event('offered', 0, { agent: ana, data: { channelType: 'chat', from: 'visitor-7' } }), call[1]!, left]
  const digital = fold(chat, { wrapsUp: true })
  assert.deepEqual([digital.state, digital.contactLeft, digital.channel], ['active', true, 'digital'])
  const dismissed = fold([...chat, event('unassigned', 70, { agent: ana }), event('dismissed', 71)], { wrapsUp: true })
  assert.equal(dismissed.state, 'closed')
})

test('nobody answered', () => {
  const missed = fold([call[0]!, event('contact_left', 20)], { wrapsUp: true })
  assert.deepEqual([missed.state, missed.acceptedAt], ['closed', null])
})

test('a transfer takes it from one agent and offers it to the other', () => {
  const folded = fold([...call.slice(0, 2), event('transferred', 10, { agent: ben })], { wrapsUp: true })
  assert.equal(folded.state, 'offered')
  assert.deepEqual(
    folded.agents.map(({ id, state }) => [id, state]),
    [
      ['a1', 'left'],
      ['b2', 'offered'],
    ],
  )
})

test('a conversation that is taken up again is open again', () => {
  const again = fold([...call, event('offered', 500, { agent: ben })], { wrapsUp: true })
  assert.deepEqual([again.state, again.closedAt, again.endedAt], ['offered', null, null])
})

test('of an outbound call the contact is who was called; a withheld number is none', () => {
  const out = { data: { channelType: 'voice', direction: 'outbound', ani: '+3222', dnis: '+33144556677' } }
  assert.equal(fold([event('offered', 0, out)], { wrapsUp: true }).address, '+33144556677')
  const hidden = { data: { channelType: 'voice', ani: 'Anonymous' } }
  assert.equal(fold([event('offered', 0, hidden)], { wrapsUp: true }).address, null)
})

test('script variables are taken in lower case, the latest value of each', () => {
  const first = event('offered', 0, { scriptVariables: { CrmUserId: 'u1', Topic: 'old' } })
  const second = event('updated', 5, { scriptVariables: { topic: 'new' } })
  assert.deepEqual(fold([second, first], { wrapsUp: true }).scriptVariables, { crmuserid: 'u1', topic: 'new' })
})
