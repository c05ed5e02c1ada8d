import { z } from 'zod'
import { Cursor, EntityName, GivenName, Id, Limit, Problem, Time } from './shapes.ts'

/** What a contact centre calls its own things: an interaction, an event, an agent. */
const ForeignId = z.string().trim().min(1).max(200)

/** Letters, digits, dots, dashes and underscores: it stands in addresses. */
export const SourceName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)

const AgentOfEvent = z.strictObject({
  id: ForeignId,
  name: z.string().max(200).optional(),
  /** Tells which person of the hub it is, unless an identity was set. */
  email: z.string().max(320).optional(),
})
export type AgentOfEvent = z.infer<typeof AgentOfEvent>

/**
 * What happened. `offered` begins it for an agent; `contact_left`: the contact ended first; `ended`: the conversation is
 * over and the agent wraps up, unless its data say `wrapUp: false`; `updated` only brings data.
 */
const EventType = z.enum([
  'offered',
  'accepted',
  'held',
  'resumed',
  'transferred',
  'contact_left',
  'ended',
  'wrap_up_closed',
  'unassigned',
  'dismissed',
  'updated',
])
export type EventType = z.infer<typeof EventType>

const text = (most: number) => z.string().max(most).optional()

/**
 * Fields by the names that contact centres use (NICE CXone's agent SDK). Times are ISO 8601. Members that nobody knows are
 * kept too, as texts.
 */
const InteractionData = z
  .object({
    contactId: text(200),
    mediaType: text(100),
    /** `voice`, `video`, `sms`, `chat`, `email`, a social network…: any. Voice and video are voice, all others digital. */
    channelType: text(100),
    channelName: text(200),
    direction: z.enum(['inbound', 'outbound']).optional(),
    skillId: text(200),
    skillName: text(200),
    status: text(200),
    finalState: text(200),
    dispositionName: text(500),
    dispositionNotes: text(100_000),
    tags: z.union([z.string().max(10_000), z.array(z.string().max(200)).max(200)]).optional(),
    /** Whose number called, and which was dialled. */
    ani: text(200),
    dnis: text(200),
    masterContactId: text(200),
    contactType: text(100),
    recordingUrl: text(2_000),
    startTime: text(50),
    endTime: text(50),
    callDurationInSeconds: z.union([z.number(), z.string().max(30)]).optional(),
    from: text(500),
    to: text(500),
    eventType: text(100),
    customerName: text(500),
    type: text(100),
    transcript: text(500_000),
    /** Links to files that were sent along. */
    attachments: z.array(z.string().max(2_000)).max(100).optional(),
    /** Of `ended`: false where no wrap-up follows. */
    wrapUp: z.boolean().optional(),
  })
  .catchall(z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]))
export type InteractionData = z.infer<typeof InteractionData>

/** Names are taken in lower case, whatever the script wrote. */
const ScriptVariables = z.record(z.string().min(1).max(200), z.string().max(1_000_000))

export const EventInput = z.strictObject({
  type: EventType,
  /** The event's own id: the same again has no effect. */
  id: ForeignId,
  /** When it happened, by the contact centre's clock: the order of events, however they arrive. */
  at: Time,
  agent: AgentOfEvent.optional(),
  data: InteractionData.default({}),
  scriptVariables: ScriptVariables.default({}),
})
export type EventInput = z.infer<typeof EventInput>

/** An event with the interaction that it is of, as webhooks and batches bring it. */
export const FullEvent = EventInput.extend({ source: SourceName, interaction: ForeignId })
export type FullEvent = z.infer<typeof FullEvent>

/** POST /api/v1/interactions: begins one. The same again is answered with the same interaction. */
export const InteractionInput = EventInput.omit({ type: true, id: true }).extend({
  source: SourceName,
  interaction: ForeignId,
  id: ForeignId.default('offered'),
  at: Time.optional(),
})
export type InteractionInput = z.infer<typeof InteractionInput>

/** POST /api/v1/interaction-events; answered when all are kept. */
export const EventBatch = z.strictObject({ events: z.array(FullEvent).min(1).max(100) })
export const EventsTaken = z.object({
  taken: z.array(z.object({ interaction: Id, event: z.string(), outcome: z.enum(['kept', 'replayed']) })),
})
export type EventsTaken = z.infer<typeof EventsTaken>

const InteractionState = z.enum(['offered', 'active', 'held', 'unassigned', 'wrap_up', 'closed'])
export type InteractionState = z.infer<typeof InteractionState>

const InteractionAgent = z.object({
  id: z.string(),
  name: z.string().nullable(),
  personId: Id.nullable(),
  state: z.enum(['offered', 'active', 'left']),
})

const InteractionLink = z.object({
  recordId: Id,
  entity: EntityName,
  /** Null: not to be seen, or gone. Links to records that whoever asks does not see are left out. */
  name: z.string().nullable(),
  crm: z.string(),
  pinned: z.boolean(),
  /** `search`: the hub linked it by the workflow's policy. */
  by: z.string(),
  at: Time,
})
export type InteractionLink = z.infer<typeof InteractionLink>

/**
 * How far what is to be written to the CRM got. `none`: nothing is configured; `nothing_linked`: no record is linked, so
 * nothing was written; `open`: the interaction is not over; `waiting`: in the outbox.
 */
const Memorialized = z.object({
  state: z.enum(['none', 'open', 'nothing_linked', 'waiting', 'done', 'failed', 'unknown']),
  problem: Problem.nullable(),
  targets: z.array(
    z.object({
      /** `activity`, or the record's id; `hidden`: of a record that whoever asks may not see, without any other id. */
      target: z.string(),
      entity: EntityName,
      recordId: Id.nullable(),
      url: z.string().nullable(),
      write: Id.nullable(),
      state: z.enum(['waiting', 'done', 'failed', 'unknown', 'cancelled']),
      /** Fields whose text did not fit whole. */
      cut: z.array(z.string()),
      problem: Problem.nullable(),
    }),
  ),
})
export type Memorialized = z.infer<typeof Memorialized>

export const Interaction = z.object({
  id: Id,
  source: z.string(),
  externalId: z.string(),
  channel: z.enum(['voice', 'digital']),
  channelType: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  state: InteractionState,
  contactLeft: z.boolean(),
  /** Their number in international notation where it could be read, else as it came; null: withheld. */
  address: z.string().nullable(),
  contactName: z.string().nullable(),
  skill: z.string().nullable(),
  agents: z.array(InteractionAgent),
  offeredAt: Time,
  acceptedAt: Time.nullable(),
  endedAt: Time.nullable(),
  closedAt: Time.nullable(),
  wrapUpUntil: Time.nullable(),
  data: z.record(z.string(), z.unknown()),
  scriptVariables: z.record(z.string(), z.string()),
  links: z.array(InteractionLink),
  memorialized: Memorialized,
  version: z.number().int(),
})
export type Interaction = z.infer<typeof Interaction>

/** GET /api/v1/interactions, newest first. Without `read:interactions` one's own alone. */
export const InteractionQuery = z.object({
  /** `differing`: what is to stand in the CRM does not, or not yet. */
  state: z.enum(['open', 'closed', 'differing']).optional(),
  record: Id.optional(),
  cursor: Cursor.optional(),
  limit: Limit.default(50),
})
export const InteractionList = z.object({ interactions: z.array(Interaction), next: Cursor.nullable() })
export type InteractionList = z.infer<typeof InteractionList>

/** GET /api/v1/interactions/ledger: interactions = activities. Of those that are over and are to be written of. */
export const InteractionLedger = z.object({
  interactions: z.number().int(),
  /** Kept no longer, since their days were over; counted in the others too: all of theirs was done. */
  removed: z.number().int(),
  /** With no record linked: nothing is written of them. */
  nothingLinked: z.number().int(),
  withLink: z.number().int(),
  activities: z.number().int(),
  done: z.number().int(),
  waiting: z.number().int(),
  failed: z.number().int(),
  unknown: z.number().int(),
})
export type InteractionLedger = z.infer<typeof InteractionLedger>

/** POST /api/v1/interaction-sources: a contact centre that signs its events; the secret is told once. */
export const InteractionSourceInput = z.strictObject({ name: SourceName })
const InteractionSource = z.object({
  name: z.string(),
  /** Where it sends events: POST, signed by its secret. */
  address: z.string(),
  hasSecret: z.boolean(),
  createdBy: z.string(),
  createdAt: Time,
})
export const NewInteractionSource = InteractionSource.extend({ secret: z.string() })
export const InteractionSourceList = z.object({ sources: z.array(InteractionSource) })
export type InteractionSource = z.infer<typeof InteractionSource>

/** Who an agent of a contact centre is here. */
export const AgentIdentity = z.strictObject({ source: SourceName, agentId: ForeignId, personId: Id })
export const AgentIdentityList = z.object({
  identities: z.array(AgentIdentity.extend({ personName: GivenName.or(z.string()) })),
})
export type AgentIdentity = z.infer<typeof AgentIdentity>
