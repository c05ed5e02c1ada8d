import type { Control, HubApi } from './clients.ts'
import type { LoggedWrite } from './comparer/writes.ts'
import type { DumpedRow } from './dumped-row.ts'
import type { Fault } from './fault.ts'
import type { Pushed, PushSubject } from './hook-relay.ts'
import type { Company, Phase } from './phases.ts'
import type { Chance } from './random.ts'

/** The first line that a simulator prints: addresses and credentials by name. */
export type SimulatorFacts = { url: string; control: string } & Record<string, string>

/** What connecting takes: the hub's API and command line, and a folder for secrets. */
export interface Connecting {
  facts: SimulatorFacts
  api: HubApi
  cli(args: readonly string[]): Promise<{ last: Record<string, unknown> }>
  folder: string
  /** Which phase the round strikes. */
  phase: Phase
}

type Fields = Record<string, unknown>

/** One kind of CRM under torture: its simulator, its words and its faults. */
export interface Subject {
  crm: string
  simulator: { file: string; args(options: { records: number; seed: number }): string[] }
  hosts(facts: SimulatorFacts): string[]
  /** Answers the connection's id. */
  connect(connecting: Connecting): Promise<string>
  subjectsOf(push: Pushed): PushSubject[]
  /** Phases that this CRM does not have, and why. */
  lacks: Partial<Record<Phase, string>>
  /** So many times the usual records make a first copy of several pages. */
  scale: number
  /** False where no pass tells what was deleted: then the comparison of ids has to be waited for, which the hub makes daily. */
  passesTellDeletes: boolean
  /** The CRM's table behind an entity of the hub. */
  tables: Record<'account' | 'contact', string>
  /** Every row of a table, tombstones too, as the hub would tell it. */
  readDump(control: Control, table: string): Promise<DumpedRow[]>
  /** A change that the simulator answered, with the version it made. */
  madeOf(answer: Record<string, unknown>): { id: string; mark: string | null }
  /** Users whom rows may be given to; none where rows have no owner. */
  owners(control: Control): Promise<string[]>
  /** What the script writes; `owned` gives a row to another user. */
  words: {
    created(entity: string, number: number): Fields
    edited(entity: string, number: number): Fields
    owned(owner: string): Fields
  }
  /** What a program writes through the hub. */
  writing: { made(key: string): Fields; fields(key: string, number: number): Fields }
  loggedWrites(control: Control): Promise<LoggedWrite[]>
  /** The CRM as the round wants it from the beginning. */
  setUp(control: Control, round: { company: Company; phase: Phase; pageSize: number }): Promise<void>
  limitPages(control: Control, rows: number): Promise<void>
  /** False where a token tells no lifetime: then it is renewed when it is refused, and renewals have no rhythm to judge. */
  tokensTell: boolean
  /** Requests of the readings, and those that each phase lives by, by the simulator's kinds. */
  readings: readonly string[]
  requests: Record<Phase, readonly string[]>
  /** Faults of the CRM by the phase that they hurt. */
  strikes: Record<Phase, readonly string[]>
  /** What a strike of this CRM's own puts on; null: it is one that all CRMs share. */
  faultsOf(strike: string, phase: Phase, chance: Chance): Fault[] | null
  /** A list of ids that breaks off before its last page. */
  brokenList(control: Control, chance: Chance): Promise<Fault>
}
