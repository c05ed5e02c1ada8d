import type { CrmSession } from '#connectors/call.ts'
import type { Connector } from '#connectors/connector.ts'
import { destinationOf } from '#connectors/registry.ts'
import { isHubError } from '#core/errors.ts'
import type { SyncedTable } from '#records/table.ts'
import { columnOf } from './check-against.ts'
import { type Need, type Right, rightsNeeded, type WhatNeeds } from './rights-needed.ts'

export interface NeededRight {
  entity: string
  table: string
  right: Right
  /** Empty: the table as a whole. */
  fields: string[]
  state: 'granted' | 'missing' | 'unknown'
  neededBy: string[]
  mend: string | null
}

export interface AskRights {
  tables: readonly SyncedTable[]
  connector: Connector
  /** Null: the CRM cannot be asked now, and what is known of its tables has to do. */
  session: CrmSession | null
}

/** What the CRM's user must be able to do for all that is configured, and whether it is. */
export async function neededRights(configured: WhatNeeds, asked: AskRights): Promise<NeededRight[]> {
  const tells = destinationOf(asked.connector.manifest.crm) !== undefined
  // Where a CRM tells no privileges, it is not said to have any for pointing at records.
  const needs = rightsNeeded(configured, asked.tables).filter(({ right }) => tells || !right.startsWith('append'))
  const tables = asked.tables.filter(({ entity }) => needs.some((need) => need.entity === entity))
  const told = await askCrm(tables, asked)
  return needs.flatMap((need) => {
    const table = tables.find(({ entity }) => entity === need.entity)
    return table ? ofNeed(need, table, told) : []
  })
}

interface Told {
  /** By entity: null where it can be read, else how that is mended. */
  reads: Map<string, string | null>
  /** The vendor's names of rights that are missing, by table and right; empty: it is there. */
  writes: Map<string, string | null>
}

type State = Pick<NeededRight, 'state' | 'mend'>

function ofNeed({ entity, right, fields, neededBy }: Need, table: SyncedTable, told: Told): NeededRight[] {
  const row = { entity, table: table.source.name, right, neededBy }
  const whole = right === 'read' ? readState(table, told) : writeState(told.writes.get(`${row.table} ${right}`))
  const barred = fields.filter((field) => !isAllowed(table, field, right))
  const rest = fields.filter((field) => !barred.includes(field))
  const mend = `The CRM does not let ${right === 'read' ? 'these be read' : 'these be written'}; give its user the right, or take them out`
  return [
    { ...row, fields: [], ...whole },
    ...(rest.length > 0 ? [{ ...row, fields: rest, ...whole }] : []),
    ...(barred.length > 0 ? [{ ...row, fields: barred, state: 'missing' as const, mend }] : []),
  ]
}

function readState({ entity, problem }: SyncedTable, { reads }: Told): State {
  const mend = reads.get(entity)
  if (mend !== undefined) return { state: mend === null ? 'granted' : 'missing', mend }
  const kept = problem as { code?: string; mend?: string } | null
  if (kept?.code !== 'crm.privilege_missing') return { state: 'unknown', mend: null }
  return { state: 'missing', mend: kept.mend ?? null }
}

function writeState(missing: string | null | undefined): State {
  if (missing === undefined) return { state: 'unknown', mend: null }
  if (missing === null) return { state: 'granted', mend: null }
  return { state: 'missing', mend: `Give a role of the CRM's user the privilege ${missing}` }
}

function isAllowed(table: SyncedTable, field: string, right: Right): boolean {
  const column = columnOf(table, field)
  if (!column) return false
  if (right === 'read') return column.readable
  return right === 'create' ? column.creatable : column.updatable
}

async function askCrm(tables: readonly SyncedTable[], { connector, session }: AskRights): Promise<Told> {
  const told: Told = { reads: new Map(), writes: new Map() }
  if (!session) return told
  try {
    for (const { entity, source } of tables) {
      for await (const { ok, mend, message } of connector.checkTables(session, [source.name])) {
        told.reads.set(entity, ok ? null : (mend ?? message))
      }
    }
    await askPrivileges(session, tables, { connector, told })
  } catch (error) {
    // What was told before it stands.
    if (!isHubError(error)) throw error
  }
  return told
}

/** Where the CRM tells the privileges of its user. */
async function askPrivileges(
  session: CrmSession,
  tables: readonly SyncedTable[],
  { connector, told }: { connector: Connector; told: Told },
): Promise<void> {
  const ability = destinationOf(connector.manifest.crm)
  const names = tables.map(({ source }) => source.name)
  const rights = ability ? await ability.rights(session, names, false) : []
  for (const { name, table, verb, has } of rights) told.writes.set(`${table} ${verb}`, has ? null : name)
}
