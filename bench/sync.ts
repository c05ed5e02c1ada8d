import { readOptions } from '../scripts/read-options.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { type BenchHub, connectOneTable, createHub, type Serving, waitForRun, waitUntilQuiet } from './hub.ts'
import { betweenPages, pagesServed, startOrganisation } from './organisation.ts'
import { peakMemory, processorSeconds, runProgram } from './process.ts'
import { progress, round } from './progress.ts'
import { inPairs, median, ratioOf } from './ratio.ts'
import type { Organisation, Pages, Vendor } from './vendor.ts'
import { vendorNames, vendorOf } from './vendors.ts'

const leastSeconds = 10
const leastRatio = 0.8
const leastSecondPass = 2
const mostMemoryAbove = 60
const memoryGrowth = 1.15
/** The size that the memory of a larger copy is compared with. */
const smallCopy = 200_000
const latencyMs = 300
const partNames = ['pairs', 'latency', 'memory']
const leastPipelined = 0.9

interface Parts {
  cluster: Cluster
  organisation: Organisation
  pages: Pages
}

/** The first copy through the whole product against the bare pipeline, then a second pass, memory and latency. */
export async function sync(args: string[]): Promise<Record<string, unknown> & { ok: boolean }> {
  const options = {
    records: { type: 'string', default: '200000', least: 1, about: 'contacts of the organisation' },
    pairs: { type: 'string', default: '5', least: 1, about: 'how often both are measured' },
    quick: { type: 'boolean', default: false, about: 'a run may be too short to be quoted' },
    only: {
      type: 'string',
      multiple: true,
      default: [] as string[],
      among: partNames,
      about: 'this part alone; may stand several times',
    },
    crm: { type: 'string', default: 'dynamics', among: vendorNames, about: 'whose organisation' },
  } as const
  const values = readOptions('npm run bench -- sync', options, args)
  const records = Number(values.records)
  const cluster = await startCluster()
  try {
    const vendor = vendorOf(values.crm)
    const parts = await prepare(cluster, records, vendor)
    try {
      const wanted = (part: string) => values.only.length === 0 || values.only.includes(part)
      const compared = wanted('pairs') ? await comparePairs(parts, Number(values.pairs), values.quick) : { ok: true }
      const delayed = wanted('latency') ? await withLatency(parts) : { ok: true }
      const grown = wanted('memory') && records > smallCopy ? await compareMemory(parts, compared) : { ok: true }
      const ok = compared.ok && delayed.ok && grown.ok
      const { pages, bytes } = parts.pages
      return {
        name: 'sync',
        crm: vendor.crm,
        ...compared,
        ok,
        records,
        pages,
        bytes,
        latency: delayed,
        growth: grown,
        durability: cluster.durability,
      }
    } finally {
      await parts.organisation.stop()
    }
  } finally {
    await cluster.stop()
  }
}

async function prepare(cluster: Cluster, records: number, vendor: Vendor): Promise<Parts> {
  progress(`an organisation of ${records} contacts makes its pages ready`)
  const organisation = await startOrganisation(records, vendor)
  const { hub, columns } = await freshHub({ cluster, organisation })
  await hub.remove()
  const pages = await vendor.prepare(organisation, columns)
  progress(
    `${pages.records} contacts of ${columns.length} columns in ${pages.pages} pages, ${Math.round(pages.bytes / pages.records)} characters each`,
  )
  const parts = { cluster, organisation, pages }
  if (!vendor.sharesPages) {
    progress('the hub reads all once, so that its own pages are ready too')
    await hubSide(parts, true, true)
  }
  return parts
}

async function freshHub({ cluster, organisation }: Pick<Parts, 'cluster' | 'organisation'>) {
  const hub = await createHub(await cluster.fresh('bench_hub'), organisation)
  return { hub, ...(await connectOneTable(hub, organisation, 'contact')) }
}

interface Side {
  seconds: number
  rate: number
  peakMb: number
  /** Processor seconds of the side's own process and of Postgres meanwhile: on a busy machine these tell more than rates. */
  used: { node: number; postgres: number }
}

interface HubSide extends Side {
  second?: { seconds: number; rate: number; written: number; peakMb: number }
}

async function hubSide(parts: Parts, secondPass: boolean, warmsUp = false): Promise<HubSide> {
  const { hub, connection } = await freshHub(parts)
  const served = await pagesServed(parts.organisation)
  const before = await parts.cluster.processorSeconds()
  const serving = await hub.serve()
  try {
    const run = await waitForRun(serving, 'initial')
    if (run.written !== parts.pages.records) throw new Error(`${run.written} of ${parts.pages.records} were stored`)
    const first = { seconds: run.seconds, rate: run.rowsPerSecond, peakMb: peakMemory(serving.pid) }
    const readyMade = (await pagesServed(parts.organisation)) - served
    if (!warmsUp && readyMade < parts.pages.pages)
      throw new Error(`only ${readyMade} pages were ready-made: the sides differ`)
    const postgres = round((await parts.cluster.processorSeconds()) - before)
    const side = { ...first, used: { node: round(processorSeconds(serving.pid)!), postgres } }
    return secondPass ? { ...side, second: await fetchAgain(serving, connection) } : side
  } finally {
    await stop(serving, hub)
  }
}

async function stop(serving: Serving, hub: BenchHub): Promise<void> {
  await serving.stop()
  await hub.remove()
}

async function fetchAgain(serving: Serving, connection: string) {
  await waitUntilQuiet(serving)
  await serving.api('POST', '/runs', { connection, entity: 'contact', kind: 'full' })
  const { seconds, rowsPerSecond: rate, written } = await waitForRun(serving, 'full')
  return { seconds, rate, written, peakMb: peakMemory(serving.pid) }
}

async function baselineSide({ cluster, organisation, pages }: Parts): Promise<Side & { settings: unknown }> {
  const program = [
    organisation.vendor.baseline(),
    ...['--first-page', pages.url],
    ...['--header', `authorization: Bearer ${await organisation.token()}`],
    ...Object.entries(pages.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...['--database-url', await cluster.fresh('bench_baseline')],
  ]
  const before = await cluster.processorSeconds()
  const told = await runProgram<{
    records: number
    seconds: number
    rate: number
    peakRssMb: number
    settings: unknown
  }>(program)
  if (told.records !== pages.records) throw new Error(`the baseline stored ${told.records} of ${pages.records}`)
  const { seconds, rate, peakRssMb: peakMb, settings } = told
  const used = { node: round(told.processorSeconds), postgres: round((await cluster.processorSeconds()) - before) }
  return { seconds, rate, peakMb, used, settings }
}

async function comparePairs(parts: Parts, pairs: number, quick: boolean) {
  const measured = await inPairs(pairs, {
    baseline: async (pair) => {
      const side = await baselineSide(parts)
      progress(
        `pair ${pair} of ${pairs}: baseline ${side.rate}/s, ${side.seconds} s, peak ${side.peakMb} MB, used ${JSON.stringify(side.used)}`,
      )
      return side
    },
    hub: async (pair) => {
      const side = await hubSide(parts, true)
      const { second } = side
      progress(
        `pair ${pair} of ${pairs}: hub ${side.rate}/s, ${side.seconds} s, peak ${side.peakMb} MB; again ${second?.rate}/s, peak ${second?.peakMb} MB, used ${JSON.stringify(side.used)}`,
      )
      return side
    },
  })
  const compared = ratioOf(measured.map(({ hub, baseline }) => hub.rate / baseline.rate))
  const again = ratioOf(measured.map(({ hub }) => hub.second!.rate / hub.rate))
  const written = measured.reduce((sum, { hub }) => sum + hub.second!.written, 0)
  const memory = memoryOf(measured)
  const shortest = Math.min(...measured.flatMap(({ hub, baseline }) => [hub.seconds, baseline.seconds]))
  const checks = {
    ratio: compared.ratio >= leastRatio,
    secondPass: again.ratio >= leastSecondPass && written === 0,
    memory: memory.aboveMb <= mostMemoryAbove,
    longEnough: quick || shortest >= leastSeconds,
  }
  const sides = measured.map(({ hub, baseline: { settings: _settings, ...base } }) => ({ hub, baseline: base }))
  return {
    ok: Object.values(checks).every(Boolean),
    ...compared,
    checks,
    secondPass: { ...again, written },
    memory,
    pairs: sides,
  }
}

function memoryOf(measured: { hub: HubSide; baseline: Side }[]) {
  const hubMb = median(measured.map(({ hub }) => hub.peakMb))
  const secondMb = median(measured.map(({ hub }) => hub.second!.peakMb))
  const baselineMb = median(measured.map(({ baseline }) => baseline.peakMb))
  return { hubMb, secondMb, baselineMb, aboveMb: round(Math.max(hubMb, secondMb) - baselineMb) }
}

/** How much of a slow CRM's pace is kept: pages follow one another by links, so the wait for each cannot be shared out. */
async function withLatency(parts: Parts) {
  await parts.organisation.ask('/faults', { kind: 'latency', on: 'page', times: 0, ms: latencyMs })
  try {
    await parts.organisation.ask('/reset-requests', {})
    const { seconds, rate } = await hubSide(parts, false)
    const betweenMs = median(await betweenPages(parts.organisation))
    // What this machine allows: a processor that takes longer for a page than its latency keeps the bare one waiting too.
    const bare = await baselineSide(parts)
    const keptIn = (taken: number) => round((parts.pages.pages * latencyMs) / 1000 / taken)
    const [kept, bareKept] = [keptIn(seconds), keptIn(bare.seconds)]
    progress(
      `with ${latencyMs} ms a page: ${seconds} s, ${kept} of what the latency allows, ${betweenMs} ms between pages; the bare one ${bare.seconds} s, ${bareKept}`,
    )
    return {
      ok: kept >= leastPipelined,
      ms: latencyMs,
      seconds,
      rate,
      kept,
      betweenMs,
      bareSeconds: bare.seconds,
      bareKept,
    }
  } finally {
    await parts.organisation.ask('/faults', undefined, 'DELETE')
  }
}

/** The peak at a large copy beside that at a small one. */
async function compareMemory(parts: Parts, compared: object) {
  const small = await prepare(parts.cluster, smallCopy, parts.organisation.vendor)
  try {
    const { peakMb: smallMb } = await hubSide(small, false)
    const known = (compared as { memory?: { hubMb: number } }).memory?.hubMb
    const largeMb = known ?? (await hubSide(parts, false)).peakMb
    progress(`peak ${largeMb} MB at ${parts.pages.records} contacts, ${smallMb} MB at ${small.pages.records}`)
    return { ok: largeMb <= smallMb * memoryGrowth, smallMb, largeMb, growth: round(largeMb / smallMb) }
  } finally {
    await small.organisation.stop()
  }
}
