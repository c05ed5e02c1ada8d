import { z } from 'zod'

const Ability = z.union([z.literal(true), z.object({ lacks: z.string() })])

export const Connector = z.object({
  crm: z.string(),
  /** As people say it: `Dynamics 365`. */
  title: z.string(),
  authentication: z.object({
    kind: z.string(),
    /** Ways to sign in, the usual one first: the chosen one is sent as the setting `flow`. Absent: there is one way. */
    flows: z.array(z.string()).optional(),
    fields: z.array(
      z.object({
        name: z.string(),
        /** Sent as the secret, never as a setting. */
        secret: z.boolean(),
        required: z.boolean(),
        /** Of several lines, such as a key in PEM. */
        multiline: z.literal(true).optional(),
        /** Asked for only in this way to sign in. */
        flow: z.string().optional(),
      }),
    ),
  }),
  abilities: z.object({
    changeTracking: Ability,
    window: Ability,
    push: Ability,
    write: Ability,
    restore: Ability,
    filter: Ability,
  }),
  defaultTables: z.array(z.object({ entity: z.string(), table: z.string(), enabledByDefault: z.boolean() })),
})
export type Connector = z.infer<typeof Connector>

/** GET /api/v1/connectors */
export const ConnectorList = z.object({ connectors: z.array(Connector) })
export type ConnectorList = z.infer<typeof ConnectorList>

/** POST /api/v1/connectors/:crm/discover */
export const DiscoverInput = z.object({ url: z.string().min(1).max(2000) })
export type DiscoverInput = z.infer<typeof DiscoverInput>

/** The address trimmed to its origin, and the settings that the organisation itself tells (authority, tenant). */
export const Discovery = z.object({ url: z.string(), settings: z.record(z.string(), z.string()) })
export type Discovery = z.infer<typeof Discovery>
