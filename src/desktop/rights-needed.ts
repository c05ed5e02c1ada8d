import type { SyncedTable } from '#records/table.ts'
import { ownerRole } from '#records/view.ts'
import type { AgentWorkflow } from './agent-workflow.ts'
import type { Part } from './configuration-parts.ts'

/** To point at a record, one must be let append its own, and append to what is pointed at. */
export type Right = 'read' | 'create' | 'write' | 'append' | 'append_to'

/** A right on a table, and on fields of it, that something configured cannot do without. */
export interface Need {
  entity: string
  right: Right
  fields: string[]
  /** Names of parts and agent workflows. */
  neededBy: string[]
}

export interface WhatNeeds {
  parts: readonly Part[]
  agentWorkflows: readonly AgentWorkflow[]
}

const rights = ['create', 'write'] as const

/** Each table and right once. */
export function rightsNeeded({ parts, agentWorkflows }: WhatNeeds, tables: readonly SyncedTable[]): Need[] {
  const needs = [
    ...parts.filter(({ active }) => active).flatMap((part) => named(part.name, needsOf(part, tables))),
    // An activity is made first, and follows what changes later.
    ...agentWorkflows.flatMap(({ name, definition: { timeline } }) =>
      named(name, timeline ? activityNeeds(timeline.entity, tables) : []),
    ),
  ]
  const together = new Map<string, Need>()
  for (const { entity, right, fields, neededBy } of needs) {
    const before = together.get(`${entity} ${right}`)
    together.set(`${entity} ${right}`, {
      ...{ entity, right },
      fields: [...new Set([...(before?.fields ?? []), ...fields])].sort(),
      neededBy: [...new Set([...(before?.neededBy ?? []), ...neededBy])],
    })
  }
  return [...together.values()].sort((a, b) => (`${a.entity} ${a.right}` < `${b.entity} ${b.right}` ? -1 : 1))
}

type Bare = Omit<Need, 'neededBy'>

/** It points at whomever it is about, and at who took part. */
function activityNeeds(entity: string, tables: readonly SyncedTable[]): Bare[] {
  const table = tables.find((one) => one.entity === entity)
  const pointers = [
    ...(table?.mapping.relations ?? []).map(({ from }) => from),
    ...(table?.source.fields ?? []).filter(({ type }) => type === 'parties').map(({ name }) => name),
  ]
  return [...rights.map((right) => ({ entity, right, fields: [] })), ...pointing(entity, pointers, tables)]
}

/** Of these fields, those that point at records that the hub knows. */
function pointing(entity: string, fields: readonly string[], tables: readonly SyncedTable[]): Bare[] {
  const table = tables.find((one) => one.entity === entity)
  // Whose it is is no pointer: that takes rights of another kind.
  const owners = table?.mapping.relations.filter(({ role }) => role === ownerRole).map(({ from }) => from)
  const named = table?.source.fields.filter(({ name }) => fields.includes(name) && !owners?.includes(name))
  const targets = new Set((named ?? []).flatMap((field) => field.targets ?? []))
  const known = tables.filter(({ enabled, source }) => enabled && targets.has(source.name))
  if (known.length === 0) return []
  return [
    { entity, right: 'append', fields: [] },
    ...known.map((one): Bare => ({ entity: one.entity, right: 'append_to', fields: [] })),
  ]
}

const named = (name: string, needs: readonly Bare[]): Need[] => needs.map((need) => ({ ...need, neededBy: [name] }))

function needsOf(part: Part, tables: readonly SyncedTable[]): Bare[] {
  if (part.kind === 'search') return searchNeeds(part, tables)
  if (part.kind === 'create') return given(part.definition, 'create', tables)
  if (part.kind === 'update') return given(part.definition, 'write', tables)
  if (part.kind === 'dynamic_data') {
    return part.definition.entities.map(({ entity, fields }) => ({
      ...{ entity, right: 'read' },
      fields: fields.map(({ field }) => field),
    }))
  }
  return part.definition.entities.flatMap(({ entity, target, rows }): Bare[] => {
    const fields = rows.map(({ field }) => field)
    const own = pointing(entity, fields, tables)
    if (target !== 'activity') return [{ entity, right: 'write', fields }, ...own]
    return [{ entity, right: 'create', fields }, ...activityNeeds(entity, tables), ...own]
  })
}

function given(
  { entity, fields }: { entity: string; fields: { field: string }[] },
  right: Right,
  tables: readonly SyncedTable[],
): Bare[] {
  const names = fields.map(({ field }) => field)
  return [{ entity, right, fields: names }, ...pointing(entity, names, tables)]
}

function searchNeeds({ definition }: Extract<Part, { kind: 'search' }>, tables: readonly SyncedTable[]): Bare[] {
  if (definition.by === 'custom') {
    const { entity, conditions, order } = definition
    return [{ entity, right: 'read', fields: [...conditions, ...order].map(({ field }) => field) }]
  }
  const searched = tables.filter(({ entity, enabled, mapping: { phones, emails } }) =>
    definition.entities.length > 0
      ? definition.entities.includes(entity)
      : enabled && phones.length + emails.length > 0,
  )
  return searched.map(({ entity, mapping: { phones, emails }, source }) => ({
    ...{ entity, right: 'read' },
    fields: [...phones, ...emails].filter((name) => source.fields.some((field) => field.name === name)),
  }))
}
