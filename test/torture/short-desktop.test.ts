import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runDay } from './desktop/day.ts'
import { planDay } from './desktop/days.ts'
import { killDatabases } from './postgres.ts'
import { killAll } from './processes.ts'

process.once('exit', () => {
  killAll()
  killDatabases()
})

test('each interaction of a short day stands in the CRM once, through a kill and lost answers', async () => {
  const strikes = [
    { victim: 'hub', name: 'kill' },
    { victim: 'crm', name: 'lost answers' },
  ] as const
  // Of this seed each call is wrapped up: none waits for the minute after which the hub would close it.
  const plan = planDay(1, { seed: 39, interactions: 60, stopMs: 5_000 })
  const { differences, withLink, activities } = await runDay({ ...plan, strikes })
  assert.deepEqual(differences, [])
  assert.ok(withLink > 10, `${withLink} of 60 were linked`)
  assert.equal(activities, withLink)
})
