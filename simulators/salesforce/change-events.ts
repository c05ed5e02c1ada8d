import { randomUUID } from 'node:crypto'
import { type Change, isArchiving, now, type Organisation } from './organisation.ts'
import type { Fields } from './schema.ts'
import { publish, type Streaming } from './streaming.ts'

/** What becomes of the next change events. */
export type EventFault = { kind: 'gap' | 'overflow' | 'drop' | 'double'; left: number }
export type Capture = { org: Organisation; streaming: Streaming; faults: EventFault[] }

const HIDDEN = new Set(['IsDeleted', 'SystemModstamp'])

/** Tells the changes of one transaction as Change Data Capture does. */
export function capture(given: Capture, changes: Change[]): void {
  const { org } = given
  const told = changes.filter(
    (c) => org.settings.captured?.includes(c.table.definition.name) && c.after.broken === undefined,
  )
  if (told.length === 0) return
  const transactionKey = randomUUID()
  const most = takeFault(given, 'overflow') ? 0 : org.settings.overflowAt
  told.slice(0, most).forEach((change, i) => {
    if (takeFault(given, 'drop')) return
    const times = takeFault(given, 'double') ? 2 : 1
    const gap = takeFault(given, 'gap') || isArchiving(change)
    for (let n = 0; n < times; n++) tell(given, change, { transactionKey, sequenceNumber: i + 1, gap })
  })
  overflow(given, told.slice(most), transactionKey)
}

function takeFault(given: Capture, kind: EventFault['kind']): boolean {
  const fault = given.faults.find((f) => f.kind === kind && f.left > 0)
  if (fault) fault.left--
  return fault !== undefined
}

type Place = { transactionKey: string; sequenceNumber: number; gap: boolean }

function tell({ org, streaming }: Capture, change: Change, place: Place): void {
  const { table, after, before } = change
  const { name } = table.definition
  const operation = change.operation.toUpperCase()
  const body = place.gap ? {} : payloadOf(change)
  const ChangeEventHeader = {
    ...header(org, change, place),
    recordIds: [after.id],
    changeType: place.gap ? `GAP_${operation}` : operation,
    changedFields:
      place.gap || change.operation !== 'update'
        ? []
        : [...change.changed.filter((f) => !HIDDEN.has(f)), 'LastModifiedDate'].filter(
            (f, i, all) => all.indexOf(f) === i,
          ),
    nulledFields: place.gap || !before ? [] : change.changed.filter((f) => (after.fields[f] ?? null) === null),
  }
  publish(streaming, `/data/${name}ChangeEvent`, {
    schema: `${name}-${table.definition.fields.length}`,
    payload: { ...body, ChangeEventHeader },
  })
}

function header(org: Organisation, { table, origin, userId, after }: Change, place: Place): Record<string, unknown> {
  return {
    entityName: table.definition.name,
    recordIds: [],
    changeType: '',
    changeOrigin: origin,
    transactionKey: place.transactionKey,
    sequenceNumber: place.sequenceNumber,
    commitTimestamp: now(org),
    commitNumber: after.version,
    commitUser: userId,
    nulledFields: [],
    diffFields: [],
    changedFields: [],
  }
}

/** Of an update what changed, of a creation or an undeletion all, of a deletion nothing. */
function payloadOf(change: Change): Fields {
  const { after, operation } = change
  if (operation === 'delete') return {}
  const names = operation === 'update' ? [...change.changed, 'LastModifiedDate'] : Object.keys(after.fields)
  const fields: Fields = {}
  for (const name of names)
    if (!HIDDEN.has(name) && after.fields[name] !== undefined) fields[name] = after.fields[name]!
  return fields
}

// "The record ID for the change is always set to 000000000000000AAA, which is the empty record ID" ("Overflow Events").
const EMPTY_ID = '000000000000000AAA'

/** The changes beyond what one transaction may have: one event an object, that says no more than that. */
function overflow({ org, streaming }: Capture, changes: Change[], transactionKey: string): void {
  const first = new Map(changes.map((c) => [c.table.definition.name, c]))
  for (const [name, change] of first) {
    const place = { transactionKey, sequenceNumber: 1, gap: true }
    const ChangeEventHeader = {
      ...header(org, change, place),
      recordIds: [EMPTY_ID],
      changeType: 'GAP_OVERFLOW',
    }
    publish(streaming, `/data/${name}ChangeEvent`, { schema: name, payload: { ChangeEventHeader } })
  }
}
