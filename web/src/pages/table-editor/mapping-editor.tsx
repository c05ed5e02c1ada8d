import { useState } from 'react'
import { useText } from '../../text/use-text.tsx'
import { groupOf, groups, inOrder } from '../records/field-groups.ts'
import { AddField } from './add-field.tsx'
import { useColumns, useEditing, useFieldTitle } from './context.tsx'
import { same } from './draft.ts'
import styles from './mapping.module.css'
import { MappingBar, useSifting } from './mapping-bar.tsx'
import { MappingRow } from './mapping-row.tsx'
import { warningOf } from './warnings.ts'

/** The CRM's columns on the left, the hub's fields that are made of them on the right. */
export function MappingEditor() {
  const { t } = useText()
  const editing = useEditing()
  const { table, draft, rules, put } = editing
  const columns = useColumns(table.fields)
  const title = useFieldTitle(table)
  const [adding, setAdding] = useState(false)
  const { fields } = draft.mapping
  // A field that was taken away stays in its place until it is saved, to be put back by one press.
  const names = [...new Set([...Object.keys(table.mapping.fields), ...Object.keys(fields)])]
  const isWarned = (name: string) => {
    const mapped = fields[name]
    if (!mapped) return false
    const types = rules.mapping.fields[mapped.type] ?? []
    return warningOf({ column: mapped.from, types }, editing, t.editor.warnings) !== null
  }
  const { shown, choice } = useSifting(names, (name) => {
    const { from } = (fields[name] ?? table.mapping.fields[name])!
    return {
      text: `${name} ${title(name)} ${from} ${columns.label(from)}`,
      warned: isWarned(name),
      changed: !same(fields[name], table.mapping.fields[name]),
    }
  })
  const { mapping } = table.defaults
  return (
    <div className={styles.editor}>
      <MappingBar
        choice={choice}
        searchLabel={t.editor.searchFields}
        add={{ text: t.editor.addField, act: () => setAdding(true) }}
        onReset={same(draft.mapping, mapping) ? null : () => put({ mapping })}
      />
      <div className={styles.heads} aria-hidden="true">
        <span>{t.table.crmField}</span>
        <span>{t.table.hubField}</span>
      </div>
      {groups.map((group) => {
        const rows = shown.filter((name) => groupOf(name) === group).sort((a, b) => inOrder(group, a, b))
        if (rows.length === 0) return null
        return (
          <section key={group} aria-label={t.record.groups[group]}>
            <h3 className={styles.group}>{t.record.groups[group]}</h3>
            <ul>
              {rows.map((name) => (
                <MappingRow key={name} name={name} />
              ))}
            </ul>
          </section>
        )
      })}
      {shown.length === 0 ? <p className={styles.none}>{t.editor.noField}</p> : null}
      {adding ? <AddField onClose={() => setAdding(false)} /> : null}
    </div>
  )
}
