import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPool } from '#database/pool.ts'
import { readOptions } from '../scripts/read-options.ts'
import { baseline } from './baseline.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { type BenchHub, connectOneTable, createHub, type Serving, waitForRun, waitUntilQuiet } from './hub.ts'
import { type Load, load } from './load.ts'
import { startOrganisation } from './organisation.ts'
import { processorSeconds, startProgram } from './process.ts'
import { progress, round } from './progress.ts'
import { inPairs, median, ratioOf } from './ratio.ts'
import type { Organisation } from './vendor.ts'
import { dynamics } from './vendors.ts'

const connections = 64
const leastRatio = 0.7
const mostAloneMs = 5
const lookupsPerSecond = 20
const mostDuringSyncMs = 25
const leastSyncRate = 0.8
const partNames = ['pairs', 'during']

interface Parts {
  cluster: Cluster
  folder: string
  records: number
  seconds: number
}

/** Look-ups by number at a million contacts: against the bare one, with the CRM stopped, and while a first copy runs. */
export async function lookup(args: string[]): Promise<Record<string, unknown> & { ok: boolean }> {
  const options = {
    records: { type: 'string', default: '1000000', least: 1, about: 'contacts of the organisation' },
    pairs: { type: 'string', default: '5', least: 1, about: 'how often both are measured' },
    seconds: { type: 'string', default: '10', least: 1, about: 'how long each time' },
    only: {
      type: 'string',
      multiple: true,
      default: [] as string[],
      among: partNames,
      about: 'this part alone; may stand several times',
    },
  } as const
  const values = readOptions('npm run bench -- lookup', options, args)
  const wanted = (part: string) => values.only.length === 0 || values.only.includes(part)
  await using stack = new AsyncDisposableStack()
  const cluster = stack.adopt(await startCluster(), (started) => started.stop())
  const folder = stack.adopt(await mkdtemp(join(tmpdir(), 'jackfield-bench-lookup-')), (made) =>
    rm(made, { recursive: true, force: true }),
  )
  const parts = { cluster, folder, records: Number(values.records), seconds: Number(values.seconds) }
  const compared = wanted('pairs') ? await compare(parts, Number(values.pairs)) : { ok: true }
  const during = wanted('during') ? await duringSync(parts) : { ok: true }
  const ok = compared.ok && during.ok
  return { name: 'lookup', ...compared, ok, records: parts.records, during, durability: cluster.durability }
}

const organisationFile = join(import.meta.dirname, 'lookup-organisation.ts')
const targetsFile = ({ folder }: Parts) => join(folder, 'targets')
const hubTargetsFile = ({ folder }: Parts) => join(folder, 'hub-targets')

/** The baseline writes the requests; the hub is asked the same ones, in the same order. */
async function startBaseline(parts: Parts) {
  progress(`the baseline loads ${parts.records} records`)
  const targets = targetsFile(parts)
  const database = await parts.cluster.fresh('bench_baseline')
  const program = [baseline('lookup'), '--database-url', database, '--records', String(parts.records)]
  const running = await startProgram<{ url: string; key: string }>([...program, '--targets', targets])
  const asked = await readFile(targets, 'utf8')
  await writeFile(hubTargetsFile(parts), asked.replaceAll('/lookup?', '/api/v1/lookup?'))
  return running
}

interface Started {
  hub: BenchHub
  serving: Serving
  databaseUrl: string
}

async function startHub({ cluster, records }: Parts, organisation: Organisation): Promise<Started> {
  const databaseUrl = await cluster.fresh('bench_hub')
  const hub = await createHub(databaseUrl, organisation)
  const { columns } = await connectOneTable(hub, organisation, 'contact')
  progress(`an organisation of ${records} contacts makes its pages ready`)
  await organisation.vendor.prepare(organisation, columns)
  return { hub, serving: await hub.serve(), databaseUrl }
}

async function compare(parts: Parts, pairs: number) {
  const organisation = await startOrganisation(parts.records, dynamics, organisationFile)
  const started = await startHub(parts, organisation)
  try {
    const copied = await waitForRun(started.serving, 'initial')
    progress(`the hub copied ${copied.records} contacts, ${copied.rowsPerSecond}/s`)
    await waitUntilQuiet(started.serving)
    await vacuum(started.databaseUrl)
    const bare = await startBaseline(parts)
    try {
      const compared = await comparePairs(parts, pairs, { hub: started, bare })
      await organisation.stop()
      progress('the CRM is stopped')
      const stopped = await askHub(parts, started, { connections: 1 })
      progress(`one client, CRM stopped: p99 ${stopped.p99} ms`)
      const ok = compared.ratio >= leastRatio && stopped.p99 < mostAloneMs
      return { ok, ...compared, crmStopped: stopped }
    } finally {
      await bare.stop()
    }
  } finally {
    await started.serving.stop()
    await started.hub.remove()
    await organisation.stop()
  }
}

/** As the baseline does after loading, and as autovacuum does within minutes. */
async function vacuum(databaseUrl: string): Promise<void> {
  const pool = createPool({ url: databaseUrl, max: 1, name: 'bench', statementMs: 0 })
  await pool.query('vacuum analyze jackfield.record, jackfield.contact_point')
  await pool.end()
}

function askHub(
  parts: Parts,
  { hub, serving }: Started,
  how: { connections?: number; rate?: number; seconds?: number },
) {
  return load({ url: serving.url, key: hub.key, targets: hubTargetsFile(parts), seconds: parts.seconds, ...how }, 200)
}

interface Side extends Load {
  /** Milliseconds of the processor for each request: of the side's own process, and of Postgres. */
  used: { node: number; postgres: number }
}

async function measured({ cluster }: Parts, pid: number, ask: () => Promise<Load>): Promise<Side> {
  const used = async () => ({ node: processorSeconds(pid)!, postgres: await cluster.processorSeconds() })
  const before = await used()
  const told = await ask()
  const after = await used()
  const each = (part: 'node' | 'postgres') => round(((after[part] - before[part]) * 1000) / told.requests)
  return { ...told, used: { node: each('node'), postgres: each('postgres') } }
}

type Bare = Awaited<ReturnType<typeof startBaseline>>

async function comparePairs(parts: Parts, pairs: number, { hub, bare }: { hub: Started; bare: Bare }) {
  const targets = targetsFile(parts)
  const { seconds } = parts
  const measure = (count: number) =>
    inPairs<Side, Side>(pairs, {
      baseline: () =>
        measured(parts, bare.pid, () => load({ ...bare.told, targets, connections: count, seconds }, 200)),
      hub: () => measured(parts, hub.serving.pid, () => askHub(parts, hub, { connections: count })),
    })
  const many = await measure(connections)
  const manyRatio = ratioOf(many.map(({ hub, baseline }) => hub.rate / baseline.rate))
  progress(
    `${connections} clients: ${JSON.stringify(manyRatio)}, ${JSON.stringify(many.map((pair) => [pair.baseline, pair.hub].map(({ rate, used }) => ({ rate, used }))))}`,
  )
  const one = await measure(1)
  const oneRatio = ratioOf(one.map(({ hub, baseline }) => hub.rate / baseline.rate))
  progress(`one client: ${JSON.stringify(oneRatio)}, hub ${median(one.map(({ hub }) => hub.rate))}/s`)
  return { ...manyRatio, connections, pairs: many, oneClient: { ...oneRatio, pairs: one } }
}

/** The first copy alone, then again with look-ups asked on a clock for most of it. */
async function duringSync(parts: Parts) {
  const bare = await startBaseline(parts)
  await bare.stop()
  const organisation = await startOrganisation(parts.records, dynamics, organisationFile)
  try {
    const alone = await copy(parts, organisation, null)
    const seconds = Math.max(1, Math.floor(alone.seconds * 0.8))
    const asked = await copy(parts, organisation, seconds)
    const kept = round(asked.rate / alone.rate)
    const { p99 } = asked.load!
    progress(`${lookupsPerSecond} look-ups/s while copying: p99 ${p99} ms, the copy at ${kept} of its own rate`)
    return { ok: p99 < mostDuringSyncMs && kept >= leastSyncRate, lookupsPerSecond, kept, alone, asked }
  } finally {
    await organisation.stop()
  }
}

async function copy(parts: Parts, organisation: Organisation, lookupSeconds: number | null) {
  const started = await startHub(parts, organisation)
  try {
    const asking =
      lookupSeconds === null ? null : askHub(parts, started, { rate: lookupsPerSecond, seconds: lookupSeconds })
    const [run, told] = await Promise.all([waitForRun(started.serving, 'initial'), asking])
    return { seconds: run.seconds, rate: run.rowsPerSecond, load: told }
  } finally {
    await started.serving.stop()
    await started.hub.remove()
  }
}
