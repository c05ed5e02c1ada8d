import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { unzipBytes } from '../../simulators/salesforce/zip.ts'
import { openPage } from '../people/page.ts'
import { until } from '../support/processes.ts'
import { jackfield, newFolder, startJackfield } from './command-line.ts'

test('The demo’s phone rings for whoever signs in first, and its package shows that desktop in Teams', async (t) => {
  const data = await newFolder(t)
  // The organisation lives: among few, whoever is about to call may lose their number in that second.
  const demo = await startJackfield(t, ['demo', '--port', '0', '--data', data, '--records', '3000', '--json'])
  const facts = await until(
    'the demo is copied',
    () => demo.lines.map((line) => JSON.parse(line)).find((line) => 'signIn' in line),
    180_000,
  )
  const page = openPage({ url: facts.url })
  assert.equal((await page.post('/session', { token: new URL(facts.signIn).hash.slice(1) })).status, 200)
  const [card] = await until('a card rings', async () => {
    const { cards } = (await page.get('/desktop')).json
    return cards.length > 0 && cards
  })
  assert.equal(card.interaction.channel, 'voice')
  const searched = await until('it was searched who calls', async () => {
    const [first] = (await page.get('/desktop')).json.cards
    return first && first.matches.length + first.whyNone.length > 0 && first
  })
  assert.deepEqual(searched.whyNone, [])

  const out = join(data, 'teams.zip')
  const args = ['desktop', 'teams-app', '--out', out, '--allow', '--data', data, '--json']
  const environment = { JACKFIELD_PUBLIC_URL: 'https://hub.company.example' }
  const made = await jackfield(args, environment)
  assert.equal(made.code, 0, made.stderr)
  assert.equal(made.last.teams, true)
  assert.deepEqual([...unzipBytes(readFileSync(out))!.keys()], ['manifest.json', 'color.png', 'outline.png'])
  assert.equal((await jackfield(args, environment)).code, 2, 'a file that is there is kept')

  assert.equal(await demo.stop('SIGINT'), 0, demo.stderr())
  assert.ok(!existsSync(join(data, 'holder.json')))
})
