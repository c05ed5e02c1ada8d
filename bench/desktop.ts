import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { readOptions } from '../scripts/read-options.ts'
import { startCluster } from './cluster.ts'
import { type Lines, now, openLines } from './desk-lines.ts'
import { type DeskPage, openDesk } from './desk-page.ts'
import { agent, type DeskScene, numberOf, startScene } from './desk-scene.ts'
import { waitUntilQuiet } from './hub.ts'
import { startOrganisation } from './organisation.ts'
import { progress, round } from './progress.ts'
import type { Organisation } from './vendor.ts'
import { dynamics } from './vendors.ts'

const cardsPerSecond = 2
/** A card goes to somebody else after this, so that as many are on the desk as an agent has. */
const onDeskMs = 3_000
const mostMs = 250
const mostDuringSyncMs = 500
const tokenSeconds = 60
const partNames = ['tokens', 'during', 'stopped']

/** Another organisation, with rows and an id of its own. */
const ofAnotherSeed = { ...dynamics, simulatorArgs: ['--seed', '2'] }

interface Painted {
  cards: number
  missing: number
  p50: number
  p95: number
  p99: number
  max: number
  /** Until the first of the other clients was told who it is. */
  hubsPart: { p50: number; p99: number }
}

/** From an event's arrival to the card on the screen of a real browser: with the CRM stopped, and while another is copied. */
export async function desktop(args: string[]): Promise<Record<string, unknown> & { ok: boolean }> {
  const options = {
    records: { type: 'string', default: '1000000', least: 1, about: 'contacts of the organisation' },
    seconds: { type: 'string', default: '60', least: 1, about: 'how long each time' },
    only: {
      type: 'string',
      multiple: true,
      default: [] as string[],
      among: partNames,
      about: 'this part alone; may stand several times',
    },
  } as const
  const values = readOptions('npm run bench -- desktop', options, args)
  const [records, seconds] = [Number(values.records), Number(values.seconds)]
  const wanted = (part: string) => values.only.length === 0 || values.only.includes(part)
  await using stack = new AsyncDisposableStack()
  const cluster = stack.adopt(await startCluster(), (started) => started.stop())
  const file = join(import.meta.dirname, 'lookup-organisation.ts')
  const organisation = stack.adopt(await startOrganisation(records, dynamics, file), (one) => one.stop())
  const others = wanted('during') ? records : 1
  const another = stack.adopt(await startOrganisation(others, ofAnotherSeed), (one) => one.stop())
  const hosts = [organisation, another].map(({ url }) => new URL(url).host)
  const scene = stack.adopt(await startScene(cluster, organisation, { records, hosts }), (one) => one.close())
  const tokens = wanted('tokens') ? await tokensAtTheRing(scene, organisation) : { ok: true }
  const clients = stack.adopt(await openLines(scene), (lines) => lines.close())
  const desk = stack.adopt(await openDesk(scene.signIn, scene.serving.url), (page) => page.close())
  const parts = { scene, desk, seconds, records, clients }
  const during = wanted('during') ? await duringSync(parts, another) : { ok: true }
  const stopped = wanted('stopped') ? await crmStopped(parts, organisation) : { ok: true }
  const ok = stopped.ok && during.ok && tokens.ok
  return { name: 'desktop', ok, records, crmStopped: stopped, during, tokens, durability: cluster.durability }
}

interface Parts {
  scene: DeskScene
  desk: DeskPage
  seconds: number
  records: number
  clients: Lines
}

let calls = 0

/** New cards on a clock, whether the hub keeps up or not; each time counts from when its event was sent. */
async function paintCards({ scene, desk, seconds, records, clients }: Parts): Promise<Painted> {
  const sentAt = new Map<string, number>()
  const told: Promise<void>[] = []
  const began = performance.now()
  for (let i = 0; i < seconds * cardsPerSecond; i += 1) {
    await wait(Math.max(0, began + (i * 1000) / cardsPerSecond - performance.now()))
    told.push(ring(scene, sentAt, numberOf((calls * 37) % records)))
  }
  await Promise.all(told)
  await wait(1_000)
  const sent = [...sentAt]
  const painted = new Map(Object.entries(await desk.painted()))
  const took = timesOf(sent, painted)
  const { p50, p99 } = figures(timesOf(sent, clients.told))
  return { cards: sent.length, missing: sent.length - took.length, ...figures(took), hubsPart: { p50, p99 } }
}

const timesOf = (sent: readonly [string, number][], seen: ReadonlyMap<string, number>) =>
  sent.flatMap(([id, at]) => (seen.has(id) ? [seen.get(id)! - at] : []))

function figures(took: readonly number[]) {
  const sorted = took.toSorted((a, b) => a - b)
  const at = (part: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN, 1)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** It rings at the agent, and after a while at nobody. */
async function ring({ serving, tell }: DeskScene, sentAt: Map<string, number>, ani: string): Promise<void> {
  calls += 1
  const interaction = `call-${calls}`
  const data = { channelType: 'voice', ani }
  const event = { source: 'bench', interaction, id: 'ring', type: 'offered', at: new Date().toISOString(), agent, data }
  const at = now()
  const { taken } = await serving.api<{ taken: { interaction: string }[] }>('POST', '/interaction-events', {
    events: [event],
  })
  sentAt.set(taken[0]!.interaction, at)
  await wait(onDeskMs)
  await tell(interaction, 'unassigned', { agent })
}

/** Nothing on the way to the card asks the CRM: it is stopped, and whatever knocks there instead is counted. */
async function crmStopped(parts: Parts, organisation: Organisation) {
  await organisation.stop()
  const knocks: string[] = []
  const port = Number(new URL(organisation.url).port)
  const counter = createServer(({ method, url }, response) => {
    knocks.push(`${method} ${url}`)
    response.writeHead(503).end()
  })
  await new Promise<void>((resolve) => counter.listen(port, '127.0.0.1', resolve))
  try {
    const before = parts.clients.heard
    const painted = await paintCards(parts)
    const heard = parts.clients.heard - before
    progress(
      `CRM stopped: ${JSON.stringify(painted)}, ${knocks.length} requests to the CRM, ${heard} cards sent to others`,
    )
    const ok = painted.p99 < mostMs && painted.missing === 0 && knocks.length === 0
    return { ok, ...painted, crmRequests: knocks.length, asked: [...new Set(knocks)], heardByOthers: heard }
  } finally {
    counter.close()
  }
}

/** The same while a second organisation is copied for the first time. */
async function duringSync(parts: Parts, another: Organisation) {
  const { api } = parts.scene.serving
  const { vendor, told } = another
  const { id } = await api<{ id: string }>('POST', '/connections', { ...vendor.connection(told), name: 'Another' })
  await api('POST', '/runs', { connection: id }).catch(() => undefined)
  type Runs = { runs: { kind: string; state: string; records: number }[] }
  const look = async () => (await api<Runs>('GET', `/runs?connection=${id}&limit=50`)).runs
  const isCopying = async () => (await look()).some(({ kind, state }) => kind === 'initial' && state === 'running')
  while (!(await isCopying())) await wait(200)
  const painted = await paintCards(parts)
  const stillCopying = await isCopying()
  const copied = (await look()).reduce((sum, run) => sum + (run.kind === 'initial' ? run.records : 0), 0)
  progress(`while ${copied} records are copied: ${JSON.stringify(painted)}`)
  while (await isCopying()) await wait(500)
  // What follows a first copy is none of the next part.
  await waitUntilQuiet(parts.scene.serving)
  const ok = painted.p99 < mostDuringSyncMs && painted.missing === 0 && stillCopying
  return { ok, ...painted, copied, stillCopying }
}

interface Requests {
  counts: Record<string, number>
  recent: { at: string; kind: string }[]
}

/** A token whose life ends as it rings: it was renewed before anything has to be written. */
async function tokensAtTheRing({ tell }: DeskScene, organisation: Organisation) {
  const look = () => organisation.ask<Requests>('/requests', undefined, 'GET')
  const tokensOf = ({ counts }: Requests) => counts.token ?? 0
  await organisation.ask('/settings', { entra: { accessTokenSeconds: tokenSeconds } })
  // The one in hand lasts an hour: it is not taken any more, and the next is a short one.
  await organisation.ask('/faults', { kind: 'token-rejected', times: 1 })
  const interaction = 'token-call'
  await tell('first-call', 'offered', { agent, data: { channelType: 'voice', ani: numberOf(1) } })
  for (const type of ['accepted', 'ended', 'wrap_up_closed']) await tell('first-call', type, { agent })
  const before = tokensOf(await look())
  while (tokensOf(await look()) === before) await wait(100)
  await wait(tokenSeconds * 1000)
  await tell(interaction, 'offered', { agent, data: { channelType: 'voice', ani: numberOf(2) } })
  await tell(interaction, 'accepted', { agent })
  await wait(3_000)
  await tell(interaction, 'ended', { agent })
  await wait(2_000)
  const wrapUp = await look()
  const writesOf = ({ counts }: Requests) => (counts.write ?? 0) + (counts.batch ?? 0)
  await tell(interaction, 'wrap_up_closed', { agent })
  let then = await look()
  for (; writesOf(then) === writesOf(wrapUp); then = await look()) await wait(20)
  const asked = tokensOf(then) - tokensOf(wrapUp)
  progress(`token of ${tokenSeconds} s that ends at the ring: ${asked} token requests before the first write`)
  await organisation.ask('/settings', { entra: { accessTokenSeconds: 3_599 } })
  return { ok: asked === 0, tokenSeconds, tokenRequests: asked }
}
