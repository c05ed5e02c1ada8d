import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from '#core/event-stream.ts'
import type { TestScope } from '../support/database.ts'
import { connectBody, type ServedHub, serveHub, startSimulator, until } from './served-hub.ts'

interface Seen {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  data: any
  id: string | undefined
}

/** Follows the hub as a browser does, until it is told to stop. */
async function follow(hub: ServedHub, key: string, lastEventId?: string) {
  const stop = new AbortController()
  const seen: Seen[] = []
  const headers: Record<string, string> = { authorization: `Bearer ${key}` }
  if (lastEventId !== undefined) headers['last-event-id'] = lastEventId
  const response = await fetch(`${hub.url}/api/v1/live`, { headers, signal: stop.signal })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type')!, /^text\/event-stream/)
  const ended = readEvents(response.body!.pipeThrough(new TextDecoderStream()), (event, data, id) => {
    seen.push({ event, data, id })
  }).catch(() => undefined)
  return {
    seen,
    changes: () => seen.filter(({ event }) => event === 'change').map(({ data }) => data.recordId as string),
    lastId: () => seen.findLast(({ id }) => id !== undefined)?.id,
    ended,
    stop: async () => {
      stop.abort()
      await ended
    },
  }
}

async function liveHub(t: TestScope) {
  const simulator = await startSimulator(t)
  const hub = await serveHub(t, { simulator, work: true })
  const { json } = await hub.ask('/api/v1/connections', { json: connectBody(simulator) })
  await until('the first copy', async () => {
    const { json: status } = await hub.ask('/api/v1/status')
    return status.connections[0].tables.every(
      (table: { enabled: boolean; firstPassAt: string | null }) => !table.enabled || table.firstPassAt,
    )
  })
  const create = async (lastname: string) => {
    await fetch(`${simulator.control}/records`, {
      method: 'POST',
      body: JSON.stringify({ entity: 'contact', operation: 'create', fields: { lastname } }),
    })
    const { json: asked } = await hub.ask('/api/v1/runs', { json: { connection: json.id, entity: 'contact' } })
    return asked.runs[0].id as string
  }
  return { hub, create, key: await hub.newKey('read:status', 'read:records') }
}

test('A page follows what changes, and one that was cut off goes on without a gap or a double', async (t) => {
  const { hub, create, key } = await liveHub(t)
  const first = await follow(hub, key)
  await until('the counts come at once', () => first.seen.some(({ event }) => event === 'attention'))
  const run = await create('Eins')
  await until('the change comes', () => first.changes().length === 1)
  await until('the run’s end comes', () =>
    first.seen.some(({ event, data }) => event === 'run' && data.id === run && data.state === 'done'),
  )
  await first.stop()
  await create('Zwei')
  const whole = await follow(hub, key)
  const second = await follow(hub, key, first.lastId())
  await create('Drei')
  await until('both came', () => second.changes().length >= 2 && whole.changes().length >= 1)
  assert.equal(new Set([...first.changes(), ...second.changes()]).size, 3)
  assert.equal(second.changes().length, 2)
  assert.ok(!second.seen.some(({ event }) => event === 'reset'))
  await Promise.all([whole.stop(), second.stop()])
})

test('A place that is no longer kept is said, and the page goes on from now', async (t) => {
  const { hub, create, key } = await liveHub(t)
  for (const place of ['999999999999.5', 'nonsense']) {
    const page = await follow(hub, key, place)
    await until('it is told', () => page.seen.some(({ event }) => event === 'reset'))
    await create('Neu')
    await until('what is new comes', () => page.changes().length > 0)
    await page.stop()
  }
})

test('Who may not see records follows without them', async (t) => {
  const { hub, create } = await liveHub(t)
  const page = await follow(hub, await hub.newKey('read:status'))
  const run = await create('Geheim')
  await until('the run comes', () => page.seen.some(({ event, data }) => event === 'run' && data.id === run))
  assert.ok(!page.seen.some(({ event }) => event === 'change'))
  await page.stop()
})

test('A hub that stops ends its pages instead of waiting for them', async (t) => {
  const hub = await serveHub(t)
  const page = await follow(hub, await hub.newKey('read:status'))
  const began = performance.now()
  await hub.close()
  await page.ended
  assert.ok(performance.now() - began < 9_000, 'it did not wait until pages are cut')
})

test('Whoever goes as soon as they are answered is followed no longer', async (t) => {
  const hub = await serveHub(t)
  const key = await hub.newKey('read:status', 'read:records', 'use:desktop', 'read:interactions')
  const followers = async () => {
    const { text } = await hub.ask('/metrics')
    return [...text.matchAll(/^jackfield_(?:live|desktop)_followers (\d+)$/gm)].map(([, count]) => Number(count))
  }
  for (const path of ['/api/v1/live', '/api/v1/desktop/live']) {
    for (let i = 0; i < 20; i += 1) {
      const stop = new AbortController()
      const headers = { authorization: `Bearer ${key}` }
      assert.equal((await fetch(hub.url + path, { headers, signal: stop.signal })).status, 200)
      stop.abort()
    }
  }
  await until('nobody follows', async () => (await followers()).join() === '0,0')
})
