import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../../support/processes.ts'
import { type Behaviour, ofHub } from '../behaviour.ts'
import type { HubScene, Told } from '../hub.ts'

const mostTries = 6

/**
 * A pass that has read a row and whose answer is still on its way, while the row changes. Answers whether `isStored` came
 * true before the pass had ended: on a busy machine the answer may arrive first, and then nothing was overtaken; the next
 * attempt's answer takes longer.
 */
async function overtaken(
  scene: HubScene,
  attempt: number,
  change: () => Promise<unknown>,
  isStored: () => Promise<boolean>,
): Promise<boolean> {
  const { world } = scene
  const before = await world.asked()
  await world.strike('slow answer', { times: 1, ms: 2_500 * attempt })
  const run = await scene.beginPass()
  await until('the pass asks', async () => (await world.asked()) > before)
  await wait(300)
  await change()
  let ended = false
  const end = scene.passEnded(run).finally(() => {
    ended = true
  })
  let stored = false
  while (!ended && !stored) {
    stored = (await isStored()) && !ended
    if (!stored) await wait(50)
  }
  await end
  await world.calm()
  return stored
}

/** What no attempt has shown was not tried at all. */
async function untilOvertaken({ world }: HubScene, attemptOnce: (attempt: number) => Promise<boolean>): Promise<void> {
  for (let attempt = 1; attempt <= mostTries; attempt += 1) if (await attemptOnce(attempt)) return
  throw new Error(`${world.connector.manifest.title}: a push never came in before the answer of a pass`)
}

/** What a field became, step by step. */
const stepsOf = (told: readonly Told[], field: string) =>
  told.flatMap(({ changed }) => (changed[field] === undefined ? [] : [changed[field].after]))

async function overlapping(scene: HubScene): Promise<void> {
  const [id] = await scene.take(1)
  await scene.settled()
  // Without pushes nothing can come in before the answer of a pass.
  if (scene.isPushed) await untilOvertaken(scene, (attempt) => overlapped(scene, id!, attempt))
  else await overlapped(scene, id!, 1)
}

/** False where what changed meanwhile was not stored before the answer of the pass. */
async function overlapped(scene: HubScene, id: string, attempt: number): Promise<boolean> {
  const { world } = scene
  const { note } = world.names
  const [before, after] = [`while it is read: before ${attempt}`, `while it is read: after ${attempt}`]
  if (scene.isPushed) await world.troublePushes('lost', 1)
  await world.change(id, { [note]: before })
  await wait(500)
  const cursor = await scene.feedEnd()
  const isStored = async () => (await scene.record(id))?.sourceFields[note] === after
  const isOvertaken = await overtaken(scene, attempt, () => world.change(id, { [note]: after }), isStored)
  // The push tells of it; where there is none, the next pass has to.
  if (scene.isPushed) await scene.hintsSettled()
  else await scene.settled()
  await scene.agrees(id)
  const isTold = (told: readonly Told[]) => stepsOf(told, note).at(-1) === after
  assert.ok(isTold(await scene.toldSince(cursor, id, isTold)), 'the feed ends with the last edit')
  return isOvertaken
}

async function inOneSecond(scene: HubScene): Promise<void> {
  const { world } = scene
  const { note } = world.names
  const [id] = await scene.take(1)
  const at = new Date()
  for (const text of ['one second: first', 'one second: second']) {
    if (scene.isPushed) await world.troublePushes('lost', 1)
    await world.change(id!, { [note]: text }, at)
    await scene.settled()
    await world.calm()
    await scene.agrees(id!)
  }
}

/** The later state is pushed and stored while the earlier one is still on its way in a pass. */
async function inOneSecondReversed(scene: HubScene): Promise<void> {
  const [id] = await scene.take(1)
  await scene.settled()
  await untilOvertaken(scene, (attempt) => reversed(scene, id!, attempt))
}

/** False where the pass was not overtaken. */
async function reversed(scene: HubScene, id: string, attempt: number): Promise<boolean> {
  const { world } = scene
  const { note } = world.names
  const [first, second] = [`reversed: first ${attempt}`, `reversed: second ${attempt}`]
  const at = new Date()
  await world.troublePushes('lost', 1)
  await world.change(id, { [note]: first }, at)
  await wait(500)
  const cursor = await scene.feedEnd()
  const isStored = async () => (await scene.record(id))?.sourceFields[note] === second
  const isOvertaken = await overtaken(scene, attempt, () => world.change(id, { [note]: second }, at), isStored)
  await scene.hintsSettled()
  await scene.agrees(id)
  const isTold = (told: readonly Told[]) => stepsOf(told, note).includes(second)
  const steps = stepsOf(await scene.toldSince(cursor, id, isTold), note)
  const wentBack = steps.indexOf(second) < steps.lastIndexOf(first)
  assert.ok(!wentBack, `the feed went back: ${steps.join(', ')}`)
  return isOvertaken
}

async function deleteBeforeCreate(scene: HubScene): Promise<void> {
  const { world } = scene
  await scene.settled()
  if (scene.isPushed) await world.troublePushes('reordered', 4)
  const ids = [await world.create('Gone At Once'), await world.create('Gone At Once Too')]
  for (const id of ids) await world.remove(id)
  await scene.settled()
  await world.calm()
  for (const id of ids) {
    const record = await scene.record(id)
    assert.ok(record === null || record.deletedAt !== null, `${id} is alive in the hub`)
  }
}

async function deletedAndFound(scene: HubScene, id: string): Promise<void> {
  await scene.settled()
  const record = await until('the delete is known', async () => {
    const now = await scene.record(id)
    return now?.deletedAt ? now : null
  })
  assert.ok(record.deletedAt)
}

async function restored(scene: HubScene): Promise<void> {
  const { world } = scene
  const [id] = await scene.take(1)
  const cursor = await scene.feedEnd()
  await world.remove(id!)
  await deletedAndFound(scene, id!)
  await world.restore(id!)
  await scene.settled()
  await scene.agrees(id!)
  const operations = (await scene.toldSince(cursor, id!, ({ length }) => length >= 2)).map(({ operation }) => operation)
  assert.deepEqual(operations, ['deleted', 'restored'])
}

async function undeleted(scene: HubScene): Promise<void> {
  const { world } = scene
  const { note } = world.names
  const [id, other] = await scene.take(2)
  await scene.settled()
  // The hub hears of the delete when the row is back already.
  if (scene.isPushed) await world.troublePushes('reordered', 3)
  await world.remove(id!)
  await world.restore(id!)
  await world.change(id!, { [note]: 'back again' })
  await scene.settled()
  await world.calm()
  await scene.agrees(id!)
  // And one that was known as deleted comes back with other values.
  await world.remove(other!)
  await deletedAndFound(scene, other!)
  await world.restore(other!)
  await world.change(other!, { [note]: 'back with another value' })
  await scene.settled()
  await scene.agrees(other!)
  assert.equal((await scene.record(other!))!.sourceFields[note], 'back with another value')
}

async function merged(scene: HubScene): Promise<void> {
  const { world } = scene
  const [winner, loser, pushedWinner, pushedLoser] = await scene.take(4)
  await scene.settled()
  if (scene.isPushed) await world.troublePushes('lost', 8)
  await world.merge(winner!, loser!)
  await scene.compared()
  await world.calm()
  await scene.agrees(winner!)
  await scene.agrees(loser!)
  if (!scene.isPushed) return
  await world.merge(pushedWinner!, pushedLoser!)
  await scene.hintsSettled()
  await scene.agrees(pushedWinner!)
  await scene.agrees(pushedLoser!)
}

async function lateCommit(scene: HubScene): Promise<void> {
  const { world } = scene
  const { lateArrivalSeconds } = world.connector.manifest
  const [id] = await scene.take(1)
  await scene.settled()
  await scene.settled()
  if (scene.isPushed) await world.troublePushes('lost', 1)
  // Begun before the last pass, and seen only now.
  const at = new Date(Date.now() - Math.min(lateArrivalSeconds / 2, 90) * 1_000)
  await world.change(id!, { [world.names.note]: 'committed late' }, at)
  await scene.settled()
  await world.calm()
  await scene.agrees(id!)
}

export const changes: Behaviour[] = [
  ofHub('a reading that overlaps a change', overlapping),
  ofHub('two edits in one second, in order', inOneSecond),
  ofHub('two edits in one second, in the other order', inOneSecondReversed, ['push']),
  ofHub('delete before create', deleteBeforeCreate),
  ofHub('restore', restored, ['restore']),
  ofHub('undelete', undeleted, ['restore']),
  ofHub('merge of two records', merged),
  ofHub('late commit', lateCommit),
]
