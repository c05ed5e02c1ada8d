import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../../support/processes.ts'
import type { Pushed } from '../../torture/hook-relay.ts'
import { type Behaviour, ofHub } from '../behaviour.ts'
import type { HubScene } from '../hub.ts'

/** Sends a push past the CRM; answers the status. */
async function push({ hub }: HubScene, { path, headers, body }: Pushed): Promise<number> {
  const { connection: _connection, 'content-length': _length, ...rest } = headers
  return (await hub.ask(path, { key: null, method: 'POST', body, headers: rest })).status
}

/** The push of a change of this row, as the CRM sent it. */
async function pushOf({ world, relay }: HubScene, id: string, text: string): Promise<Pushed> {
  const before = relay.acknowledged.length
  await world.change(id, { [world.names.note]: text })
  const found = await until('a push', () =>
    relay.acknowledged.slice(before).find(({ subjects }) => subjects.some((subject) => subject.id === id)),
  )
  return found.push
}

async function doubled(scene: HubScene): Promise<void> {
  const { world } = scene
  const { note } = world.names
  const [id] = await scene.take(1)
  await scene.settled()
  const cursor = await scene.feedEnd()
  await world.troublePushes('doubled', 2)
  const sent = await pushOf(scene, id!, 'doubled')
  await scene.hintsSettled()
  await world.calm()
  await scene.agrees(id!)
  const status = await push(scene, sent)
  assert.ok(status >= 200 && status < 300, `a repeated push is answered ${status}`)
  await scene.hintsSettled()
  const told = await scene.toldSince(cursor, id!, ({ length }) => length >= 1)
  assert.deepEqual(
    told.map(({ changed }) => changed[note]?.after),
    ['doubled'],
  )
}

async function reordered(scene: HubScene): Promise<void> {
  const { world } = scene
  const { note } = world.names
  const [id] = await scene.take(1)
  await pushOf(scene, id!, 'in order')
  await scene.hintsSettled()
  await scene.agrees(id!)
  await world.troublePushes('reordered', 4)
  for (const text of ['first', 'second', 'third', 'fourth']) await world.change(id!, { [note]: `reordered: ${text}` })
  await wait(500)
  await scene.hintsSettled()
  await world.calm()
  await scene.agrees(id!)
  assert.equal((await scene.record(id!))!.sourceFields[note], 'reordered: fourth')
}

async function forged(scene: HubScene): Promise<void> {
  const { world } = scene
  const [id] = await scene.take(1)
  const genuine = await pushOf(scene, id!, 'genuine')
  const forgeries = world.hub.forgeries(genuine)
  assert.ok(forgeries.length > 0)
  for (const { what, push: sent } of forgeries) assert.equal(await push(scene, sent), 401, what)
  const status = await push(scene, genuine)
  assert.ok(status >= 200 && status < 300, `the genuine one is answered ${status}`)
}

interface KeptWrite {
  id: string
  sourceId: string
  state: string
  problem: { message: string } | null
}

async function written(scene: HubScene, given: Record<string, unknown>): Promise<KeptWrite> {
  const { hub, connection, world } = scene
  const json = { connection, entity: world.hub.entity, writeKey: randomUUID(), ...given }
  const kept = await hub.ask('/api/v1/writes', { json })
  assert.equal(kept.status, 202, kept.text)
  return until(
    'the end of a write',
    async () => {
      const { json: now } = await hub.ask(`/api/v1/writes/${kept.json.id}`)
      return ['done', 'failed', 'unknown', 'cancelled'].includes(now.state) ? (now as KeptWrite) : null
    },
    180_000,
  )
}

const lateMs = 1_500

async function lateWrite(scene: HubScene): Promise<void> {
  const { world } = scene
  const { note, text } = world.names
  const [id] = await scene.take(1)
  const before = await world.hub.applied(id!)
  await world.commitLate(lateMs)
  const update = await written(scene, { operation: 'update', sourceId: id, fields: { [note]: 'written late' } })
  assert.equal(update.state, 'done', update.problem?.message)
  await wait(lateMs)
  assert.equal(await world.hub.applied(id!), before + 1, 'the update was carried out once')
  await scene.agrees(id!)

  const name = `Late ${randomUUID().slice(0, 8)}`
  await world.commitLate(lateMs)
  const create = await written(scene, { operation: 'create', fields: { [text]: name } })
  assert.equal(create.state, 'done', create.problem?.message)
  await wait(lateMs)
  const made = (await world.rows()).filter((row) => row.fields[text] === name)
  assert.equal(made.length, 1, 'one row was made')
  await scene.settled()
  await scene.agrees(made[0]!.id)
}

interface TableFacts {
  columns: string[]
  gone: { column: string; since: string }[]
}

async function keepsValues(scene: HubScene): Promise<void> {
  const { world, hub, connection } = scene
  const { text, note } = world.names
  const [id] = await scene.take(1)
  await world.change(id!, { [note]: 'The last value' })
  await scene.settled()
  assert.equal((await scene.record(id!))!.sourceFields[note], 'The last value')
  await world.dropColumn(note)
  await world.change(id!, { [text]: 'Read On' })
  // That pass may fail, and the table be compared as a whole: where the CRM forgets its list with the column.
  await scene.beginPass()
  const { sourceFields } = await until(
    'the row is read on',
    async () => {
      const record = await scene.record(id!)
      return record?.sourceFields[text] === 'Read On' ? record : null
    },
    120_000,
  )
  const { json } = await hub.ask(`/api/v1/connections/${connection}/tables/${world.hub.entity}`)
  const { columns, gone } = json as TableFacts
  // An API that is asked for no columns refuses none: that a field is no longer there nobody can tell from its being empty.
  if (gone.length === 0) return await scene.agrees(id!)
  assert.deepEqual(
    gone.map(({ column }) => column),
    [note],
  )
  assert.ok(columns.includes(note))
  assert.equal(sourceFields[note], 'The last value')
}

export const doors: Behaviour[] = [
  ofHub('doubled pushes', doubled, ['push']),
  ofHub('reordered pushes', reordered, ['push']),
  ofHub('forged signature', forged, ['push']),
  ofHub('a write that commits after its connection was cut', lateWrite, ['write']),
  // The last of those that share a hub: the column is not given back.
  ofHub('column removed, values kept', keepsValues),
]
