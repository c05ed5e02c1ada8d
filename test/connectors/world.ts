import type { Connector, TableScope } from '#connectors/connector.ts'
import type { TestSession } from '../support/crm-session.ts'
import { askControl } from '../support/simulator-control.ts'
import type { Pushed, PushSubject } from '../torture/hook-relay.ts'

/** What can go wrong on the CRM's side, in words that fit any of them. */
export type Trouble =
  | 'throttled with a hint'
  | 'throttled without a hint'
  | 'server error'
  | 'cut connection'
  | 'truncated body'
  | 'web page'
  | 'error in a success'
  | 'foreign next link'
  | 'token rejected'
  | 'delta expired'
  | 'slow answer'

/** What happens to pushes on their way. */
export type PushTrouble = 'doubled' | 'reordered' | 'lost'

/** What brings a trouble about: every simulator names most of its faults alike. */
const faultsOf = (own: Record<'delta expired', Fault>): Record<Trouble, Fault> => ({
  'throttled with a hint': { kind: '429', retryAfter: 1 },
  'throttled without a hint': { kind: '429', retryAfter: null },
  'server error': { kind: '503' },
  'cut connection': { kind: 'cut-body' },
  'truncated body': { kind: 'truncate' },
  'web page': { kind: 'html' },
  'error in a success': { kind: 'error-200' },
  'foreign next link': { kind: 'foreign-next-link', host: 'http://foreign.example' },
  'token rejected': { kind: 'token-rejected' },
  'slow answer': { kind: 'slow-body', ms: 2_500 },
  ...own,
})
const pushFaults: Record<PushTrouble, Fault> = {
  doubled: { kind: 'webhook-double', ms: 60 },
  reordered: { kind: 'webhook-reorder', batch: 4, ms: 900 },
  lost: { kind: 'webhook-drop' },
}
type Fault = Record<string, unknown>

/** A row as the CRM itself tells it, past its API. */
export interface HeldRow {
  id: string
  /** The version as the hub tells it (`mark` of a record); null where the CRM has none. */
  mark: string | null
  deleted: boolean
  /** Why it breaks the model, where it was made to. */
  broken?: string
  fields: Record<string, unknown>
}

/** How a whole hub meets this CRM. */
export interface HubSide {
  /** Body of `POST /api/v1/connections`. */
  connection: Record<string, unknown>
  /** host:port pairs that the hub has to reach. */
  hosts: readonly string[]
  /** The hub's entity of the table of people. */
  entity: string
  /** Whatever a person does in the CRM so that it pushes; absent where the hub registers that itself. */
  openPush?(hook: { url: string; secret: string }): Promise<void>
  /** The hub installs its push in the CRM when a person asks for it. */
  installsPush?: true
  /** A genuine push as a stranger would forge it, each with what is forged. */
  forgeries(push: Pushed): { what: string; push: Pushed }[]
  /** Which rows a push tells of. */
  subjectsOf(push: Pushed): PushSubject[]
  /** How many writes were carried out on this row, its making among them, by the CRM's own log. */
  applied(id: string): Promise<number>
}

/** A simulated CRM with one table of people, as the conformance suite sees it. */
export interface World {
  connector: Connector
  session: TestSession
  /** A session whose calls give up soon, for troubles that do not pass. */
  hasty: TestSession
  scope: TableScope
  /** The CRM's names of columns that the suite writes and reads. */
  names: { text: string; date: string; note: string }
  /** An id of the right form that no row has, and another spelling of an id that means the same row. */
  ids: { unknown: string; otherwise(id: string): string }
  hub: HubSide
  /** Every row of the table, tombstones and broken ones too, read past the API. */
  rows(): Promise<HeldRow[]>
  create(text: string, more?: Record<string, unknown>): Promise<string>
  /** So many rows at once, all last changed at one time. */
  createMany(count: number, at: Date): Promise<void>
  /** A row that breaks the model: it has no id. */
  createBroken(): Promise<void>
  /** `at`: the time that the CRM notes for the change, instead of now. */
  change(id: string, fields: Record<string, unknown>, at?: Date): Promise<void>
  remove(id: string): Promise<void>
  restore(id: string): Promise<void>
  /** Joins two rows as the CRM does it: afterwards the loser is gone or points at the winner. */
  merge(winner: string, loser: string): Promise<void>
  /** Strikes reading requests, or writing ones: `times` of them (0: all), after letting `after` through. */
  /** `ms`: how long a slow answer takes. */
  strike(trouble: Trouble, options?: { times?: number; after?: number; ms?: number }): Promise<void>
  /** The next write is carried out after its connection was cut, as late as this. */
  commitLate(ms: number): Promise<void>
  troublePushes(trouble: PushTrouble, times: number): Promise<void>
  calm(): Promise<void>
  denyReading(): Promise<void>
  /** Takes a column out of the table. */
  dropColumn(name: string): Promise<void>
  /** Pages are at most so long from now on, whatever is asked. */
  limitPages(rows: number): Promise<void>
  /** Pushes that are still to be sent. */
  pushesPending(): Promise<number>
  /** Reading requests that arrived so far. */
  asked(): Promise<number>
  close(): Promise<void>
}

type BySimulator = 'strike' | 'commitLate' | 'troublePushes' | 'calm' | 'pushesPending' | 'asked'

/** What every simulator does for its world alike; `readings`: its kinds of request that read. */
export function simulated(control: string, readings: readonly string[], expired: Fault): Pick<World, BySimulator> {
  const faults = faultsOf({ 'delta expired': expired })
  const strike = async (fault: Fault) => void (await askControl(control, '/faults', fault))
  return {
    strike: (trouble, { times = 1, after = 0, ...more } = {}) =>
      strike({ ...faults[trouble], ...more, times, after, on: readings }),
    commitLate: (ms) => strike({ kind: 'late-commit', times: 1, ms }),
    troublePushes: (trouble, times) => strike({ ...pushFaults[trouble], times }),
    calm: async () => void (await askControl(control, '/faults', undefined, 'DELETE')),
    pushesPending: async () => (await askControl<{ pending: number }>(control, '/webhooks', undefined, 'GET')).pending,
    asked: async () => {
      const { counts } = await requestsOf(control)
      return readings.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
    },
  }
}

/** Writes of one record that the simulator carried out. */
export async function appliedTo(control: string, id: string): Promise<number> {
  const { writes } = await requestsOf(control)
  return writes.filter((one) => one.id === id && one.status >= 200 && one.status < 300 && !one.rolledBack).length
}

interface Requests {
  counts: Record<string, number>
  writes: { id: string | null; status: number; rolledBack: boolean }[]
}

const requestsOf = (control: string) => askControl<Requests>(control, '/requests', undefined, 'GET')

export interface Subject {
  crm: string
  start(options?: { records?: number }): Promise<World>
}
