import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Lane } from '#connectors/call.ts'
import { systemClock } from '#core/clock.ts'
import type { HubError } from '#core/errors.ts'
import { createSlots, laneSlots } from './slots.ts'

const soon = () => ({ deadline: systemClock.monotonic() + 60_000 })

async function fill(lane: Lane) {
  const slots = createSlots(systemClock)
  const taken: (() => void)[] = []
  for (let place = 0; place < laneSlots[lane]; place += 1) taken.push(await slots.take('a', lane, soon()))
  return { slots, taken }
}

test('a ringing phone finds room while bulk work has taken all that it may', async () => {
  const { slots, taken } = await fill('initial')
  const order: string[] = []
  const later = ['initial', 'incremental', 'incremental'].map((lane) =>
    slots.take('a', lane as Lane, soon()).then((free) => {
      order.push(lane)
      return free
    }),
  )
  await slots.take('a', 'person', soon())
  await slots.take('a', 'ring', soon())
  assert.deepEqual(order, ['incremental'], 'one lane up had a place of its own, the others wait')
  for (const free of taken) free()
  await Promise.all(later)
  assert.deepEqual(order, ['incremental', 'incremental', 'initial'])
})

test('organisations do not wait for each other, and a place given back twice counts once', async () => {
  const { slots, taken } = await fill('initial')
  await slots.take('b', 'initial', soon())
  taken[0]!()
  taken[0]!()
  await slots.take('a', 'initial', soon())
  await assert.rejects(
    slots.take('a', 'initial', { deadline: systemClock.monotonic() + 20 }),
    (error: HubError) => error.code === 'crm.throttled' && error.detail.retryAt !== undefined,
  )
})

test('who gives up waiting leaves no place taken', async () => {
  const { slots, taken } = await fill('initial')
  const stop = new AbortController()
  const waiting = slots.take('a', 'initial', { ...soon(), signal: stop.signal })
  stop.abort(new Error('enough'))
  await assert.rejects(waiting, /enough/)
  taken[0]!()
  const free = await slots.take('a', 'initial', soon())
  free()
})
