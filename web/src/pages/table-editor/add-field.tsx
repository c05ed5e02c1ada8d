import { Field, Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import { FormModal } from '../../parts/form-modal.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton, Samples } from './column-picker.tsx'
import { useColumns, useEditing } from './context.tsx'
import styles from './mapping.module.css'
import { type MappedField, typesFor } from './warnings.ts'

const nameForm = /^[a-zA-Z][a-zA-Z0-9_]{0,99}$/

/** One more field of the hub, made of a column that the CRM has; the column is copied from then on. */
export function AddField({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const { table, rules, draft, put } = useEditing()
  const columns = useColumns(table.fields)
  const [column, setColumn] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [type, setType] = useState<string>('')
  const types = typesFor(column === null ? undefined : columns.find(column), rules)
  const taken = name in draft.mapping.fields
  const fault = name === '' ? null : !nameForm.test(name) ? t.editor.nameForm : taken ? t.editor.nameTaken : null
  const mappable = [...new Set(Object.values(rules.mapping.fields).flat())]

  function pick(next: string): void {
    const first = typesFor(columns.find(next), rules)[0] ?? ''
    setColumn(next)
    setType(first)
    setName(suggestName(next, draft.mapping.fields))
  }
  function submit(): void {
    if (column === null || name === '' || fault) return
    const mapped = { from: column, type: type as MappedField['type'] }
    put({ mapping: { ...draft.mapping, fields: { ...draft.mapping.fields, [name]: mapped } } })
    onClose()
  }
  return (
    <FormModal
      title={t.editor.addField}
      surface={styles.dialog}
      content={styles.dialogFields}
      onClose={onClose}
      onSubmit={submit}
      go={t.editor.addField}
      disabledFocusable={column === null || name === '' || fault !== null}
    >
      <div className={styles.dialogColumn}>
        <span>{t.editor.column}</span>
        <ColumnButton label={t.editor.column} column={column} types={mappable} onPick={pick} />
        {column === null ? null : <Samples column={column} />}
      </div>
      <Field
        label={t.editor.fieldName}
        hint={t.editor.fieldNameHint}
        validationState={fault ? 'error' : 'none'}
        validationMessage={fault}
      >
        <Input value={name} maxLength={100} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label={t.table.type}>
        <Select value={type} onChange={(_, data) => setType(data.value)}>
          {types.map((each) => (
            <option key={each} value={each}>
              {t.table.types[each] ?? each}
            </option>
          ))}
        </Select>
      </Field>
    </FormModal>
  )
}

/** `new_loyalty_level` → `loyaltyLevel`; `_ownerid_value` → `owner`. */
function suggestName(column: string, taken: object): string {
  const plain = column.replace(/^_(.+)_value$/, '$1').replace(/id$/, '')
  const words = plain.replace(/^[a-z]{2,5}_/, '').split(/[^a-zA-Z0-9]+/)
  const name = words
    .filter((word) => word !== '')
    .map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1))
    .join('')
    .replace(/^(\d)/, 'field$1')
  let free = name || 'field'
  for (let n = 2; free in taken; n += 1) free = `${name}${n}`
  return free.slice(0, 100)
}
