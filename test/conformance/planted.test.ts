import assert from 'node:assert/strict'
import { test } from 'node:test'
import { worlds } from '../connectors/worlds.ts'
import { copyProgram } from '../torture/program.ts'
import { behaviours } from './groups.ts'
import { lies } from './lies.ts'
import { falseWorlds, readPatches, runPlanted } from './planted.ts'

test('every behaviour has one fault that it must find, and every fault its behaviour', async () => {
  const patches = await readPatches()
  const planted = [...patches.flatMap(({ shows }) => shows), ...Object.keys(lies), ...Object.keys(falseWorlds)]
  assert.deepEqual(planted.sort(), behaviours.map(({ name }) => name).sort())
})

test('every planted fault can still be planted, and says what it breaks', async () => {
  for (const { breaks, text } of await readPatches()) {
    assert.match(breaks, /^[A-Z].*\.$/)
    const program = await copyProgram(text)
    await program.remove()
  }
})

test('a connector that leaves out rows is found', async () => {
  const chosen = behaviours.filter(({ name }) => name === 'paging past the end' || name === 'reading by id')
  assert.equal(await runPlanted({ subjects: worlds, chosen }), true)
})
