import { z } from 'zod'
import { Interaction } from './interactions.ts'
import { Match } from './lookup.ts'
import { EntityName, Id, Labels, Problem, Time } from './shapes.ts'

/** A value as it is shown: `value` as the hub holds it, with what is needed to write it in the reader's language. */
export const ShownField = z.object({
  /** The CRM's field. */
  field: z.string(),
  labels: Labels,
  type: z.enum(['text', 'memo', 'integer', 'decimal', 'money', 'boolean', 'date', 'datetime', 'choice', 'lookup']),
  value: z.unknown(),
  /** Of a choice, or of the record that a lookup points at. */
  texts: Labels.nullable(),
  /** ISO 4217, of money. */
  currency: z.string().nullable(),
})
export type ShownField = z.infer<typeof ShownField>

export const CardRecord = z.object({
  id: Id,
  entity: EntityName,
  name: z.string().nullable(),
  crm: z.string(),
  /** In the CRM, on the domain of the configuration; null where that does not let it be opened. */
  url: z.string().nullable(),
  /** In the CRM, since it was linked. */
  deleted: z.boolean(),
  linked: z.boolean(),
  pinned: z.boolean(),
  /** Whom it belongs to, such as a contact's company. */
  of: z.object({ id: Id, entity: EntityName, name: z.string().nullable() }).nullable(),
  dynamicData: z.array(ShownField),
})
export type CardRecord = z.infer<typeof CardRecord>

/** What is still open for the record: cases first. */
export const OpenWork = z.object({
  id: Id,
  entity: EntityName,
  name: z.string().nullable(),
  number: z.string().nullable(),
  priority: Labels.nullable(),
  since: Time.nullable(),
})
export type OpenWork = z.infer<typeof OpenWork>

/** An earlier interaction with the same record or from the same number. */
export const Earlier = z.object({
  id: Id,
  channelType: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  at: Time,
  agentName: z.string().nullable(),
  /** With whoever looks at the card. */
  withYou: z.boolean(),
  disposition: z.string().nullable(),
  notes: z.string().nullable(),
})
export type Earlier = z.infer<typeof Earlier>

/** What an agent typed. Saved with the version that it was based on, so that a second tab does not write over it. */
export const NoteInput = z.strictObject({
  notes: z.string().max(100_000).optional(),
  disposition: z.string().max(500).nullable().optional(),
  tags: z.array(z.string().trim().min(1).max(200)).max(100).optional(),
  version: z.number().int().min(0),
})
export type NoteInput = z.infer<typeof NoteInput>
export const Note = z.object({
  notes: z.string(),
  disposition: z.string().nullable(),
  tags: z.array(z.string()),
  version: z.number().int(),
  savedAt: Time.nullable(),
})
export type Note = z.infer<typeof Note>

/**
 * A card, as one agent sees it: all of it from the hub, without a call to any CRM.
 */
export const Card = z.object({
  interaction: Interaction,
  /** Who it may be, best first: with the reasons that the card shows. */
  matches: z.array(Match),
  more: z.boolean(),
  whyNone: z.array(z.string()),
  reasonsNone: z.array(
    z.object({ code: z.string(), value: z.string().optional(), entities: z.array(z.string()).optional() }),
  ),
  /** The oldest last reading of the tables that were looked at. */
  asOf: Time,
  /** Linked and pinned records, and where none is linked the best match; the first is who it is. */
  records: z.array(CardRecord),
  open: z.array(OpenWork),
  earlier: z.array(Earlier),
  note: Note,
  /** Others' notes on the same interaction. */
  otherNotes: z.array(z.object({ author: z.string(), notes: z.string(), savedAt: Time })),
  /** What may be chosen; empty: anything may be typed. */
  dispositions: z.array(z.string()),
  tags: z.array(z.string()),
  /** Create and update workflows that the agent may run here. */
  workflows: z.array(z.object({ id: Id, kind: z.enum(['create', 'update']), name: z.string(), entity: EntityName })),
  /** Workflows that point at a record which the CRM has yet to make: they run when it is made; `problem`: they did not. */
  waiting: z.array(z.object({ workflow: Id, name: z.string(), problem: Problem.nullable() })),
  screenPop: z.object({
    when: z.enum(['never', 'offered', 'accepted']),
    how: z.enum(['card', 'tab', 'frame']),
    url: z.string().nullable(),
  }),
  configuration: z.object({ id: Id, name: z.string() }).nullable(),
})
export type Card = z.infer<typeof Card>

/** GET /api/v1/desktop: the agent's own interactions that are not closed, and those closed in the last minutes. */
export const Desktop = z.object({ cards: z.array(Card), personId: Id.nullable() })
export type Desktop = z.infer<typeof Desktop>

/** POST /api/v1/interactions/:id/acts: what an agent does at the card. `close` ends the wrap-up, or dismisses. */
export const ActInput = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('link'), record: Id }),
  z.strictObject({ act: z.literal('unlink'), record: Id }),
  z.strictObject({ act: z.literal('pin'), record: Id }),
  z.strictObject({ act: z.literal('unpin'), record: Id }),
  z.strictObject({ act: z.literal('close') }),
])
export type ActInput = z.infer<typeof ActInput>

/** POST /api/v1/interactions/:id/search: the second-level search; a number, an address or a name, whatever it looks like. */
export const CardSearch = z.strictObject({ text: z.string().trim().min(1).max(320) })
export const CardMatches = Card.pick({ matches: true, more: true, whyNone: true, reasonsNone: true, asOf: true })
export type CardMatches = z.infer<typeof CardMatches>

/**
 * GET /api/v1/desktop/live, Server-Sent Events: the agent's own cards. `card` comes whole whenever it changes; `gone` when
 * the agent is no longer on it. What changed while nobody listened is told by GET /api/v1/desktop.
 */
export const DesktopEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('card'), data: Card }),
  z.object({ event: z.literal('gone'), data: z.object({ id: Id }) }),
])
export type DesktopEvent = z.infer<typeof DesktopEvent>

/** POST /api/v1/interactions/:id/workflows/:workflow: runs a create or update workflow; the same key again is the same run. */
export const RunInput = z.strictObject({ key: z.string().min(1).max(100).optional() })
export type RunInput = z.infer<typeof RunInput>
