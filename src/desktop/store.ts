import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { Channel, Folded, InteractionEvent, InteractionState } from './interaction.ts'

/** What a search found of who it is; no values, since each who looks sees them through their own eyes. */
export interface SearchResult {
  /** ISO time. */
  at: string
  /** What was searched by: a changed one is searched anew. */
  by: string
  matches: { id: string; entity: string; connectionId: string; score: number; reasons: SearchReason[] }[]
  more: boolean
  reasonsNone: { code: string; value?: string; entities?: string[] }[]
  asOf: string
  /** The CRM was asked too, and holds nobody either. */
  asked?: true
}

export interface SearchReason {
  code: string
  field?: string
}

/** What of an interaction stands in the CRM, or why not. */
export interface MemorializeProblem {
  code: string
  message: string
  mend: string | null
  since: string
}

export interface StoredInteraction {
  id: string
  source: string
  externalId: string
  channel: Channel
  channelType: string
  direction: 'inbound' | 'outbound'
  state: InteractionState
  contactLeft: boolean
  /** In international notation where it could be read, else as it came; null: withheld. */
  address: string | null
  contactName: string | null
  skill: string | null
  data: Record<string, unknown>
  scriptVariables: Record<string, string>
  offeredAt: Date
  acceptedAt: Date | null
  endedAt: Date | null
  closedAt: Date | null
  wrapUpUntil: Date | null
  agentWorkflowId: string | null
  search: SearchResult | null
  version: bigint
  memorializeAt: Date | null
  memorializeProblem: MemorializeProblem | null
  memorializedAt: Date | null
  /** At which workflows ran by themselves. */
  moments: string[]
}

export const interactionColumns = `i.id, i.source, i.external_id as "externalId", i.channel, i.channel_type as "channelType",
  i.direction, i.state, i.contact_left as "contactLeft", i.address, i.contact_name as "contactName", i.skill, i.data,
  i.script_variables as "scriptVariables", i.offered_at as "offeredAt", i.accepted_at as "acceptedAt",
  i.ended_at as "endedAt", i.closed_at as "closedAt", i.wrap_up_until as "wrapUpUntil",
  i.agent_workflow_id as "agentWorkflowId", i.search, i.version, i.memorialize_at as "memorializeAt",
  i.memorialize_problem as "memorializeProblem", i.memorialized_at as "memorializedAt", i.moments`

/** Throws resource.not_found. */
export async function loadInteraction(db: Queryable, id: string): Promise<StoredInteraction> {
  const { rows } = await db.query<StoredInteraction>({
    name: 'interaction-load',
    text: `select ${interactionColumns} from jackfield.interaction i where i.id = $1`,
    values: [id],
  })
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `There is no interaction ${id}`)
}

/** Whoever changes an interaction does so alone; throws resource.not_found. */
export async function lockInteraction(tx: Transaction, id: string): Promise<StoredInteraction> {
  const { rows } = await tx.query<StoredInteraction>({
    name: 'interaction-lock',
    text: `select ${interactionColumns} from jackfield.interaction i where i.id = $1 for no key update`,
    values: [id],
  })
  if (rows[0]) return rows[0]
  throw new HubError('resource.not_found', `There is no interaction ${id}`)
}

const KEEP = {
  name: 'interaction-event-keep',
  text: `insert into jackfield.interaction_event (interaction_id, event_id, type, at, agent, data, script_variables, sent_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
}

/** False where the event was kept before. */
export async function keepEvent(
  tx: Transaction,
  id: string,
  event: InteractionEvent,
  sentBy: string,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    ...KEEP,
    values: [
      ...[id, event.id, event.type, event.at, event.agent && JSON.stringify(event.agent), JSON.stringify(event.data)],
      ...[JSON.stringify(event.scriptVariables), sentBy],
    ],
  })
  return rowCount === 1
}

/** What the events of an interaction take up, in bytes as they are stored. */
export async function keptBytes(db: Queryable, id: string): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>({
    name: 'interaction-events-bytes',
    text: `select coalesce(sum(pg_column_size(data) + pg_column_size(script_variables)), 0)::int as bytes
      from jackfield.interaction_event where interaction_id = $1`,
    values: [id],
  })
  return rows[0]!.bytes
}

export async function eventsOf(db: Queryable, id: string): Promise<InteractionEvent[]> {
  const { rows } = await db.query<InteractionEvent>({
    name: 'interaction-events',
    text: `select event_id as id, type, at, agent, data, script_variables as "scriptVariables"
      from jackfield.interaction_event where interaction_id = $1`,
    values: [id],
  })
  return rows
}

/** By the contact centre's clock. */
export async function latestEventAt(db: Queryable, id: string): Promise<Date> {
  const { rows } = await db.query<{ at: Date | null }>({
    name: 'interaction-latest-event',
    text: 'select max(at) as at from jackfield.interaction_event where interaction_id = $1',
    values: [id],
  })
  return rows[0]?.at ?? new Date(0)
}

const SAVE = {
  name: 'interaction-save',
  text: `update jackfield.interaction set channel = $2, channel_type = $3, direction = $4, state = $5, contact_left = $6,
      address = $7, contact_name = $8, skill = $9, data = $10, script_variables = $11, offered_at = $12, accepted_at = $13,
      ended_at = $14, closed_at = $15, wrap_up_until = $16, agent_workflow_id = $17,
      memorialize_at = case when $18::timestamptz is null then memorialize_at else $18 end,
      moments_at = case when $17::uuid is null then null else clock_timestamp() end,
      version = version + 1, changed_at = clock_timestamp()
    where id = $1`,
}

export interface Placed {
  address: string | null
  wrapUpUntil: Date | null
  agentWorkflowId: string | null
  /** Null: as it was. */
  memorializeAt: Date | null
}

export async function saveFolded(tx: Transaction, id: string, folded: Folded, placed: Placed): Promise<void> {
  await tx.query({
    ...SAVE,
    values: [
      ...[id, folded.channel, folded.channelType, folded.direction, folded.state, folded.contactLeft],
      ...[placed.address, folded.contactName, folded.skill],
      ...[JSON.stringify(folded.data), JSON.stringify(folded.scriptVariables)],
      ...[folded.offeredAt, folded.acceptedAt, folded.endedAt, folded.closedAt],
      ...[placed.wrapUpUntil, placed.agentWorkflowId, placed.memorializeAt],
    ],
  })
}

/**
 * An interaction that is over is written to the CRM this much after the last that was told or typed of it: what came late
 * may still come in order of its time, and what is typed while it is saved goes in one write.
 */
export const settleMs = 1_500

/** Others are to hear of it; and where it is over, what stands in the CRM is to be compared again. */
export async function touchInteraction(tx: Transaction, id: string): Promise<void> {
  await tx.query({
    name: 'interaction-touch',
    text: `update jackfield.interaction set version = version + 1, changed_at = clock_timestamp(),
        memorialize_at = case when state = 'closed' then clock_timestamp() + make_interval(secs => $2) else memorialize_at end
      where id = $1`,
    values: [id, settleMs / 1000],
  })
}

export async function saveSearch(tx: Transaction, id: string, search: SearchResult): Promise<void> {
  await tx.query({
    name: 'interaction-save-search',
    text: `update jackfield.interaction set search = $2, version = version + 1, changed_at = clock_timestamp() where id = $1`,
    values: [id, JSON.stringify(search)],
  })
}

/** The CRM holds nobody either, of what was searched `by`: whatever waits for that may run now. */
export async function noteAsked(db: Queryable, id: string, by: string): Promise<void> {
  await db.query({
    name: 'interaction-note-asked',
    text: `update jackfield.interaction set search = search || '{"asked":true}', moments_at = clock_timestamp()
      where id = $1 and search->>'by' = $2`,
    values: [id, by],
  })
}
