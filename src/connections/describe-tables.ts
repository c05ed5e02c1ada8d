import type { Connector } from '#connectors/connector.ts'
import type { DefaultTable } from '#connectors/default-table.ts'
import { isHubError } from '#core/errors.ts'
import type { CheckFindings } from './check.ts'
import type { Context } from './context.ts'
import { fitToSource, noteDropped } from './table-settings.ts'
import type { NewTable } from './table-store.ts'

// Descriptions are several calls each; more at once would look like a burst to the CRM.
const describedAtOnce = 4

export type WantedTable = Pick<DefaultTable, 'entity' | 'table' | 'enabledByDefault'> & Partial<DefaultTable>

export async function describeTables(
  context: Context,
  connector: Connector,
  { wanted, findings }: { wanted: readonly WantedTable[]; findings: CheckFindings },
): Promise<NewTable[]> {
  const waiting = [...wanted]
  const described = new Map<WantedTable, NewTable>()
  const work = async () => {
    for (let table = waiting.shift(); table; table = waiting.shift()) {
      const made = await describeTable(context, connector, { table, findings })
      if (made) described.set(table, made)
    }
  }
  await Promise.all(Array.from({ length: describedAtOnce }, work))
  return wanted.flatMap((table) => described.get(table) ?? [])
}

/** Null for a table that this organisation does not have, or does not show. */
async function describeTable(
  context: Context,
  connector: Connector,
  given: { table: WantedTable; findings: CheckFindings },
): Promise<NewTable | null> {
  const { table, findings } = given
  try {
    const source = await connector.describeTable(findings.session, table.table)
    const made = fitTable(source, isWhole(table) ? table : connector.suggestTable(source))
    const refusal = findings.unreadable.find(({ subject }) => subject === table.table || subject === table.entity)
    if (!refusal) return made
    const { message, mend } = refusal
    const problem = { code: 'crm.privilege_missing' as const, message, ...(mend === undefined ? {} : { mend }) }
    return { ...made, enabled: false, problem }
  } catch (error) {
    // What a person named is told of; of what the connector proposes, an organisation may lack some.
    if (
      !isWhole(table) ||
      !isHubError(error, 'crm.privilege_missing', 'crm.refused', 'resource.not_found', 'field.unknown')
    )
      throw error
    context.log.warn('a table is left out', { table: table.table, error })
    return null
  }
}

const isWhole = (table: WantedTable): table is DefaultTable => table.mapping !== undefined

/** A table as it will be copied from this organisation. */
function fitTable(source: NewTable['source'], table: DefaultTable): NewTable {
  const { columns, mapping, dropped } = fitToSource(table, source)
  const problem = dropped.length > 0 ? noteDropped(table.table, dropped) : null
  const schedule = table.scheduleSeconds === undefined ? {} : { scheduleSeconds: table.scheduleSeconds }
  return { entity: table.entity, enabled: table.enabledByDefault, source, columns, mapping, problem, ...schedule }
}

/** A table that the connection's own settings name: all else is told by its description. */
export const undescribed = (named: { entity: string; table: string }): WantedTable => ({
  ...named,
  enabledByDefault: true,
})

/** One more table, as it would be copied. */
export function proposedTable(connector: Connector, source: NewTable['source']): NewTable {
  const known = connector.defaultTables.find(({ table }) => table === source.name)
  return fitTable(source, { ...(known ?? connector.suggestTable(source)), enabledByDefault: true })
}
