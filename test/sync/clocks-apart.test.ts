import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copied, differences, feedOf, passed, testHub } from '../support/hub.ts'

const change = (operation: string, id: string, fields?: Record<string, unknown>) => ({
  entity: 'contact',
  operation,
  id,
  ...(fields === undefined ? {} : { fields }),
})

for (const tracked of [true, false]) {
  for (const minutes of [-10, 10]) {
    const how = tracked ? 'lists of changes' : 'modification times'
    test(`a CRM whose clock is ${minutes} minutes off is followed by its ${how}, in order`, async (t) => {
      const hub = await testHub(t, { records: 120 })
      await hub.control('/faults', { kind: 'clock-skew', minutes })
      await hub.connect()
      await hub.pool.query(`update jackfield.synced_table set enabled = entity = 'contact', schedule_seconds = 86400,
        source = source || '{"changeTracking": ${tracked}}'`)
      hub.worker()
      await copied(hub)
      const [twice, back] = (await hub.dump('contact')).filter(({ deleted }) => !deleted).map(({ id }) => id)
      await hub.control('/records', [change('change', twice!, { jobtitle: 'First' }), change('delete', back!)])
      await passed(hub)
      await hub.control('/records', [change('change', twice!, { jobtitle: 'Second' }), change('restore', back!)])
      await passed(hub)
      assert.deepEqual(await differences(hub, 'contact'), [])
      const titles = (await feedOf(hub, 'contact')).map(({ changed }) => changed.jobtitle?.after)
      assert.deepEqual(
        titles.filter((title) => title === 'First' || title === 'Second'),
        ['First', 'Second'],
      )
    })
  }
}
