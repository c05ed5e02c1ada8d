import { Button } from '@fluentui/react-components'
import type { TableDetail } from '../../api/tables.ts'
import { humanise } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { useColumns, useFieldTitle } from './context.tsx'
import { changedKeys, same } from './draft.ts'
import { filterSentence } from './filter-sentence.ts'
import styles from './general.module.css'

/** What somebody else changed of the table meanwhile. */
export function Conflict(props: { base: TableDetail; theirs: TableDetail; onTheirs(): void; onMine(): void }) {
  const { t, f } = useText()
  const { base, theirs } = props
  const columns = useColumns(theirs.fields)
  const title = useFieldTitle(theirs)
  const fields = changedKeys(theirs.mapping.fields, base.mapping.fields)
  const rest = changedKeys({ ...theirs.mapping, fields: 0 }, { ...base.mapping, fields: 0 })
  const lines = [
    theirs.enabled === base.enabled ? null : theirs.enabled ? t.editor.isOn : t.editor.isOff,
    theirs.scheduleSeconds === base.scheduleSeconds ? null : t.editor.preview.schedule(f.span(theirs.scheduleSeconds)),
    same(theirs.filter, base.filter) ? null : filterSentence(theirs.filter, t.editor.sentence, columns),
    fields.length > 0 ? `${t.table.mapping}: ${f.list(fields.map(title))}` : null,
    rest.length > 0 ? `${t.editor.rolesTitle}: ${f.list(rest.map((key) => roleName(key, t.editor.roles)))}` : null,
    same(theirs.columns, base.columns) ? null : t.editor.columnsChanged,
  ].filter((line) => line !== null)
  return <ConflictNotice lines={lines} onTheirs={props.onTheirs} onMine={props.onMine} />
}

/** Somebody else saved meanwhile: what they changed, and whose settings are to stand. */
export function ConflictNotice(props: { lines: readonly string[]; onTheirs(): void; onMine(): void }) {
  const { t } = useText()
  return (
    <section className={styles.conflict} role="alert">
      <h2>{t.editor.conflict}</h2>
      <p>{t.editor.conflictText}</p>
      <ul>
        {props.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <div className={styles.barActs}>
        <Button appearance="primary" onClick={props.onMine}>
          {t.editor.mineOnTop}
        </Button>
        <Button onClick={props.onTheirs}>{t.editor.takeTheirs}</Button>
      </div>
    </section>
  )
}

const roleName = (key: string, names: Record<string, string>) => names[key] ?? humanise(key)
