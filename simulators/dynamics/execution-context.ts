import { randomUUID } from 'node:crypto'
import type { Change, Organization } from './organization.ts'
import type { Column, Fields, Value } from './schema.ts'
import type { Entry, Table } from './table.ts'

const CONTRACTS = 'http://schemas.microsoft.com/xrm/2011/Contracts'
const ZERO = '00000000-0000-0000-0000-000000000000'

export type Message = 'Create' | 'Update' | 'Delete' | 'Assign'

/** The body of a webhook: a RemoteExecutionContext as asynchronous steps post it. */
export function executionContext(
  org: Organization,
  change: Change,
  message: Message,
  step: Entry,
): Record<string, unknown> {
  const { table, after, userId } = change
  const { definition } = table
  const primary = { key: 'AsynchronousStepPrimaryName', value: image(table, after) }
  const outputs = message === 'Create' ? [{ key: 'id', value: after.id }] : []
  const context = {
    BusinessUnitId: org.seedData.businessUnit,
    CorrelationId: randomUUID(),
    Depth: 1,
    InitiatingUserAgent: null,
    InitiatingUserAzureActiveDirectoryObjectId: ZERO,
    InitiatingUserId: userId,
    InputParameters: inputs(table, change, message),
    IsExecutingOffline: false,
    IsInTransaction: false,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: message,
    Mode: 1,
    OperationCreatedOn: jsonDate(after.at),
    OperationId: randomUUID(),
    OrganizationId: org.id,
    OrganizationName: org.name,
    OutputParameters: outputs,
    OwningExtension: {
      Id: step.id,
      KeyAttributes: [],
      LogicalName: 'sdkmessageprocessingstep',
      Name: step.fields.name ?? null,
      RowVersion: null,
    },
    PostEntityImages: message === 'Delete' ? [] : [primary],
    PreEntityImages: message === 'Delete' ? [primary] : [],
    PrimaryEntityId: after.id,
    PrimaryEntityName: definition.logical,
    RequestId: randomUUID(),
    SecondaryEntityName: 'none',
    SharedVariables: [{ key: 'IsAutoTransact', value: true }],
    Stage: 40,
    UserAzureActiveDirectoryObjectId: ZERO,
    UserId: userId,
  }
  return {
    ...context,
    ParentContext: { ...context, Stage: 30, ParentContext: null, OwningExtension: context.OwningExtension },
  }
}

const jsonDate = (ms: number) => `/Date(${Math.floor(ms / 1000) * 1000})/`

function inputs(table: Table, change: Change, message: Message): unknown[] {
  const { after, changed } = change
  if (message === 'Delete') return [{ key: 'Target', value: reference(table.definition.logical, after.id) }]
  if (message === 'Assign')
    return [
      { key: 'Target', value: reference(table.definition.logical, after.id) },
      {
        key: 'Assignee',
        value: reference(
          String(after.fields['_ownerid_value@type'] ?? 'systemuser'),
          String(after.fields._ownerid_value),
        ),
      },
    ]
  const stamps = ['modifiedon', '_modifiedby_value', ...(message === 'Create' ? ['createdon', '_createdby_value'] : [])]
  const names = message === 'Create' ? Object.keys(after.fields).filter((n) => !n.includes('@')) : changed
  const attributes = [...new Set([...names, ...stamps])].flatMap((wire) => attribute(table, after.fields, wire))
  attributes.push({ key: 'modifiedonbehalfby', value: null }, { key: table.definition.pk, value: after.id })
  return [
    { key: 'Target', value: entity(table, after, attributes) },
    ...(message === 'Update' ? [{ key: 'ConcurrencyBehavior', value: 0 }] : []),
  ]
}

function entity(table: Table, entry: Entry, Attributes: unknown[]): Record<string, unknown> {
  return {
    __type: `Entity:${CONTRACTS}`,
    Attributes,
    EntityState: null,
    FormattedValues: [],
    Id: entry.id,
    KeyAttributes: [],
    LogicalName: table.definition.logical,
    RelatedEntities: [],
    RowVersion: String(entry.version),
  }
}

function image(table: Table, entry: Entry): Record<string, unknown> {
  const { pk, nameColumn } = table.definition
  return entity(table, entry, [{ key: pk, value: entry.id }, ...attribute(table, entry.fields, nameColumn)])
}

const reference = (LogicalName: string, Id: string) => ({
  __type: `EntityReference:${CONTRACTS}`,
  Id,
  KeyAttributes: [],
  LogicalName,
  Name: null,
  RowVersion: null,
})

function attribute(table: Table, fields: Fields, wire: string): { key: string; value: unknown }[] {
  const column = table.columns.get(wire)
  return column ? [{ key: column.name, value: shaped(column, fields, fields[wire] ?? null) }] : []
}

function shaped(column: Column, fields: Fields, value: Value): unknown {
  if (value === null) return null
  if (column.targets) return reference(String(fields[`${column.wire}@type`] ?? column.targets[0]), String(value))
  switch (column.type) {
    case 'Picklist':
    case 'State':
    case 'Status':
      return { __type: `OptionSetValue:${CONTRACTS}`, Value: value }
    case 'Money':
      return { __type: `Money:${CONTRACTS}`, Value: Number(value) }
    case 'Decimal':
    case 'BigInt':
      return Number(value)
    case 'DateTime':
    case 'DateOnly': {
      const at = Date.parse(String(value))
      return Number.isNaN(at) ? value : jsonDate(at)
    }
    default:
      return value
  }
}
