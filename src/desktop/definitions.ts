/** What the parts of a CRM configuration say, as it is stored; checked when it is saved, and again whenever it is shown. */

export interface Policies {
  none: 'show' | 'create'
  /** The create workflow that `create` runs. */
  createId: string | null
  one: 'link' | 'show'
  many: 'link_best' | 'choose'
  prefer: ('exactness' | 'open_case' | 'last_spoken_with' | 'owner')[]
}

export type SearchDefinition =
  | ({ by: 'caller'; entities: string[]; where: 'hub' | 'hub_then_crm' } & Policies)
  | ({
      by: 'custom'
      entity: string
      match: 'all' | 'any'
      conditions: {
        field: string
        operator: 'is' | 'starts_with' | 'contains' | 'is_number' | 'is_email'
        value: string
      }[]
      order: { field: string; descending: boolean }[]
      where: 'hub' | 'crm' | 'hub_then_crm'
    } & Policies)

export interface DynamicDataDefinition {
  entities: { entity: string; fields: { field: string; label: string | null }[] }[]
}

export type Channel = 'voice' | 'digital'

export interface MappingRow {
  /** The CRM's. */
  field: string
  from: Channel | 'script'
  /** The contact centre's name of a field, or of a script variable in lower case. */
  data: string
}

export interface MappedEntity {
  entity: string
  target: 'activity' | 'linked' | 'related'
  rows: MappingRow[]
}

export interface MemorializationDefinition {
  channel: Channel | 'both'
  /** Where the contact ended first: whether status, disposition, notes and tags are written after all. */
  keepTyped: boolean
  entities: MappedEntity[]
}

/** `data`: a field of the interaction, or `script.` and a variable. */
export interface Condition {
  data: string
  operator: 'is' | 'is_not' | 'contains' | 'present' | 'absent' | 'no_match'
  value: string
}

export interface GivenField {
  field: string
  /** A template. */
  value: string
}

interface When {
  run: 'by_agent' | 'on_offered' | 'on_accepted' | 'on_closed'
  condition: Condition | null
}

export interface CreateDefinition extends When {
  standard: boolean
  entity: string
  fields: GivenField[]
  /** The new record is linked to the interaction. */
  link: boolean
}

export interface UpdateDefinition extends When {
  entity: string
  fields: GivenField[]
}

export type PartDefinition =
  | { kind: 'search'; definition: SearchDefinition }
  | { kind: 'dynamic_data'; definition: DynamicDataDefinition }
  | { kind: 'memorialization'; definition: MemorializationDefinition }
  | { kind: 'create'; definition: CreateDefinition }
  | { kind: 'update'; definition: UpdateDefinition }

export type PartKind = PartDefinition['kind']

export interface AgentWorkflowDefinition {
  /** Null: by the caller's number or address, over everything. */
  searchId: string | null
  dynamicDataIds: string[]
  /** The activity that each interaction becomes; null: none. */
  timeline: {
    entity: string
    subject: string /** It is completed when the interaction is over; absent: it is. */
    complete?: boolean
  } | null
  memorializationIds: string[]
  createIds: string[]
  updateIds: string[]
  dispositions: string[]
  tags: string[]
  screenPop: { when: 'never' | 'offered' | 'accepted'; how: 'card' | 'tab' | 'frame' }
  /** 0: an interaction has no wrap-up. */
  wrapUpMinutes: number
}

/** What is wrong with a part, or what it does that somebody may not expect. A part with an error is not saved. */
export interface Notice {
  level: 'warning' | 'error'
  code: NoticeCode
  entity: string | null
  field: string | null
  message: string
}

export type NoticeCode =
  | 'data_unknown'
  | 'entity_unknown'
  | 'field_unknown'
  | 'field_read_only'
  | 'filled_twice'
  | 'no_counterpart'
  | 'not_an_activity'
  | 'not_copied'
  | 'not_standard'
  | 'part_unknown'
  | 'required_missing'
  | 'text_cut'
  | 'too_many_other_fields'
  | 'too_many_text_fields'
  | 'type_unfit'
  | 'written_once'
