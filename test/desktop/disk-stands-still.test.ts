import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEmbedded } from '#database/embedded.ts'
import { migrate } from '#database/migrate.ts'
import { createPool } from '#database/pool.ts'
import { takeEvents } from '#desktop/take-events.ts'
import { dataFolder } from '../database/data-folder.ts'
import { until } from '../server/served-hub.ts'

test('A disk that stands still holds up who tells of a call, and not the card', async (t) => {
  const folder = await dataFolder(t)
  const { url, stop } = await startEmbedded({ dataFolder: folder })
  t.after(stop)
  const pool = createPool({ url, max: 4, name: 'test' })
  t.after(() => pool.end())
  await migrate(pool)
  // Whatever waits for the disk waits for this standby too, which never comes.
  await pool.query(`alter system set synchronous_standby_names = 'nobody'`)
  const reload = () => pool.query('select pg_reload_conf()')
  const standsStill = async () =>
    (await pool.query('show synchronous_standby_names')).rows[0].synchronous_standby_names === 'nobody'
  await reload()
  await until('the disk stands still', standsStill)

  const event = {
    source: 'pbx',
    interaction: 'call-1',
    id: 'ring',
    type: 'offered' as const,
    at: new Date(),
    agent: null,
  }
  const told = [{ ...event, data: { ani: '+3225551212', channelType: 'voice' }, scriptVariables: {} }]
  const answered: string[] = []
  const send = async (name: string) => {
    const seen: string[] = []
    const taken = takeEvents(pool, told, { sentBy: 'test', onSeen: (id) => seen.push(id) })
    void taken.then(([one]) => answered.push(`${name}: ${one!.outcome}`))
    return { taken, seen }
  }
  const first = await send('first')
  await until('it can be seen', async () => first.seen.length === 1)
  const { rows } = await pool.query('select state from jackfield.interaction where id = $1', [first.seen[0]])
  assert.equal(rows.length, 1, 'by everybody')

  // Sent again meanwhile, it is there already: that is no reason to say that it is kept.
  const again = await send('again')
  const waiting = `select count(*)::int as waiting from pg_stat_activity where wait_event = 'SyncRep'`
  await until('both wait for the disk', async () => (await pool.query(waiting)).rows[0].waiting === 2)
  assert.deepEqual(answered, [])

  await pool.query('alter system reset synchronous_standby_names')
  await reload()
  await Promise.all([first.taken, again.taken])
  assert.deepEqual(answered.toSorted(), ['again: replayed', 'first: kept'])
  assert.deepEqual(again.seen, [], 'nothing new')
})
