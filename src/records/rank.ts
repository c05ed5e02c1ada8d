import type { RecordUrl } from './find.ts'
import type { SyncedTable } from './table.ts'

/** A record that a look-up met, and by what. */
export interface Found {
  /** 'p' exact number, 'n' a number kept without its country, 's' same ending, 'e' e-mail, 't' words of the name. */
  kind: 'p' | 'n' | 's' | 'e' | 't'
  field: string
  tableId: number
  id: string
  name: string | null
  /** Null: it is not told whether it is active. */
  active: boolean | null
  sourceId: string
  /** Milliseconds since 1970. */
  modified: number | null
  stored: number
}

export interface Match {
  id: string
  entity: string
  connectionId: string
  name: string | null
  /** 0 to 1; higher is likelier. */
  score: number
  /** Sentences for people: why this record. */
  why: string[]
  /** The same for programs. */
  reasons: { code: string; field?: string }[]
  source: { crm: string; id: string; url: string }
  asOf: Date
}

// The policy, in one table: how much a kind of match says, then what settles ties.
const kindScore: Record<Found['kind'], number> = { p: 0.9, e: 0.9, n: 0.7, s: 0.6, t: 0.5 }
const kindCode: Record<Found['kind'], string> = {
  p: 'number_exact',
  e: 'email_exact',
  n: 'number_without_country',
  s: 'number_ending',
  t: 'name',
}
const activeScore = 0.06
/** A caller is a person before it is a company. */
const entityScore: Record<string, number> = { contact: 0.03, lead: 0.02, account: 0.01 }
/** The most personal field first: a mobile number says more than a fax. */
const fieldScore = 0.01

const kindSentence: Record<Found['kind'], (label: string) => string> = {
  p: (label) => `${label} matches exactly`,
  e: (label) => `${label} matches exactly`,
  n: (label) => `${label} matches; it is kept without its country`,
  s: (label) => `${label} ends in the same digits`,
  t: () => 'the name begins so',
}

/** Ranks records by the policy above; of several fields of one record the best counts and all are told. */
export function rank(found: readonly Found[], tables: readonly SyncedTable[], recordUrl: RecordUrl): Match[] {
  const byId = new Map<string, { match: Match; modified: number }>()
  const tableById = new Map(tables.map((table) => [table.id, table]))
  for (const hit of found) {
    const table = tableById.get(hit.tableId)
    if (!table) continue
    const score = scoreOf(hit, table)
    const sentence = kindSentence[hit.kind](labelOf(hit.field, table))
    const reason = { code: kindCode[hit.kind], ...(hit.field === '' ? {} : { field: hit.field }) }
    const known = byId.get(hit.id)?.match
    if (known) {
      known.score = Math.max(known.score, score)
      known.why.splice(-1, 0, sentence)
      known.reasons.splice(-1, 0, reason)
      continue
    }
    byId.set(hit.id, {
      modified: hit.modified ?? 0,
      match: asMatch(hit, table, { score, sentence, reason, recordUrl }),
    })
  }
  const ranked = [...byId.values()].sort(
    (a, b) => b.match.score - a.match.score || b.modified - a.modified || (a.match.id < b.match.id ? -1 : 1),
  )
  return ranked.map(({ match }) => match)
}

function asMatch(
  hit: Found,
  table: SyncedTable,
  told: { score: number; sentence: string; reason: Match['reasons'][number]; recordUrl: RecordUrl },
): Match {
  return {
    id: hit.id,
    entity: table.entity,
    connectionId: table.connectionId,
    name: hit.name,
    score: told.score,
    why: [told.sentence, ...activity(hit)],
    reasons: [told.reason, ...activity(hit).map((code) => ({ code }))],
    source: { crm: table.crm, id: hit.sourceId, url: told.recordUrl(table, hit.sourceId) },
    asOf: new Date(Math.max(table.lastPassAt?.getTime() ?? 0, hit.stored)),
  }
}

const activity = ({ active }: Found) => (active === null ? [] : [active ? 'active' : 'inactive'])

function scoreOf(hit: Found, table: SyncedTable): number {
  const order = table.mapping.phones.indexOf(hit.field)
  const personal = order === -1 ? 0 : fieldScore / (order + 1)
  const score = kindScore[hit.kind] + (hit.active ? activeScore : 0) + (entityScore[table.entity] ?? 0) + personal
  return Math.round(Math.min(score, 1) * 1000) / 1000
}

const reasonSentences: Record<string, (label: string) => string> = {
  ...Object.fromEntries(
    (Object.keys(kindCode) as Found['kind'][]).map((kind) => [kindCode[kind], kindSentence[kind]] as const),
  ),
  field_matches: (label) => `${label} fits the search`,
  open_case: () => 'has an open case',
  spoken_before: () => 'has been spoken with before',
  own: () => 'belongs to the agent',
}

/** The reasons of a match in words: those that it was ranked by, and those that were found out beside. */
export const sentencesOf = (reasons: readonly Match['reasons'][number][], table: SyncedTable): string[] =>
  reasons.map(({ code, field }) => reasonSentences[code]?.(labelOf(field ?? '', table)) ?? code)

function labelOf(field: string, table: SyncedTable): string {
  const described = table.source.fields.find((candidate) => candidate.name === field)
  return described?.labels.en ?? Object.values(described?.labels ?? {})[0] ?? field
}
