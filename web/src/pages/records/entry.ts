import type { ChangeableField, RecordDetail } from '../../api/records.ts'
import type { Text } from '../../text/en.ts'

/** A value of the model as it stands in a field of a form. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  if ('amount' in value) return String(value.amount)
  return 'value' in value ? String(value.value) : ''
}

/** What is to be written for a typed text, by the model's field; an empty one empties the field in the CRM. */
function writtenOf(text: string, { type, options }: ChangeableField): unknown {
  const typed = type === 'text' || type === 'memo' ? text : text.trim()
  if (typed === '') return null
  if (type === 'boolean') return typed === 'true'
  if (type === 'integer') return Number(typed)
  if (type === 'decimal' || type === 'money') return withPoint(typed)
  if (type === 'choice') return options?.find(({ value }) => String(value) === typed)?.value ?? typed
  return typed
}

/** A comma is how most of Europe writes the point. */
const withPoint = (text: string) => text.replace(',', '.')

/** What is wrong with a typed text, or null. */
export function faultOf(text: string, { type, required }: ChangeableField, t: Text): string | null {
  const typed = text.trim()
  if (typed === '') return required ? t.wizard.missing : null
  if (type === 'integer') return /^-?\d{1,10}$/.test(typed) ? null : t.ownAccounts.wholeNumber
  if (type === 'decimal' || type === 'money') {
    return /^-?\d{1,28}(\.\d{1,10})?$/.test(withPoint(typed)) ? null : t.ownAccounts.number
  }
  return null
}

/** The fields that were typed in and are not as they were. */
export function changedOf(
  record: RecordDetail,
  fields: readonly ChangeableField[],
  typed: Record<string, string>,
): ChangeableField[] {
  return fields.filter(({ field }) => typed[field] !== undefined && typed[field] !== textOf(record.fields[field]))
}

export function valuesOf(fields: readonly ChangeableField[], typed: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.field, writtenOf(typed[field.field] ?? '', field)]))
}
