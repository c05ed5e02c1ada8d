import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Clock, systemClock } from '#core/clock.ts'
import { createLog } from '#core/log.ts'
import { createApiKey, revokeApiKey } from '#people/api-key.ts'
import { createCredentialCheck } from '#people/credential-check.ts'
import { digest } from '#people/token.ts'
import { testDatabase } from '../support/database.ts'

test('Who calls often never waits for their key to be asked for again, and is refused soon after it is revoked', async (t) => {
  const { pool } = await testDatabase(t, { max: 1 })
  const { key, stored } = await createApiKey(pool, { name: 'softphone', scopes: ['read:records'], createdBy: 'test' })
  let now = 0
  const clock: Clock = { ...systemClock, monotonic: () => now }
  const log = createLog({ level: 'silent', write: () => undefined })
  const credentials = createCredentialCheck({ pool, clock, log, limits: { idleHours: 12, days: 7 } })
  const asked = () => credentials.key(digest(key))
  assert.equal((await asked())?.name, 'softphone')

  now += 3_000
  const busy = await pool.connect()
  try {
    assert.equal((asked() as { name?: string }).name, 'softphone', 'answered at once, though the database is busy')
    now += 1_900
    assert.equal((asked() as { name?: string }).name, 'softphone')
    await revokeApiKey(busy, stored.id)
  } finally {
    busy.release()
  }
  while ((await asked()) !== null) await pool.query('select')

  now += 1_500
  assert.equal(asked(), null, 'nor does a wrong key ask again each time')
  now += 5_000
  assert.ok(asked() instanceof Promise, 'nothing is believed for longer than five seconds')
  await asked()
})
