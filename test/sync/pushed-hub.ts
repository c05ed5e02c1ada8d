import { type Clock, systemClock } from '#core/clock.ts'
import { createFlood, type Flood } from '#sync/flood.ts'
import { createInbox, type Hint, type Inbox } from '#sync/inbox.ts'
import type { TestScope } from '../support/database.ts'
import { copied, type TestHub, testHub } from '../support/hub.ts'

export interface PushedHub {
  hub: TestHub
  inbox: Inbox
  flood: Flood
  /** An event of its own. */
  hint(sourceId: string, operation?: string, entity?: string): Hint
}

/** A copied hub to which only pushed events bring what happens from now on. */
export async function pushedHub(t: TestScope, clock: Pick<Clock, 'monotonic'> = systemClock): Promise<PushedHub> {
  const hub = await testHub(t, { records: 120 })
  const { id: connectionId } = await hub.connect()
  await hub.pool.query('update jackfield.synced_table set schedule_seconds = 86400')
  const flood = createFlood(clock)
  const inbox = createInbox(hub.pool, (count) => {
    flood.add(count)
    worker.wake()
  })
  hub.context.flooded = () => flood.lasts
  const worker = hub.worker()
  await copied(hub)
  let count = 0
  const hint: PushedHub['hint'] = (sourceId, operation = 'Update', entity = 'contact') => {
    count += 1
    return { eventKey: `test/${count}`, connectionId, entity, sourceId, operation }
  }
  return { hub, inbox, flood, hint }
}
