import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPatience } from './patience.ts'

function patience() {
  let now = 0
  const one = createPatience({ idleSeconds: 240, mostSeconds: 1_740 }, () => now * 1000)
  return {
    isOver: (second: number, done: number, waitsForQuota = false) => {
      now = second
      return one.isOver({ done, waitsForQuota })
    },
  }
}

test('what goes on growing, or waits for the quota, is waited for; what stands still is not', () => {
  const growing = patience()
  for (let second = 0; second <= 1_700; second += 100) assert.equal(growing.isOver(second, second), false)
  const standing = patience()
  assert.equal(standing.isOver(0, 5), false)
  assert.equal(standing.isOver(200, 5, true), false)
  assert.equal(standing.isOver(430, 5), false)
  assert.equal(standing.isOver(441, 5), true)
})

test('what comes and goes is no progress, and nothing is waited for without end', () => {
  const wavering = patience()
  wavering.isOver(0, 5)
  wavering.isOver(100, 3)
  assert.equal(wavering.isOver(241, 5), true)
  const endless = patience()
  for (let second = 0; second <= 1_740; second += 100) assert.equal(endless.isOver(second, 0, true), false)
  assert.equal(endless.isOver(1_741, 0, true), true)
})
