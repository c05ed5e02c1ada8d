import { defaultStatus } from './change-rows.ts'
import { ServiceError } from './errors.ts'
import type { Fields } from './schema.ts'
import type { Entry, Table } from './table.ts'

/** Tables whose rows are closed by an action only: the state a PATCH may not set, and the message that does it. */
const BY_ACTION: Record<string, { states: number[]; message: string }> = {
  incident: {
    states: [1],
    message:
      'This message can not be used to set the state of incident to Resolved. In order to set state of incident to Resolved, use the CloseIncidentRequest message instead.',
  },
}

/** Checks a change of state and status and completes it: each state has its statuses. */
export function settleState(table: Table, before: Entry | null, fields: Fields): void {
  const { statecode, statuscode } = fields
  if (statecode === undefined && statuscode === undefined) return
  const options = table.columns.get('statuscode')?.options ?? []
  const was = before === null ? 0 : Number(before.fields.statecode ?? 0)
  const state = statecode === undefined || statecode === null ? was : Number(statecode)
  const barred = BY_ACTION[table.definition.logical]
  if (state !== was && barred?.states.includes(state)) throw new ServiceError(400, '0x80040203', barred.message)
  if (statuscode === undefined || statuscode === null) fields.statuscode = defaultStatus(table, state)
  else if (options.find((o) => o.value === statuscode)?.state !== state)
    throw new ServiceError(
      400,
      '0x80048408',
      `${statuscode} is not a valid status code for state code ${table.definition.schema}State.${state} on ${table.definition.logical} with Id ${before?.id ?? '00000000-0000-0000-0000-000000000000'}.`,
    )
  fields.statecode = state
}

/** What is completed or canceled is opened before anything else of it changes. */
export function refuseClosed(table: Table, before: Entry, fields: Fields): void {
  const isClosed = [1, 2].includes(Number(before.fields.statecode ?? 0))
  const others = Object.keys(fields).filter((name) => name !== 'statecode' && name !== 'statuscode')
  if (!table.definition.activity || !isClosed || others.length === 0) return
  throw new ServiceError(
    400,
    '0x80040203',
    `The ${table.definition.logical} with Id ${before.id} is completed or canceled and cannot be updated.`,
  )
}
