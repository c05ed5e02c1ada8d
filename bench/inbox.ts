import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { recordId } from '#core/ids.ts'
import { readOptions } from '../scripts/read-options.ts'
import { baseline } from './baseline.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { change, contactIds, type Listener, listen, type Template, takeTemplate, writeBodies } from './hook-events.ts'
import { type BenchHub, connectOneTable, createHub, type Serving, waitForRun, waitUntilQuiet } from './hub.ts'
import { type Load, load } from './load.ts'
import { startOrganisation } from './organisation.ts'
import { project, runProgram, startProgram } from './process.ts'
import { progress } from './progress.ts'
import { inPairs, ratioOf } from './ratio.ts'
import type { Organisation } from './vendor.ts'
import type { Seen, Watch } from './visible.ts'

const contacts = 12_000
const connections = 64
const rate = 500
const leastRatio = 0.7
/** As long as the baselines' own generator warms up. */
const warmUpSeconds = 2
const mostAnswerMs = 50
const mostVisibleMs = 1_000
const leastBodyBytes = 6_144
const partNames = ['pairs', 'open']

interface Parts {
  cluster: Cluster
  organisation: Organisation
  listener: Listener
  ids: string[]
  folder: string
  seconds: number
  bodies: number
}

/** Pushed events: how many are kept a second, how soon they are answered, and how soon the change is seen. */
export async function inbox(args: string[]): Promise<Record<string, unknown> & { ok: boolean }> {
  const options = {
    pairs: { type: 'string', default: '5', least: 1, about: 'how often both are measured' },
    seconds: { type: 'string', default: '10', least: 1, about: 'how long each time' },
    bodies: { type: 'string', default: '80000', least: 1, about: 'prepared events of each turn' },
    only: {
      type: 'string',
      multiple: true,
      default: [] as string[],
      among: partNames,
      about: 'this part alone; may stand several times',
    },
  } as const
  const values = readOptions('npm run bench -- inbox', options, args)
  await using stack = new AsyncDisposableStack()
  const cluster = stack.adopt(await startCluster(), (started) => started.stop())
  const organisation = stack.adopt(await startOrganisation(contacts), (started) => started.stop())
  const listener = stack.adopt(await listen(), (started) => started.close())
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'jackfield-bench-bodies-')), (made) =>
    rm(made, { recursive: true, force: true }),
  )
  const ids = await contactIds(organisation, contacts)
  const parts = {
    cluster,
    organisation,
    listener,
    ids,
    folder,
    seconds: Number(values.seconds),
    bodies: Number(values.bodies),
  }
  const { template, shortest } = await prepareBodies(parts)
  const wanted = (part: string) => values.only.length === 0 || values.only.includes(part)
  const compared = wanted('pairs') ? await comparePairs(parts, Number(values.pairs)) : { ok: true }
  const open = wanted('open') ? await openLoop(parts, template) : { ok: true }
  const ok = compared.ok && open.ok && shortest >= leastBodyBytes
  return { name: 'inbox', ...compared, ok, bodyBytes: shortest, openLoop: open, durability: cluster.durability }
}

/** A side is asked in turns, each with bodies of its own: one file of Node's longest text lasts no ten seconds. */
const turns = [1, 2, 3]
const bodiesFile = ({ folder }: Parts, turn = 1) => join(folder, `bodies-${turn}.ndjson`)

async function prepareBodies(parts: Parts): Promise<{ template: Template; shortest: number }> {
  const started = await startHub(parts)
  const { template } = started
  await stop(started)
  let shortest = Number.POSITIVE_INFINITY
  for (const turn of turns) {
    const wrote = await writeBodies(bodiesFile(parts, turn), template, { ids: parts.ids, count: parts.bodies })
    shortest = Math.min(shortest, wrote)
  }
  progress(
    `${turns.length} × ${parts.bodies} distinct events of ${shortest} bytes at least, about ${parts.ids.length} contacts`,
  )
  return { template, shortest }
}

interface Started {
  hub: BenchHub
  serving: Serving
  connection: string
  hookUrl: string
  template: Template
}

/** A hub that holds the contacts and is pushed to; it reads by hints alone, since its next pass is a day away. */
async function startHub({ cluster, organisation, listener, ids }: Parts): Promise<Started> {
  const hub = await createHub(await cluster.fresh('bench_hub'), organisation, { JACKFIELD_PUBLIC_URL: listener.url })
  const { connection } = await connectOneTable(hub, organisation, 'contact')
  const serving = await hub.serve()
  await serving.api('PATCH', `/connections/${connection}/tables/contact`, { scheduleSeconds: 86_400 })
  await waitForRun(serving, 'initial')
  await waitUntilQuiet(serving)
  const template = await takeTemplate(organisation, listener, { connection, contactId: ids[0]! })
  const hookUrl = `${serving.url}/hooks/crm/${connection}?code=${encodeURIComponent(template.code)}`
  return { hub, serving, connection, hookUrl, template }
}

/** The connection is removed first: a hub that is gone would be pushed to for ever. */
async function stop({ serving, hub, connection }: Started): Promise<void> {
  await serving.api('DELETE', `/connections/${connection}`)
  await serving.stop()
  await hub.remove()
}

/** Rates of all turns together, the slowest answers of any. `reused`: what is repeated is cheaper to keep. */
interface Asked {
  rate: number
  p99: number
  reused: boolean
  turns: Load[]
}

async function inTurns(parts: Parts, url: string): Promise<Asked> {
  const told: Load[] = []
  for (const turn of turns) {
    const seconds = parts.seconds / turns.length
    told.push(await load({ url, bodies: bodiesFile(parts, turn), connections, seconds }, 202))
  }
  const sum = (of: (load: Load) => number) => told.reduce((total, load) => total + of(load), 0)
  return {
    rate: Math.round(sum(({ requests }) => requests) / sum(({ seconds }) => seconds)),
    p99: Math.max(...told.map(({ p99 }) => p99)),
    reused: told.some(({ reused }) => reused),
    turns: told,
  }
}

async function hubSide(parts: Parts): Promise<Asked & { settledAfter: number }> {
  const started = await startHub(parts)
  try {
    const told = await inTurns(parts, started.hookUrl)
    return { ...told, settledAfter: await settled(started) }
  } finally {
    await stop(started)
  }
}

/** Seconds until every kept event is settled. */
async function settled({ serving, connection }: Started): Promise<number> {
  const began = performance.now()
  for (;;) {
    const status = await serving.api<{ connections: { id: string; hintsOpen: number }[] }>('GET', '/status')
    if (status.connections.find(({ id }) => id === connection)?.hintsOpen === 0) break
    await wait(200)
  }
  return Math.round((performance.now() - began) / 100) / 10
}

async function baselineSide(parts: Parts): Promise<Asked> {
  const program = [baseline('inbox'), '--database-url', await parts.cluster.fresh('bench_baseline')]
  const running = await startProgram<{ url: string }>(program)
  try {
    return await inTurns(parts, running.told.url)
  } finally {
    await running.stop()
  }
}

async function comparePairs(parts: Parts, pairs: number) {
  const measured = await inPairs(pairs, {
    baseline: async (pair) => {
      const side = await baselineSide(parts)
      progress(`pair ${pair} of ${pairs}: baseline ${side.rate}/s, p99 ${side.p99} ms`)
      return side
    },
    hub: async (pair) => {
      const side = await hubSide(parts)
      progress(
        `pair ${pair} of ${pairs}: hub ${side.rate}/s, p99 ${side.p99} ms, all settled ${side.settledAfter} s later`,
      )
      return side
    },
  })
  const compared = ratioOf(measured.map(({ hub, baseline }) => hub.rate / baseline.rate))
  return { ok: compared.ratio >= leastRatio, ...compared, connections, pairs: measured }
}

async function watched({ folder }: Parts, watch: Watch): Promise<Seen> {
  const file = join(folder, 'watch.json')
  await writeFile(file, JSON.stringify(watch))
  return runProgram<Seen>([join(project, 'bench/visible.ts'), file])
}

/** At a steady rate: the answers by the baselines' own generator, then each event until the feed shows its change. */
async function openLoop(
  parts: Parts,
  template: Template,
): Promise<{ ok: boolean; rate: number; load: Load; seen: Seen }> {
  const started = await startHub(parts)
  try {
    const { hub, serving, hookUrl } = started
    const { listener } = parts
    const answered = await load({ url: hookUrl, bodies: bodiesFile(parts), rate, seconds: parts.seconds }, 202)
    await settled(started)
    const warmUp = rate * warmUpSeconds
    const ids = parts.ids.slice(1, 1 + warmUp + rate * parts.seconds)
    const held = await change(parts.organisation, ids, { description: `Seen ${new Date().toISOString()}` })
    const { connections: list } = await serving.api<{ connections: { organisation: string }[] }>('GET', '/connections')
    const organisation = list[0]!.organisation
    await listener.quiet()
    const events = held.map(({ id, version }) => ({
      recordId: recordId({ crm: 'dynamics', organisation, entity: 'contact', sourceId: id }),
      mark: String(version),
      body: template.bodyFor(id, Date.now()),
    }))
    const seen = await watched(parts, { url: serving.url, key: hub.key, hookUrl, events, rate, warmUp })
    progress(`${rate}/s: p99 answer ${answered.p99} ms; visible p50 ${seen.visibleP50} ms, p99 ${seen.visibleP99} ms`)
    const quick = Math.max(answered.p99, seen.answerP99) < mostAnswerMs
    const ok = quick && seen.visibleP99 < mostVisibleMs && seen.missing === 0
    return { ok, rate, load: answered, seen }
  } finally {
    await stop(started)
  }
}
