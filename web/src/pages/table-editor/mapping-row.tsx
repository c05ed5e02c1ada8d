import { Select } from '@fluentui/react-components'
import { Tag } from '../../parts/badge.tsx'
import { humanise } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton, Samples } from './column-picker.tsx'
import { useEditing, useFieldTitle } from './context.tsx'
import { same } from './draft.ts'
import styles from './mapping.module.css'
import { MappingLine, RemovedLine } from './mapping-line.tsx'
import { type MappedField, typesFor, warningOf } from './warnings.ts'

/** One line: the CRM's column with real values, what may be wrong with it, and the field of the hub made of it. */
export function MappingRow({ name }: { name: string }) {
  const { t } = useText()
  const editing = useEditing()
  const { table, draft, rules, refused, put } = editing
  const mapped = draft.mapping.fields[name]
  const before = table.mapping.fields[name]
  const initial = table.defaults.mapping.fields[name]
  const title = useFieldTitle(table)(name)

  function set(next: MappedField | undefined): void {
    const { [name]: _gone, ...rest } = draft.mapping.fields
    put({ mapping: { ...draft.mapping, fields: next ? { ...rest, [name]: next } : rest } })
  }
  if (!mapped) return <RemovedLine title={title} text={t.editor.removed(title)} onBack={() => set(before)} />
  const types = rules.mapping.fields[mapped.type] ?? []
  const found = warningOf({ column: mapped.from, types }, editing, t.editor.warnings)
  const told = refused && (refused.field === name || refused.field === mapped.from) ? refused.text : null
  const warning = told ? { text: told, soft: false } : found
  const state = !before ? 'added' : same(mapped, before) ? undefined : 'changed'
  return (
    <MappingLine
      title={title}
      state={state}
      warning={warning}
      source={
        <>
          <ColumnButton
            label={t.editor.madeOf(title)}
            column={mapped.from}
            types={types}
            invalid={warning !== null && !warning.soft}
            onPick={(from) => set({ ...mapped, from })}
          />
          <Samples column={mapped.from} />
        </>
      }
      code={name}
      onReset={initial && !same(initial, mapped) ? () => set(initial) : undefined}
      remove={{ label: t.editor.removeField(title), act: () => set(undefined) }}
    >
      <TypeOf title={title} mapped={mapped} onType={(type) => set({ ...mapped, type })} />
      <Roles column={mapped.from} />
    </MappingLine>
  )
}

function TypeOf({
  title,
  mapped,
  onType,
}: {
  title: string
  mapped: MappedField
  onType(type: MappedField['type']): void
}) {
  const { t } = useText()
  const { table, rules } = useEditing()
  const choices = typesFor(
    table.fields.find((field) => field.name === mapped.from),
    rules,
  )
  if (choices.length < 2) return <span className={styles.typeName}>{t.table.types[mapped.type] ?? mapped.type}</span>
  return (
    <Select
      size="small"
      className={styles.typeSelect ?? ''}
      aria-label={t.editor.typeOf(title)}
      value={mapped.type}
      onChange={(_, data) => onType(data.value as MappedField['type'])}
    >
      {[...new Set([...choices, mapped.type])].map((type) => (
        <option key={type} value={type}>
          {t.table.types[type] ?? type}
        </option>
      ))}
    </Select>
  )
}

/** What the column is used for besides. */
function Roles({ column }: { column: string }) {
  const { t } = useText()
  const { draft } = useEditing()
  const { mapping } = draft
  const relation = mapping.relations.find((each) => each.from === column)
  return (
    <>
      {mapping.name.flat().includes(column) ? <Tag>{t.editor.roles.name}</Tag> : null}
      {mapping.phones.includes(column) ? <Tag>{t.editor.roles.phones}</Tag> : null}
      {mapping.emails.includes(column) ? <Tag>{t.editor.roles.emails}</Tag> : null}
      {mapping.country.includes(column) ? <Tag>{t.editor.roles.country}</Tag> : null}
      {mapping.alsoSearched.includes(column) ? <Tag>{t.editor.roles.alsoSearched}</Tag> : null}
      {relation ? <Tag>{t.role[relation.role] ?? humanise(relation.role)}</Tag> : null}
    </>
  )
}
