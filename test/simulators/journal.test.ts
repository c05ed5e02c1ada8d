import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { startAsked, until } from './ask.ts'

const folder = mkdtempSync(join(tmpdir(), 'simulator-'))
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

type Facts = { url: string; authority: string; tenant: string; clientId: string; clientSecret: string; control: string }

async function spawnSimulator(...args: string[]): Promise<{ child: ChildProcess; facts: Facts }> {
  const main = join(import.meta.dirname, '../../simulators/dynamics/main.ts')
  const child = spawn(process.execPath, [main, '--json', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout! })) return { child, facts: JSON.parse(line) as Facts }
  throw new Error('it printed nothing')
}

const dumpOf = async (control: string) => {
  const lines = (await (await fetch(`${control}/dump`)).text()).trim().split('\n')
  return lines.sort().join('\n')
}

test('a killed organisation comes back with its rows, secrets and address', async () => {
  const data = join(folder, 'organisation.ndjson')
  const first = await spawnSimulator('--records', '300', '--seed', '5', '--broken', '6', '--data', data)
  const post = (path: string, body: object) =>
    fetch(`${first.facts.control}${path}`, { method: 'POST', body: JSON.stringify(body) })
  await post('/schema', { entity: 'contact', addColumn: { name: 'new_colour' } })
  await post('/churn', { rate: 400 })
  await until('some life', async () => {
    const { churn } = (await (await fetch(`${first.facts.control}/`)).json()) as { churn: { done: number } }
    return churn.done > 300
  })
  await post('/churn', { rate: 0 })
  // Life restores what it deletes, now and then all of it.
  const { id } = (await (await fetch(`${first.facts.control}/dump`)).text())
    .split('\n')
    .filter((line) => line.startsWith('{"entity":"contact"') && line.includes('"deleted":false'))
    .map((line) => JSON.parse(line) as { id: string })[0]!
  await post('/records', { entity: 'contact', operation: 'delete', id })
  const before = await dumpOf(first.facts.control)
  assert.match(before, /"deleted":true/)
  assert.match(before, /"new_colour":null/)
  first.child.kill('SIGKILL')
  await until('its end', () => first.child.signalCode !== null)
  appendFileSync(data, '{"e":"contact","i":"half a li')
  const second = await spawnSimulator('--data', data)
  assert.deepEqual(second.facts, first.facts)
  assert.equal(await dumpOf(second.facts.control), before)
  second.child.kill('SIGTERM')
  await until('its end', () => second.child.exitCode !== null)
  assert.equal(second.child.exitCode, 0)
})

test('a file of another organisation is refused', async () => {
  const dataFile = join(folder, 'other.ndjson')
  const asked = await startAsked({ records: 60, seed: 1, dataFile })
  await asked.running.close()
  await assert.rejects(startAsked({ records: 60, seed: 2, dataFile }), /holds another organisation/)
})

test('ready-made pages are the same pages, and are made anew after a change', async () => {
  const asked = await startAsked({ records: 600, prepared: true })
  const prefer = 'odata.maxpagesize=200'
  const path = 'contacts?$select=fullname,versionnumber'
  const url = `${asked.running.url}/api/data/v9.2/${path}`
  const warmed = await asked.control('POST', '/prepare', { url, prefer })
  assert.deepEqual([warmed.pages, warmed.records], [3, 500])
  const first = await asked.ask(path, { headers: { prefer } })
  assert.deepEqual(((await asked.control('GET', '/')).prepared as { hits: number }).hits, 1)
  const [row] = first.json.value
  await asked.records({
    entity: 'contact',
    operation: 'change',
    id: row!.contactid,
    fields: { lastname: 'Fresh', firstname: 'Very' },
  })
  const again = await asked.ask(path, { headers: { prefer } })
  assert.equal(again.json.value[0]!.fullname, 'Very Fresh')
  await asked.running.close()
})
