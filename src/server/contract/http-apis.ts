import { z } from 'zod'
import { ConnectInput } from './connections.ts'
import { EntityName } from './shapes.ts'
import { Table } from './tables.ts'

/** What an API is like, told as data; docs/connect/http.md is its reference. */
export const Definition = z.record(z.string(), z.unknown())
export type Definition = z.infer<typeof Definition>

/** GET /api/v1/connectors/:crm/presets: definitions of APIs that many use, to begin with. */
export const PresetList = z.object({
  presets: z.array(
    z.object({ id: z.string(), name: z.string(), description: z.string().nullable(), definition: Definition }),
  ),
})
export type PresetList = z.infer<typeof PresetList>

/** POST /api/v1/connectors/:crm/try: reads one page by a definition, and stores nothing. */
export const TrialInput = ConnectInput.omit({ crm: true, name: true }).extend({
  /** Which of the definition's tables. */
  entity: EntityName,
  /** `next` of a trial before. */
  link: z.string().max(20_000).optional(),
})
export type TrialInput = z.infer<typeof TrialInput>

export const Trial = z.object({
  /** As it went out; secrets are blanked. */
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  }),
  /** On this page. */
  records: z.number().int(),
  /** In the whole list, where the API tells. */
  total: z.number().nullable(),
  /** Leads to the next page; null: this is the last. */
  next: z.string().nullable(),
  /** What the records hold, and what it is likely to be. */
  fields: z.array(
    z.object({
      path: z.string(),
      type: z.string(),
      role: z.string().nullable(),
      sample: z.string().nullable(),
    }),
  ),
  /** The first records as they would be copied. */
  shown: z.array(
    z.object({
      sourceId: z.string().nullable(),
      name: z.string().nullable(),
      phones: z.array(z.string()),
      emails: z.array(z.string()),
      fields: z.record(z.string(), z.unknown()),
      /** Why this record would be set aside. */
      problem: z.string().nullable(),
    }),
  ),
  columns: z.array(z.string()),
  mapping: Table.shape.mapping,
})
export type Trial = z.infer<typeof Trial>

/** GET /api/v1/connections/:id/push-addresses: where the CRM is to post what changes. */
export const PushAddresses = z.object({
  /** One address for all; entity and operation stand in the body. */
  url: z.string(),
  /** One for each entity and operation. */
  addresses: z.array(
    z.object({ entity: z.string(), operation: z.enum(['create', 'update', 'delete']), url: z.string() }),
  ),
  /** Whether there is a secret; it is shown only when it is made. */
  hasSecret: z.boolean(),
})
export type PushAddresses = z.infer<typeof PushAddresses>

/** POST /api/v1/connections/:id/push-secret: a new one, or one that the CRM made. The former is void at once. */
export const PushSecretInput = z.object({ secret: z.string().min(16).max(500).optional() })
export const PushSecret = PushAddresses.extend({ secret: z.string() })
export type PushSecret = z.infer<typeof PushSecret>
