import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from './clock.ts'
import { backoff, retry, retryAfterMs } from './retry.ts'

const now = Date.UTC(2026, 10, 21, 12)

test('the ceiling of the wait doubles up to its cap, and the wait is anywhere below it', () => {
  const ceilings = [0, 1, 2, 3, 20, 5000].map((attempt) => backoff(attempt, 0.999999, { baseMs: 100, capMs: 1000 }))
  assert.deepEqual(ceilings, [99, 199, 399, 799, 999, 999])
  assert.equal(backoff(5, 0), 0)
})

test('Retry-After is read in every form that the standard knows', () => {
  const date = 'Sat, 21 Nov 2026 12:00:00 GMT'
  const cases: [string | undefined, string | undefined, number | undefined][] = [
    ['120', undefined, 120_000],
    [' 0 ', undefined, 0],
    ['1.5', undefined, 1500],
    ['99999999999999999999', undefined, 21_600_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', date, 30_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', undefined, 30_000],
    ['Sat, 21 Nov 2026 12:10:30 GMT', 'Sat, 21 Nov 2026 12:10:00 GMT', 30_000],
    ['Saturday, 21-Nov-26 12:00:30 GMT', date, 30_000],
    ['Sat Nov 21 12:00:30 2026', date, 30_000],
    ['Sat, 21 Nov 2020 12:00:00 GMT', date, 0],
    ['soon', date, undefined],
    ['-5', date, undefined],
    ['', date, undefined],
    [undefined, date, undefined],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 'not a date', 30_000],
  ]
  for (const [header, dateHeader, expected] of cases) {
    assert.equal(retryAfterMs(header, dateHeader, now), expected, String(header))
  }
})

test('a task is run until it may stop, and its last outcome counts', async () => {
  const clock = { ...systemClock, sleep: async () => {} }
  let runs = 0
  const task = async () => {
    runs++
    if (runs < 3) throw new Error(`failure ${runs}`)
    return runs
  }
  assert.equal(await retry(task, { attempts: 5, wait: (outcome) => ('error' in outcome ? 1 : undefined), clock }), 3)
  runs = 0
  await assert.rejects(retry(task, { attempts: 2, wait: () => 1, clock }), /failure 2/)
  runs = 0
  await assert.rejects(
    retry(task, { attempts: 5, wait: () => 60_000, deadline: clock.monotonic() + 1000, clock }),
    /failure 1/,
  )
})

test('sleep ends at once with the reason of its signal', async () => {
  const stop = new AbortController()
  const reason = new Error('stopping')
  const sleeping = systemClock.sleep(2 ** 40, stop.signal)
  stop.abort(reason)
  await assert.rejects(sleeping, (error) => error === reason)
  await assert.rejects(systemClock.sleep(1, stop.signal), (error) => error === reason)
})
