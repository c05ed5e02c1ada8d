import { readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Api, apiOf } from './hub.ts'

/** What this program is given: a file with one of these. */
export interface Watch {
  url: string
  key: string
  hookUrl: string
  events: readonly Event[]
  /** Events a second. */
  rate: number
  /** The first so many find programs that have only just begun: their answers are not measured, as in the baselines' own generator. */
  warmUp: number
}

interface Event {
  recordId: string
  /** The version that the organisation holds. */
  mark: string
  body: string
}

export interface Seen {
  events: number
  /** Milliseconds. */
  answerP99: number
  visibleP50: number
  visibleP99: number
  visibleMax: number
  /** Never seen in time. */
  missing: number
}

const lookEveryMs = 20
const giveUpMs = 30_000

/**
 * Posts events on a clock, whether the hub answers or not, and reads the change feed as a consumer does. An event is
 * visible when the feed shows its record in its version; the time counts from the answer, or from when it was due where
 * the answer came later than the change.
 */
async function postAndWatch({ url, key, hookUrl, ...asked }: Watch): Promise<Seen> {
  const answered = new Map<string, number>()
  const latencies: number[] = []
  const visible = new Map<string, number>()
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const marks = new Map(asked.events.map(({ recordId, mark }) => [recordId, BigInt(mark)]))
  let done = false
  const watching = watchFeed(
    apiOf(url, key),
    () => done,
    (recordId, mark, at) => {
      const wanted = marks.get(recordId)
      if (wanted !== undefined && mark >= wanted && !visible.has(recordId)) visible.set(recordId, at)
    },
  )
  const posts: Promise<void>[] = []
  const began = performance.now()
  for (const [i, event] of asked.events.entries()) {
    const due = began + (i * 1000) / asked.rate
    const early = due - performance.now()
    if (early > 1) await wait(early)
    posts.push(
      post(hookUrl, event.body, agent).then(() => {
        answered.set(event.recordId, performance.now())
        if (i >= asked.warmUp) latencies.push(performance.now() - due)
      }),
    )
  }
  await Promise.all(posts)
  for (const until = performance.now() + giveUpMs; visible.size < marks.size && performance.now() < until; )
    await wait(50)
  done = true
  await watching
  agent.destroy()
  const delays = [...visible].map(([id, at]) => Math.max(0, at - answered.get(id)!))
  return { ...summary(latencies, delays), events: asked.events.length, missing: marks.size - visible.size }
}

function summary(latencies: number[], delays: number[]) {
  const at = (values: number[], part: number) => {
    const sorted = values.toSorted((a, b) => a - b)
    return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN) * 10) / 10
  }
  return {
    answerP99: at(latencies, 0.99),
    visibleP50: at(delays, 0.5),
    visibleP99: at(delays, 0.99),
    visibleMax: at(delays, 1),
  }
}

interface Feed {
  changes: { recordId: string; mark: string | null }[]
  next: string
  more: boolean
}

async function watchFeed(
  api: Api,
  isDone: () => boolean,
  onChange: (recordId: string, mark: bigint, at: number) => void,
): Promise<void> {
  let { next } = await api<Feed>('GET', '/changes?cursor=now')
  while (!isDone()) {
    const fed = await api<Feed>('GET', `/changes?cursor=${encodeURIComponent(next)}&limit=1000`)
    const at = performance.now()
    for (const { recordId, mark } of fed.changes) onChange(recordId, BigInt(mark ?? 0), at)
    next = fed.next
    if (!fed.more) await wait(lookEveryMs)
  }
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    const call = request(url, { method: 'POST', headers, agent }, (reply) => {
      reply.resume()
      reply.on('end', () => (reply.statusCode === 202 ? resolve() : reject(new Error(`answered ${reply.statusCode}`))))
    })
    call.on('error', reject)
    call.end(body)
  })
}

// In a process of its own: the one that runs the bench holds all bodies, and stands still for half a second at a time.
console.log(JSON.stringify(await postAndWatch(JSON.parse(await readFile(process.argv[2]!, 'utf8')) as Watch)))
