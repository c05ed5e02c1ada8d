import type { SyncedTable } from '#records/table.ts'
import type { AgentWorkflow } from './agent-workflow.ts'
import type { Part } from './configuration-parts.ts'

export type Right = 'read' | 'create' | 'write'

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
      named(name, timeline ? rights.map((right) => ({ entity: timeline.entity, right, fields: [] })) : []),
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

const named = (name: string, needs: readonly Bare[]): Need[] => needs.map((need) => ({ ...need, neededBy: [name] }))

function needsOf(part: Part, tables: readonly SyncedTable[]): Bare[] {
  if (part.kind === 'search') return searchNeeds(part, tables)
  if (part.kind === 'create') return [given(part.definition, 'create')]
  if (part.kind === 'update') return [given(part.definition, 'write')]
  if (part.kind === 'dynamic_data') {
    return part.definition.entities.map(({ entity, fields }) => ({
      ...{ entity, right: 'read' },
      fields: fields.map(({ field }) => field),
    }))
  }
  return part.definition.entities.flatMap(({ entity, target, rows }): Bare[] => {
    const fields = rows.map(({ field }) => field)
    const write: Bare = { entity, right: 'write', fields: target === 'activity' ? [] : fields }
    return target === 'activity' ? [{ entity, right: 'create', fields }, write] : [write]
  })
}

const given = ({ entity, fields }: { entity: string; fields: { field: string }[] }, right: Right): Bare => ({
  ...{ entity, right },
  fields: fields.map(({ field }) => field),
})

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
