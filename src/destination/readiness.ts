import type { Connection } from '#connections/connection.ts'
import { isHubError } from '#core/errors.ts'
import type { SourceTable } from '#model/field.ts'
import { sourceColumns } from '#model/source-columns.ts'
import { listTables, type SyncedTable } from '#records/table.ts'
import { optionOf } from './convert.ts'
import type { Destination } from './destination.ts'
import { linesFor, mappingOf } from './mapping.ts'
import { mendLines, shownLines } from './mend-lines.ts'
import { planLine } from './plan.ts'
import { labelOf } from './sources.ts'
import { abilityOf, type DestinationParts, ownTables } from './target.ts'

/** What must be so before rows are written, as the vendor's documents and the organisation itself ask for it. */
export type RequirementName =
  | 'organisation'
  | 'user'
  | 'rights'
  | 'tables'
  | 'columns'
  | 'choices'
  | 'sources'
  | 'first_copy'
  | 'mapping'
  | 'licence'
  | 'flows'

export interface Requirement {
  name: RequirementName
  /** Of which table or connection. */
  subject: string | null
  /** `asked`: only a person can know. */
  state: 'met' | 'unmet' | 'asked' | 'not_needed'
  message: string
  mend: string | null
  /** Nothing is written before it is met. */
  blocks: boolean
  /** The hub makes it, with consent: column or choice, by name. */
  makes: { table: string; column: string; option: string | null } | null
}

interface Context {
  parts: ReadinessParts
  destination: Destination
  tables: SyncedTable[]
  own: Map<string, SourceTable>
}

export interface ReadinessParts extends Pick<DestinationParts, 'pool' | 'session' | 'connectorOf'> {
  findConnection(id: string): Promise<Connection>
  listConnections(): Promise<Connection[]>
}

/** Each prerequisite, checked now and named, in the order in which a person would see to them. */
export async function checkReadiness(parts: ReadinessParts, destination: Destination): Promise<Requirement[]> {
  const tables = await listTables(parts.pool)
  const organisation = await checkOrganisation(parts, destination)
  const context: Context = { parts, destination, tables, own: new Map() }
  const reached = organisation.every(({ state }) => state === 'met')
  const there = reached ? await checkThere(context) : []
  return [...organisation, ...there, ...(await checkSources(context)), ...(await checkMapping(context)), ...told]
}

const met = (name: RequirementName, message: string, subject: string | null = null): Requirement => ({
  ...{ name, subject, state: 'met', message, mend: null, blocks: false, makes: null },
})

const unmet = (name: RequirementName, message: string, more: Partial<Requirement>): Requirement => ({
  ...{ name, subject: null, state: 'unmet', message, mend: null, blocks: true, makes: null },
  ...more,
})

async function checkOrganisation(parts: ReadinessParts, destination: Destination): Promise<Requirement[]> {
  const connection = await parts.findConnection(destination.connectionId)
  try {
    const session = await parts.session(connection.id)
    const { userId } = await parts.connectorOf(connection.crm).identify(session)
    return [
      met('organisation', `${new URL(connection.url).host} answers.`, connection.name),
      met('user', `The application user ${userId} is known there.`, connection.name),
    ]
  } catch (error) {
    if (!isHubError(error)) throw error
    const name = error.code === 'crm.no_user' ? 'user' : 'organisation'
    const mend = error.detail.mend ?? 'Check the connection.'
    return [unmet(name, error.message, { subject: connection.name, mend })]
  }
}

async function checkThere(context: Context): Promise<Requirement[]> {
  const { parts, destination, tables, own } = context
  const connection = await parts.findConnection(destination.connectionId)
  const connector = parts.connectorOf(connection.crm)
  const session = await parts.session(connection.id)
  const found: Requirement[] = []
  for (const entity of destination.entities) {
    const known = ownTables(tables, destination).get(entity)
    try {
      // As it is now, not as it was when it was last described.
      own.set(entity, await connector.describeTable(session, entity))
      if (known) found.push(met('tables', 'The table is there, and part of the connection.', entity))
      else
        found.push(
          unmet('tables', 'The connection does not have the table.', {
            subject: entity,
            mend: `Add the table ${entity} to the connection.`,
          }),
        )
    } catch (error) {
      if (!isHubError(error)) throw error
      found.push(unmet('tables', error.message, { subject: entity, mend: error.detail.mend ?? null }))
    }
  }
  const rights = await abilityOf(connector)
    .rights(session, destination.entities, destination.onDelete === 'delete')
    .catch((error: unknown) => (isHubError(error) ? error.message : Promise.reject(error)))
  found.push(...rightsOf(rights, destination))
  for (const [entity, table] of own) found.push(...columnsOf(context, entity, table))
  return found
}

type Rights = Awaited<ReturnType<ReturnType<typeof abilityOf>['rights']>> | string

function rightsOf(rights: Rights, { entities }: Destination): Requirement[] {
  if (typeof rights === 'string') {
    const mend = 'See that the application user has a security role that creates, reads and writes account and contact.'
    return [
      unmet('rights', `The user's privileges could not be read: ${rights}`, { state: 'asked', blocks: false, mend }),
    ]
  }
  return entities.map((entity) => {
    const lacking = rights.filter(({ table, has }) => table === entity && !has).map(({ name }) => name)
    if (lacking.length === 0)
      return met('rights', 'The application user may create, read, write and link rows.', entity)
    const names = lacking.join(', ')
    const mend = `Give the application user a security role with ${names} at organisation level.`
    return unmet('rights', `The application user lacks ${names}.`, { subject: entity, mend })
  })
}

/** Lengths that the vendor's ids and addresses fit in. */
export const newColumns = {
  [sourceColumns.crm]: { label: 'Source CRM', maxLength: 100 },
  [sourceColumns.id]: { label: 'Source CRM ID', maxLength: 100 },
  [sourceColumns.url]: { label: 'Source CRM URL', maxLength: 500 },
}

function columnsOf(context: Context, entity: string, table: SourceTable): Requirement[] {
  const found: Requirement[] = []
  for (const [column, { label }] of Object.entries(newColumns)) {
    const field = table.fields.find(({ name }) => name === column)
    const makes = { table: entity, column, option: null }
    if (!field) {
      const mend = `Install the connector solution of the contact centre there, or let the hub make the column.`
      found.push(unmet('columns', `There is no column ${label} (${column}).`, { subject: entity, mend, makes }))
      continue
    }
    const takes =
      field.type === 'text' || field.type === 'memo' || (column === sourceColumns.crm && field.type === 'choice')
    const writable = field.creatable && field.updatable
    if (takes && writable) found.push(met('columns', `${label} (${column}) is a ${field.type} column.`, entity))
    else {
      const why = takes ? 'cannot be written' : `is of type ${field.type}`
      found.push(
        unmet('columns', `${column} ${why}.`, {
          subject: entity,
          mend: 'Have it made a text column that can be written.',
        }),
      )
    }
    if (column === sourceColumns.crm && field.type === 'choice') found.push(...choicesOf(context, entity, table))
  }
  return found
}

function choicesOf({ parts, tables, destination }: Context, entity: string, table: SourceTable): Requirement[] {
  const field = table.fields.find(({ name }) => name === sourceColumns.crm)!
  const others = tables.filter((one) => one.connectionId !== destination.connectionId && one.entity === entity)
  const labels = new Set(others.map((one) => labelOf(parts.connectorOf(one.crm), one)))
  return [...labels].map((label) => {
    const value = optionOf(field, label)
    if (value !== null) return met('choices', `“${label}” is choice ${value} of ${sourceColumns.crm}.`, entity)
    const mend = `Add the choice there, or let the hub add it.`
    const makes = { table: entity, column: sourceColumns.crm, option: label }
    return unmet('choices', `${sourceColumns.crm} is a choice without “${label}”.`, { subject: entity, mend, makes })
  })
}

async function checkSources({ parts, destination, tables }: Context): Promise<Requirement[]> {
  const others = (await parts.listConnections()).filter(({ id }) => id !== destination.connectionId)
  if (others.length === 0) {
    const mend = 'Connect a CRM whose accounts and contacts are to be written.'
    return [unmet('sources', 'No other organisation is connected: there is nothing to write.', { mend, blocks: false })]
  }
  return others.flatMap(({ id, name }) => {
    const copied = tables.filter((table) => table.connectionId === id && isOne(destination.entities, table.entity))
    const enabled = copied.filter((table) => table.enabled)
    const lacking = destination.entities.filter((entity) => !enabled.some((table) => table.entity === entity))
    if (lacking.length > 0) {
      const mend = `Copy ${lacking.join(' and ')} of this connection: both tables together keep a contact with its account.`
      return [unmet('sources', `It does not copy ${lacking.join(' and ')}.`, { subject: name, mend, blocks: false })]
    }
    const waiting = enabled.filter(({ firstPassAt }) => firstPassAt === null).map(({ entity }) => entity)
    const chosen = met('sources', 'Accounts and contacts of this connection are copied.', name)
    if (waiting.length === 0) return [chosen, met('first_copy', 'The first copy is whole.', name)]
    const mend = 'Nothing: they are written as soon as the first copy has ended.'
    return [
      chosen,
      unmet('first_copy', `The first copy of ${waiting.join(' and ')} is under way.`, {
        subject: name,
        mend,
        blocks: false,
      }),
    ]
  })
}

const isOne = (entities: readonly string[], entity: string) => entities.includes(entity)

async function checkMapping(context: Context): Promise<Requirement[]> {
  const { destination, tables, own, parts } = context
  const names = new Map((await parts.listConnections()).map(({ id, name }) => [id, name]))
  return [...own].flatMap(([entity, to]) => {
    const sources = tables.filter((one) => one.connectionId !== destination.connectionId && one.entity === entity)
    return [...Map.groupBy(sources, ({ crm }) => crm)].flatMap(([crm, alike]) => {
      const checked = alike.map((table) => ({ ...filledBy(context, table, to), name: names.get(table.connectionId) }))
      const [first] = checked
      // Organisations of one kind mostly have the same columns: said once for all of them.
      if (checked.every(({ message }) => message === first!.message)) {
        return [{ ...met('mapping', first!.message, `${crm} ${entity}`), mend: first!.mend }]
      }
      return checked.map(({ message, mend, name }) => ({
        ...met('mapping', message, `${crm} ${entity} (${name})`),
        mend,
      }))
    })
  })
}

/** Which of its kind's columns this table fills. */
function filledBy({ destination }: Context, table: SyncedTable, to: SourceTable) {
  const lines = linesFor(mappingOf(destination.mapping), table)
  const left = lines.flatMap((line) => {
    const why = planLine(line, { table, to, entities: destination.entities })
    return typeof why === 'string' ? [{ line, why }] : []
  })
  if (left.length === 0) return { message: `${lines.length} columns are filled.`, mend: null }
  const names = shownLines(left, table)
  const message = `${lines.length - left.length} of ${lines.length} columns are filled; left out: ${names}.`
  return { message, mend: mendLines(left, table) }
}

/** Prerequisites of the vendor's document that the hub cannot see, or does not need. */
const told: Requirement[] = [
  {
    ...met('licence', 'A licence of Dynamics 365 Contact Center; no interface tells whether there is one.'),
    state: 'asked',
    mend: 'Ask whoever administers the licences.',
  },
  {
    ...met(
      'flows',
      'Power Automate and Power Apps in one environment, imported flows, their connections: the hub writes by itself.',
    ),
    state: 'not_needed',
  },
]
