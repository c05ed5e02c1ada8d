import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { statusQuery } from '../../api/status.ts'
import { type TableDetail, tableQuery } from '../../api/tables.ts'
import { type Findable, Finder } from '../../parts/finder.tsx'
import { humanise, useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import type { Kind } from './draft.ts'
import styles from './finders.module.css'

const SHOWN = 60

/** Fields by the model's names and by the CRM's own; any other can be typed, for what is not connected yet. */
export function FieldFinder(props: {
  label: string
  kind: Kind
  without: readonly string[]
  onPick(field: string): void
  onClose(): void
}) {
  const { t } = useText()
  const [text, setText] = useState('')
  const typed = text.trim()
  const fields = useFields(props.kind).filter(({ name }) => !props.without.includes(name))
  const wanted = typed.toLowerCase()
  const found = fields.filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(wanted)).slice(0, SHOWN)
  const pick = (field: string) => () => {
    props.onClose()
    props.onPick(field)
  }
  const options: Findable[] = found.map(({ name, label }) => ({
    key: name,
    content: (
      <span className={styles.option}>
        {label} <code>{name}</code>
      </span>
    ),
    choose: pick(name),
  }))
  if (typed && !fields.some(({ name }) => name === typed) && !props.without.includes(typed)) {
    options.push({ key: ' typed', content: t.rolePage.hideTyped(typed), choose: pick(typed) })
  }
  return (
    <Finder
      label={props.label}
      field={{ label: t.rolePage.findField, placeholder: t.rolePage.findField }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={t.rolePage.noField}
      onClose={props.onClose}
    />
  )
}

interface NamedField {
  name: string
  label: string
}

/** As the first connection that copies this kind has them. */
function useFields(kind: Kind): NamedField[] {
  const names = useNames()
  const status = useQuery(statusQuery)
  const home = status.data?.connections.find(({ tables }) => tables.some((table) => table.entity === kind))
  const table = useQuery(tableQuery(home?.id ?? '', home && kind ? kind : ''))
  return table.data ? fieldsOf(table.data, names.label) : []
}

function fieldsOf({ mapping, fields }: TableDetail, label: ReturnType<typeof useNames>['label']): NamedField[] {
  const labelOf = (column: string) => label(fields.find(({ name }) => name === column)?.labels ?? {}, column)
  const ours = Object.entries(mapping.fields).map(([name, { from }]) => ({
    name,
    label: from ? labelOf(from) : humanise(name),
  }))
  const known = new Set(ours.map(({ name }) => name))
  const theirs = fields
    .filter(({ name, readable }) => readable && !known.has(name))
    .map(({ name }) => ({ name, label: labelOf(name) }))
  const byLabel = (a: NamedField, b: NamedField) => a.label.localeCompare(b.label)
  return [...ours.sort(byLabel), ...theirs.sort(byLabel)]
}
