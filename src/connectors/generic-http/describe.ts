import { hash } from 'node:crypto'
import type { CrmSession } from '#connectors/call.ts'
import type { CheckStep, Identity, TableScope } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import { type Definition, definitionOf, tableOf } from './definition.ts'
import { sourceTable } from './fields.ts'
import { firstLink, readListPage } from './pages.ts'
import { readByIds } from './read-by-ids.ts'
import { rowId } from './row-values.ts'
import { suggestFields } from './suggest-fields.ts'

/** Records that fields are suggested from. */
const looked = 100
const first = { lane: 'person', pageSize: looked } as const

/** Ids hang on it: the name that the definition gives, else the base address. */
function organisationOf({ organisation, baseUrl }: Definition): string {
  const { host, pathname } = new URL(baseUrl)
  return organisation ?? `${host}${pathname.replace(/\/+$/, '')}`
}

/** An API has no word for who is calling: that it lists its first table proves that the credentials are taken. */
export async function identify(session: CrmSession): Promise<Identity> {
  const definition = definitionOf(session)
  const [table] = definition.tables
  await readListPage(session, firstLink(scopeOf(table!.entity, definition), { kind: 'query' }), first)
  const asked = definition.tables.map(({ fields: _fields, label: _label, ...rest }) => rest)
  return {
    organisation: organisationOf(definition),
    userId: definition.authentication.kind,
    // Other requests may show other records.
    sight: hash('sha256', JSON.stringify([definition.baseUrl, asked])).slice(0, 16),
  }
}

function scopeOf(entity: string, definition: Definition): TableScope {
  return { table: sourceTable(tableOf(definition, entity), []), columns: [], filter: null }
}

export async function describeTable(session: CrmSession, name: string): Promise<SourceTable> {
  const definition = definitionOf(session)
  const table = tableOf(definition, name)
  if (table.fields) return sourceTable(table, [])
  const page = await readListPage(session, firstLink(scopeOf(name, definition), { kind: 'query' }), first)
  if (page.rows.length === 0) {
    throw new HubError('crm.refused', `The list of ${name} is empty, so that nothing shows what its records hold`, {
      mend: 'Name the table’s fields in the definition.',
    })
  }
  const entities = definition.tables.map(({ entity }) => entity)
  return sourceTable(table, suggestFields(page.rows.slice(0, looked), entities))
}

export function listTables(session: CrmSession): Promise<{ name: string; labels: Record<string, string> }[]> {
  const { tables } = definitionOf(session)
  return Promise.resolve(tables.map(({ entity, label }) => ({ name: entity, labels: { en: label ?? entity } })))
}

/** Reads the first page of each table, and one record of it in the way that pushes are settled. */
export async function* checkTables(session: CrmSession, tables: readonly string[]): AsyncGenerator<CheckStep> {
  for (const name of tables) yield await checkTable(session, name)
}

async function checkTable(session: CrmSession, name: string): Promise<CheckStep> {
  try {
    const definition = definitionOf(session)
    const scope = scopeOf(name, definition)
    const page = await readListPage(session, firstLink(scope, { kind: 'query' }), first)
    const id = page.rows[0] && rowId(page.table, page.rows[0])
    if (page.rows.length > 0 && id === null) {
      const mend = 'Give the path of the records’ id in the definition.'
      return {
        check: 'table',
        subject: name,
        ok: false,
        message: `A record of ${name} has no id at “${page.table.id}”.`,
        mend,
      }
    }
    if (id && page.table.item) await readByIds(session, scope, [id], 'person')
    return {
      check: 'table',
      subject: name,
      ok: true,
      message: `${name} can be read: ${page.rows.length} on its first page.`,
    }
  } catch (error) {
    // An outage says nothing of the definition.
    if (
      !isHubError(
        error,
        'crm.privilege_missing',
        'crm.refused',
        'crm.body_invalid',
        'crm.pages_unsound',
        'resource.not_found',
      )
    )
      throw error
    const { mend = 'Try the table in the definition.' } = error.detail
    return { check: 'table', subject: name, ok: false, message: error.message, mend }
  }
}

/** About how many, where the reply tells. */
export async function estimate(session: CrmSession, scope: TableScope): Promise<number | null> {
  const table = tableOf(definitionOf(session), scope.table.name)
  if (table.total === undefined) return null
  return (await readListPage(session, firstLink(scope, { kind: 'query' }), { lane: 'initial', pageSize: 1 })).total
}
