import type { SourceField, TableDetail, TableRules } from '../../api/tables.ts'
import type { Text } from '../../text/en.ts'
import type { Editing } from './context.tsx'

/** What is wrong with the use of a column, most serious first; null: nothing. `soft`: it can be saved all the same. */
export interface Warning {
  text: string
  soft: boolean
}

export function warningOf(
  use: { column: string; types: readonly string[] },
  { table, samples, looked, draft }: Pick<Editing, 'table' | 'samples' | 'looked' | 'draft'>,
  words: Text['editor']['warnings'],
): Warning | null {
  const field = table.fields.find((each) => each.name === use.column)
  if (!field) return { text: words.gone, soft: false }
  if (!field.readable) return { text: words.unreadable, soft: false }
  if (!use.types.includes(field.type)) return { text: words.type, soft: false }
  if (!draft.columns.includes(use.column)) return { text: words.notCopied, soft: false }
  if (!table.columns.includes(use.column)) return { text: words.newColumn, soft: true }
  if (field.gone !== undefined) return { text: words.kept, soft: true }
  const sample = samples[use.column]
  if (sample && looked >= 20 && sample.filled === 0) return { text: words.empty(looked), soft: true }
  return null
}

/** An e-mail address, a number or a name that the hub would cut or not read. */
export function lengthWarning(
  role: 'name' | 'phones' | 'emails',
  field: SourceField | undefined,
  words: Text['editor']['warnings'],
): Warning | null {
  const most = mostCharacters[role]
  if (!field?.maxLength || field.maxLength <= most || field.type !== 'memo') return null
  return { text: words.long(field.maxLength, most), soft: true }
}

/** As src/records/derive.ts and phone.ts cut them. */
const mostCharacters = { name: 400, phones: 64, emails: 254 }

/** Types that a field of the model can have when it is made of this column. */
export function typesFor(field: SourceField | undefined, rules: TableRules): string[] {
  if (!field) return []
  return Object.entries(rules.mapping.fields)
    .filter(([, takes]) => takes.includes(field.type))
    .map(([type]) => type)
}

export type MappedField = TableDetail['mapping']['fields'][string]
