import assert from 'node:assert/strict'
import type { Manifest } from '#connectors/connector.ts'
import type { HeldRow, World } from '../connectors/world.ts'
import { type TestScope, testDatabase } from '../support/database.ts'
import { type HubProcess, serve, temporaryFolder, until } from '../support/processes.ts'
import { compareRecords, type HubRecord } from '../torture/comparer/records.ts'
import { type HookRelay, startHookRelay } from '../torture/hook-relay.ts'

/** A whole hub, connected to a world and done with its first copy; passes run only when they are asked for. */
export interface HubScene {
  world: World
  hub: HubProcess
  relay: HookRelay
  connection: string
  /** Whether the CRM pushes its changes. */
  isPushed: boolean
  /** Ids of rows that no other behaviour has touched. */
  take(count: number): Promise<string[]>
  /** Asks for a pass; answers its run. */
  beginPass(): Promise<string>
  passEnded(run: string): Promise<void>
  /** Nothing that was pushed is on its way or unread. */
  hintsSettled(): Promise<void>
  /** Pushes are settled, and a pass that began after this call has ended. */
  settled(): Promise<void>
  /** As settled, and what no pass tells of was found: where a CRM lists no deletes, the comparison of ids does that. */
  compared(): Promise<void>
  record(id: string): Promise<HubRecord | null>
  /** Where this row differs from what the CRM holds. */
  differences(id: string): Promise<string[]>
  /** Waits until the hub holds this row as the CRM does. */
  agrees(id: string): Promise<void>
  feedEnd(): Promise<string>
  /**
   * What the feed told of a row since. It is read below the oldest transaction that runs anywhere in the cluster, another
   * test's too: so it is waited for until it told `enough`, or for long.
   */
  toldSince(cursor: string, id: string, enough: (told: readonly Told[]) => boolean): Promise<Told[]>
}

export interface Told {
  operation: string
  changed: Record<string, { before: unknown; after: unknown }>
}

const rowsAtFirst = 40

export interface HubOptions {
  start(options: { records: number }): Promise<World>
  /** The hub's `main.ts`, where it is not the project's. */
  program?: string
}

export async function openHub(t: TestScope, { start, program }: HubOptions): Promise<HubScene> {
  const world = await start({ records: rowsAtFirst * 1.5 })
  let url = ''
  const relay = await startHookRelay(() => url, world.hub.subjectsOf)
  const hub = await serve(t, {
    dataFolder: await temporaryFolder(t),
    databaseUrl: (await testDatabase(t)).url,
    environment: { JACKFIELD_ALLOW_HOSTS: world.hub.hosts.join(','), JACKFIELD_PUBLIC_URL: relay.url },
    ...(program === undefined ? {} : { program }),
  })
  // After the hub, which asks and is asked to its end.
  t.after(() => relay.close())
  t.after(() => world.close())
  url = hub.url
  const connection = await connect(hub, world)
  const isPushed = world.connector.manifest.abilities.push === true
  if (isPushed && world.hub.installsPush) await asked(hub, `/connections/${connection}/push`, { act: 'install' })
  if (isPushed && world.hub.openPush) await openPush({ hub, world, relay, connection })
  const scene = sceneOf({ world, hub, relay, connection, isPushed })
  await copied(scene)
  // What the schedule asked for before it was set aside would come in the middle of a behaviour, and hide what it shows.
  await scene.passEnded(await scene.beginPass())
  if (isPushed) await untilPushed(scene)
  return scene
}

async function asked<T>(hub: HubProcess, path: string, json?: unknown, method?: string): Promise<T> {
  const init = json === undefined ? {} : { json }
  const reply = await hub.ask(`/api/v1${path}`, method === undefined ? init : { ...init, method })
  if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`)
  return reply.json as T
}

/** Leaves the table of people alone to be copied, and to be passed over when it is asked for. */
async function connect(hub: HubProcess, world: World): Promise<string> {
  const { id } = await asked<{ id: string }>(hub, '/connections', world.hub.connection)
  const { tables } = await asked<{ tables: { entity: string; enabled: boolean }[] }>(hub, `/connections/${id}/tables`)
  for (const { entity, enabled } of tables) {
    const path = `/connections/${id}/tables/${entity}`
    if (entity === world.hub.entity) await asked(hub, path, { scheduleSeconds: 86_400, enabled: true }, 'PATCH')
    else if (enabled) await asked(hub, path, { enabled: false }, 'PATCH')
  }
  return id
}

/** Where the hub cannot register itself, a person asks it for a secret and enters both in the CRM. */
async function openPush({ hub, world, relay, connection }: Omit<Parts, 'isPushed'>): Promise<void> {
  const { secret } = await asked<{ secret: string }>(hub, `/connections/${connection}/push-secret`, {})
  await world.hub.openPush!({ url: `${relay.url}/hooks/crm/${connection}`, secret })
}

interface TableFacts {
  entity: string
  enabled: boolean
  firstPassAt: string | null
  completeness: unknown
}

async function copied({ hub, connection, world }: HubScene): Promise<void> {
  await until('the end of the first copy', async () => {
    const { tables } = await asked<{ tables: TableFacts[] }>(hub, `/connections/${connection}/tables`)
    const table = tables.find(({ entity }) => entity === world.hub.entity)
    return Boolean(table?.firstPassAt && table.completeness)
  })
  await until('the end of all runs', async () => {
    const path = `/runs?connection=${connection}&entity=${world.hub.entity}&limit=200`
    const { runs } = await asked<{ runs: { state: string }[] }>(hub, path)
    return runs.every(({ state }) => state !== 'waiting' && state !== 'running')
  })
}

/** The hub registers within seconds of its start; edits are made until one comes. */
async function untilPushed(scene: HubScene): Promise<void> {
  const { world, relay } = scene
  const [id] = await scene.take(1)
  let edits = 0
  await until('the first push', async () => {
    edits += 1
    await world.change(id!, { [world.names.note]: `is anybody there? ${edits}` })
    await new Promise((resolve) => setTimeout(resolve, 400))
    return relay.acknowledged.length > 0
  })
  await scene.hintsSettled()
}

type Parts = Pick<HubScene, 'world' | 'hub' | 'relay' | 'connection' | 'isPushed'>

function sceneOf(parts: Parts): HubScene {
  const { world, hub, relay, connection } = parts
  const { entity } = world.hub
  let left: string[] | undefined
  const scene: HubScene = {
    ...parts,
    take: async (count) => {
      left ??= (await world.rows()).filter((row) => !row.deleted && row.broken === undefined).map(({ id }) => id)
      return left.splice(0, count)
    },
    beginPass: async () => {
      const wanted = { connection, entity, kind: 'incremental' }
      const { runs } = await asked<{ runs: { id: string }[] }>(hub, '/runs', wanted)
      return runs[0]!.id
    },
    passEnded: (run) => passEnded(hub, run),
    hintsSettled: () =>
      until('the end of all pushes', async () => {
        const { connections } = await asked<{ connections: { id: string; hintsOpen: number }[] }>(hub, '/status')
        const open = connections.find(({ id }) => id === connection)!.hintsOpen
        return relay.open === 0 && open === 0 && (await world.pushesPending()) === 0
      }).then(() => undefined),
    settled: async () => {
      await scene.hintsSettled()
      await scene.passEnded(await scene.beginPass())
      await scene.hintsSettled()
    },
    compared: async () => {
      await scene.settled()
      const { abilities, listsDeleted } = world.connector.manifest as Manifest & { listsDeleted?: true }
      if (abilities.changeTracking === true || listsDeleted) return
      const { runs } = await asked<{ runs: { id: string }[] }>(hub, '/audits', { connection, entity, repair: true })
      for (const { id } of runs) await passEnded(hub, id)
    },
    record: async (id) => (await recordsOf(hub, entity)).find(({ source }) => source.id === id) ?? null,
    differences: async (id) => differences(scene, id),
    agrees: async (id) => {
      const left = await patiently(
        () => differences(scene, id),
        ({ length }) => length === 0,
      )
      assert.deepEqual(left, [])
    },
    feedEnd: async () => (await asked<{ next: string }>(hub, '/changes?cursor=now&limit=1')).next,
    toldSince: (cursor, id, enough) => patiently(() => toldSince(scene, cursor, id), enough),
  }
  return scene
}

const patienceMs = 20_000

/** Looks until it is as wanted, or for long; answers what was seen last. */
async function patiently<T>(look: () => Promise<T>, isEnough: (seen: T) => boolean): Promise<T> {
  for (const end = performance.now() + patienceMs; ; ) {
    const seen = await look()
    if (isEnough(seen) || performance.now() > end) return seen
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function passEnded(hub: HubProcess, run: string): Promise<void> {
  const ended = await until('the end of a pass', async () => {
    const now = await asked<{ state: string; problem: unknown }>(hub, `/runs/${run}`)
    return ['done', 'failed', 'cancelled'].includes(now.state) ? now : null
  })
  assert.equal(ended.state, 'done', JSON.stringify(ended.problem))
}

async function recordsOf(hub: HubProcess, entity: string): Promise<HubRecord[]> {
  const records: HubRecord[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = cursor === '' ? '' : `&cursor=${cursor}`
    const page = await asked<{ records: HubRecord[]; next: string | null }>(
      hub,
      `/records?entity=${entity}&limit=1000${at}`,
    )
    records.push(...page.records)
    cursor = page.next
  }
  return records
}

async function differences({ hub, world }: HubScene, id: string): Promise<string[]> {
  const records = (await recordsOf(hub, world.hub.entity)).filter(({ source }) => source.id === id)
  const rows = (await world.rows()).filter((row: HeldRow) => row.id === id)
  return compareRecords(world.hub.entity, records, rows).map(({ kind, told }) => `${kind}: ${told}`)
}

async function toldSince(scene: HubScene, cursor: string, id: string): Promise<Told[]> {
  const record = await scene.record(id)
  const told: Told[] = []
  for (let at = cursor; ; ) {
    type List = { changes: (Told & { recordId: string })[]; next: string; more: boolean }
    const list: List = await asked<List>(scene.hub, `/changes?cursor=${at}&limit=500`)
    told.push(...list.changes.filter(({ recordId }) => recordId === record?.id))
    if (!list.more) return told
    at = list.next
  }
}
