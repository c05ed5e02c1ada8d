import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { EventBatch, type FullEvent } from '../../src/server/contract/interactions.ts'

const program = join(import.meta.dirname, '../../simulators/calls/main.ts')

type Taken = { path: string; headers: IncomingMessage['headers']; body: string; events: FullEvent[] }

/** What takes events as the contract says; the first answers of all are lost. */
async function taker(t: TestContext, { failing = 0 } = {}) {
  const taken: Taken[] = []
  const kept = new Map<string, FullEvent>()
  let left = failing
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    if (request.method === 'GET') return void response.end(JSON.stringify(recordsAt(path)))
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { events } = EventBatch.parse(JSON.parse(body))
    taken.push({ path, headers: request.headers, body, events })
    const outcomes = events.map((event) => {
      const id = `${event.interaction} ${event.id}`
      const outcome = kept.has(id) ? 'replayed' : 'kept'
      kept.set(id, event)
      return { interaction: event.interaction, event: event.id, outcome }
    })
    // Kept, and nobody hears of it.
    if (left-- > 0) return void request.socket.destroy()
    response.end(JSON.stringify({ taken: outcomes }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken, kept }
}

function recordsAt(path: string) {
  const query = new URL(path, 'http://hub').searchParams
  const second = query.get('cursor') === 'second'
  const phones = [{ field: 'telephone1', e164: second ? '+3225550122' : '+3225550111', digits: null }]
  const record = {
    id: second ? 'b' : 'a',
    name: 'Ana',
    deletedAt: null,
    sourceFields: { mail: 'ana@x.example' },
    phones,
  }
  return { records: query.get('entity') === 'contact' ? [record] : [], next: second ? null : 'second' }
}

async function run(t: TestContext, options: readonly string[]) {
  const child = spawn(process.execPath, [program, '--json', '--speed', '2000', '--rate', '120', ...options])
  t.after(() => child.kill('SIGKILL'))
  const lines: Record<string, unknown>[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(JSON.parse(line)))
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  // Not its exit: what it printed last may come behind that.
  const ended = once(child, 'close').then(([code]) => ({ code, said }))
  // Two may come in one piece.
  const line = async (count: number) => {
    while (lines.length < count) await once(reader, 'line')
  }
  return { child, lines, ended, line }
}

function secretFile(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'calls-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'secret')
  writeFileSync(file, `${text}\n`)
  return file
}

const agents = ['--agents', 'ann@x.example,bob@x.example,desk-3,desk-4']

test('tells of whole lives of interactions, with nothing lost by doubled, late and unanswered sendings', async (t) => {
  const hub = await taker(t, { failing: 3 })
  const file = secretFile(t, 'key-of-the-centre')
  const options = ['--hub', hub.url, '--key-file', file, ...agents, '--count', '80', '--faults', 'all', '--stay']
  const { child, lines, ended, line } = await run(t, options)
  await line(1)
  const [first] = lines
  assert.deepEqual(
    { simulator: first!.simulator, by: first!.by, callers: first!.callers },
    { simulator: 'calls', by: 'key', callers: 2 },
  )
  await line(2)
  const dump = await (await fetch(`${first!.control}/dump`)).text()
  child.kill('SIGTERM')
  assert.equal((await ended).code, 0)

  const counts = lines.at(-1)!
  assert.equal(counts.finished, 80)
  assert.equal(counts.refused, 0)
  assert.ok(Number(counts.repeated) >= 1 && Number(counts.replayed) >= 1, JSON.stringify(counts))
  assert.ok(hub.taken.every(({ headers }) => headers.authorization === 'Bearer key-of-the-centre'))

  const told = dump.trim().split('\n')
  assert.equal(told.length, 80)
  const all = [...hub.kept.values()]
  for (const text of told) {
    const final = JSON.parse(text)
    const events = all.filter(({ interaction }) => interaction === final.interaction)
    const ordered = events.toSorted((a, b) => a.at.localeCompare(b.at))
    assert.deepEqual(
      ordered.map(({ id }) => id),
      final.events,
    )
    assert.deepEqual(Object.assign({}, ...ordered.map(({ data }) => data)), final.data)
    assert.equal(new Set(ordered.map(({ at }) => at)).size, ordered.length)
  }
  const seen = new Set(all.map(({ type }) => type))
  for (const type of ['offered', 'accepted', 'held', 'resumed', 'transferred', 'contact_left', 'ended'] as const)
    assert.ok(seen.has(type), type)
  for (const type of ['wrap_up_closed', 'unassigned', 'dismissed', 'updated'] as const) assert.ok(seen.has(type), type)
  assert.deepEqual(
    new Set(told.map((text) => JSON.parse(text).caller.kind)),
    new Set(['known', 'unknown', 'withheld', 'malformed']),
  )
  assert.equal(new Set(hub.taken.flatMap(({ events }) => events.map(({ source }) => source))).size, 1)
})

test('signs what it tells of through the webhook', async (t) => {
  const hub = await taker(t)
  const options = ['--hub', hub.url, '--source', 'desk', '--secret-file', secretFile(t, 's3cret'), ...agents]
  const { lines, ended } = await run(t, [...options, '--count', '5'])
  assert.equal((await ended).code, 0)
  assert.equal(lines.at(-1)!.finished, 5)
  assert.ok(hub.taken.length > 0)
  for (const { path, headers, body } of hub.taken) {
    assert.equal(path, '/hooks/interactions/desk')
    const [, at, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-jackfield-signature']))!
    assert.equal(signature, createHmac('sha256', 's3cret').update(`${at}.${body}`).digest('hex'))
    assert.ok(Math.abs(Number(at) - Date.now() / 1000) < 60)
  }
})

test('says what is missing', async (t) => {
  const { ended } = await run(t, ['--hub', 'http://127.0.0.1:1', ...agents])
  const { code, said } = await ended
  assert.notEqual(code, 0)
  assert.match(said, /--key-file or --secret-file is missing/)
})
