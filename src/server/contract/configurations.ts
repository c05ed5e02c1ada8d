import { z } from 'zod'
import { EntityName, GivenName, Id, Problem, Time } from './shapes.ts'

/** The CRM's name of a field. */
const FieldName = z.string().trim().min(1).max(200)
const Description = z.string().max(2_000).default('')

/** POST /api/v1/crm-configurations */
export const ConfigurationInput = z.strictObject({
  name: GivenName,
  description: Description,
  connectionId: Id,
  /** Pages of the CRM are opened there and nowhere else: an origin. The connection's own when left out. */
  screenPopDomain: z.string().trim().min(1).max(500).optional(),
  /** Who uses it; both empty: everybody. */
  teamIds: z.array(Id).max(200).default([]),
  personIds: z.array(Id).max(1_000).default([]),
})
export type ConfigurationInput = z.infer<typeof ConfigurationInput>

/** PATCH /api/v1/crm-configurations/:id; what is not named stays. */
export const ConfigurationChange = z.strictObject({
  name: GivenName.optional(),
  description: z.string().max(2_000).optional(),
  screenPopDomain: z.string().trim().min(1).max(500).optional(),
  teamIds: z.array(Id).max(200).optional(),
  personIds: z.array(Id).max(1_000).optional(),
  state: z.enum(['active', 'off']).optional(),
  version: z.number().int(),
})
export type ConfigurationChange = z.infer<typeof ConfigurationChange>

/** `needs_attention`: its connection does, and it waits; it keeps everything and comes back with it. */
export const Configuration = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  connectionId: Id,
  connectionName: z.string(),
  crm: z.string(),
  authentication: z.object({ id: Id, name: z.string() }),
  screenPopDomain: z.string(),
  teamIds: z.array(Id),
  personIds: z.array(Id),
  state: z.enum(['active', 'off', 'needs_attention']),
  problem: Problem.nullable(),
  parts: z.object({
    search: z.number().int(),
    dynamicData: z.number().int(),
    memorialization: z.number().int(),
    create: z.number().int(),
    update: z.number().int(),
    agentWorkflows: z.number().int(),
  }),
  version: z.number().int(),
  createdBy: z.string(),
  createdAt: Time,
  changedAt: Time,
})
export type Configuration = z.infer<typeof Configuration>
export const ConfigurationList = z.object({ configurations: z.array(Configuration) })
export type ConfigurationList = z.infer<typeof ConfigurationList>

/** A text in which `{name}` stands for a field of the interaction and `{script.name}` for a script variable. */
export const Template = z.string().max(10_000)

/** What to do when the search ends: with nothing, one record, or several. */
const Policies = {
  none: z.enum(['show', 'create']).default('show'),
  /** The create workflow that `create` runs. */
  createId: Id.nullable().default(null),
  one: z.enum(['link', 'show']).default('link'),
  many: z.enum(['link_best', 'choose']).default('choose'),
  /** What decides between several, the strongest first. */
  prefer: z
    .array(z.enum(['exactness', 'open_case', 'last_spoken_with', 'owner']))
    .max(4)
    .default(['exactness', 'open_case', 'last_spoken_with', 'owner']),
}

/** `hub`: no CRM is asked; `hub_then_crm`: only where the hub finds nothing. */
const SearchDefinition = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('caller'),
    /** Empty: every entity that has numbers or addresses. */
    entities: z.array(EntityName).max(20).default([]),
    where: z.enum(['hub', 'hub_then_crm']).default('hub'),
    ...Policies,
  }),
  z.strictObject({
    by: z.literal('custom'),
    entity: EntityName,
    match: z.enum(['all', 'any']).default('all'),
    conditions: z
      .array(
        z.strictObject({
          field: FieldName,
          operator: z.enum(['is', 'starts_with', 'contains', 'is_number', 'is_email']),
          value: Template.min(1),
        }),
      )
      .min(1)
      .max(10),
    order: z
      .array(z.strictObject({ field: FieldName, descending: z.boolean().default(false) }))
      .max(3)
      .default([]),
    where: z.enum(['hub', 'crm', 'hub_then_crm']).default('hub'),
    ...Policies,
  }),
])
export type SearchDefinition = z.infer<typeof SearchDefinition>

const DynamicDataDefinition = z.strictObject({
  entities: z
    .array(
      z.strictObject({
        entity: EntityName,
        fields: z
          .array(z.strictObject({ field: FieldName, label: z.string().trim().max(100).nullable().default(null) }))
          .min(1)
          .max(50),
      }),
    )
    .min(1)
    .max(30),
})
export type DynamicDataDefinition = z.infer<typeof DynamicDataDefinition>

const MemorializationDefinition = z.strictObject({
  channel: z.enum(['voice', 'digital', 'both']),
  /** Where the contact ended first: whether status, disposition, notes and tags are written after all. */
  keepTyped: z.boolean().default(false),
  entities: z
    .array(
      z.strictObject({
        entity: EntityName,
        /** `activity`: the interaction's own activity; `linked`: linked records; `related`: what those point at. */
        target: z.enum(['activity', 'linked', 'related']).default('linked'),
        rows: z
          .array(
            z.strictObject({
              field: FieldName,
              from: z.enum(['voice', 'digital', 'script']),
              /** The contact centre's name of a field, or of a script variable in lower case. */
              data: z.string().trim().min(1).max(200),
            }),
          )
          .min(1)
          .max(100),
      }),
    )
    .min(1)
    .max(30),
})
export type MemorializationDefinition = z.infer<typeof MemorializationDefinition>

const GivenFields = z.array(z.strictObject({ field: FieldName, value: Template })).max(100)

/** When a workflow runs: by the agent's hand, or by itself when the condition holds at this moment. */
const When = {
  run: z.enum(['by_agent', 'on_offered', 'on_accepted', 'on_closed']).default('by_agent'),
  condition: z
    .strictObject({
      data: z.string().trim().min(1).max(200),
      operator: z.enum(['is', 'is_not', 'contains', 'present', 'absent', 'no_match']),
      value: z.string().max(1_000).default(''),
    })
    .nullable()
    .default(null),
}

/** `standard`: the standard fields of its entity, and only those. */
const CreateDefinition = z.strictObject({
  standard: z.boolean().default(true),
  entity: EntityName,
  fields: GivenFields.min(1),
  /** The new record is linked to the interaction. */
  link: z.boolean().default(true),
  ...When,
})
export type CreateDefinition = z.infer<typeof CreateDefinition>

/** Of the linked records of this entity. */
const UpdateDefinition = z.strictObject({ entity: EntityName, fields: GivenFields.min(1), ...When })
export type UpdateDefinition = z.infer<typeof UpdateDefinition>

const part = { name: GivenName, description: Description, active: z.boolean().default(true) }

/** POST /api/v1/crm-configurations/:id/parts; a change sends the whole with its version. */
export const PartInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('search'), definition: SearchDefinition, ...part }),
  z.strictObject({ kind: z.literal('dynamic_data'), definition: DynamicDataDefinition, ...part }),
  z.strictObject({ kind: z.literal('memorialization'), definition: MemorializationDefinition, ...part }),
  z.strictObject({ kind: z.literal('create'), definition: CreateDefinition, ...part }),
  z.strictObject({ kind: z.literal('update'), definition: UpdateDefinition, ...part }),
])
export type PartInput = z.infer<typeof PartInput>
export const PartChange = z.strictObject({ version: z.number().int(), part: PartInput })

/** What a mapping does that somebody may not expect: a text that will be cut, a field that is read only since. */
const PartNotice = z.object({
  level: z.enum(['warning', 'error']),
  code: z.string(),
  entity: EntityName.nullable(),
  field: z.string().nullable(),
  message: z.string(),
})
export type PartNotice = z.infer<typeof PartNotice>

const stored = {
  id: Id,
  configurationId: Id,
  name: z.string(),
  description: z.string(),
  active: z.boolean(),
  notices: z.array(PartNotice),
  /** Agent workflows that name it. */
  usedBy: z.array(z.object({ id: Id, name: z.string() })),
  version: z.number().int(),
  createdBy: z.string(),
  createdAt: Time,
  changedAt: Time,
}
export const Part = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('search'), definition: SearchDefinition, ...stored }),
  z.object({ kind: z.literal('dynamic_data'), definition: DynamicDataDefinition, ...stored }),
  z.object({ kind: z.literal('memorialization'), definition: MemorializationDefinition, ...stored }),
  z.object({ kind: z.literal('create'), definition: CreateDefinition, ...stored }),
  z.object({ kind: z.literal('update'), definition: UpdateDefinition, ...stored }),
])
export type Part = z.infer<typeof Part>
export const PartList = z.object({ parts: z.array(Part) })
export type PartList = z.infer<typeof PartList>
/** POST …/parts/check: what saving it would say, without saving. */
export const PartCheck = z.object({ notices: z.array(PartNotice) })
export type PartCheck = z.infer<typeof PartCheck>

/** What the CRM's user must be able to do for what is configured, and what is missing. */
export const NeededRights = z.object({
  rights: z.array(
    z.object({
      entity: EntityName,
      table: z.string(),
      /** Of a record that is pointed at others: `append` on its own table, `append_to` on theirs. */
      right: z.enum(['read', 'create', 'write', 'append', 'append_to']),
      /** Empty: the table as a whole. */
      fields: z.array(z.string()),
      state: z.enum(['granted', 'missing', 'unknown']),
      neededBy: z.array(z.string()),
      mend: z.string().nullable(),
    }),
  ),
})
export type NeededRights = z.infer<typeof NeededRights>

/** Entities of the configuration's CRM, with what each mapping may use of them. */
export const ConfigurationFields = z.object({
  entities: z.array(
    z.object({
      entity: EntityName,
      labels: z.record(z.string(), z.string()),
      /** Whether the hub copies it. */
      copied: z.boolean(),
      custom: z.boolean(),
      /** What an interaction may become: it is about another record. */
      activity: z.boolean(),
      /** The standard fields of a standard create; empty where there is none. */
      standardFields: z.array(z.string()),
      fields: z.array(
        z.object({
          field: z.string(),
          labels: z.record(z.string(), z.string()),
          type: z.string(),
          maxLength: z.number().int().nullable(),
          required: z.boolean(),
          creatable: z.boolean(),
          updatable: z.boolean(),
        }),
      ),
    }),
  ),
  /** What an interaction tells, by channel. */
  data: z.array(z.object({ name: z.string(), channels: z.array(z.enum(['voice', 'digital'])), type: z.string() })),
  limits: z.object({ textFields: z.number().int(), otherFields: z.number().int() }),
})
export type ConfigurationFields = z.infer<typeof ConfigurationFields>
