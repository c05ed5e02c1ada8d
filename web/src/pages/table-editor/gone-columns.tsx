import { Button } from '@fluentui/react-components'
import { Moment } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { useColumns, useEditing } from './context.tsx'
import { withoutColumn } from './draft.ts'
import styles from './general.module.css'

/** Columns that the CRM no longer shows: since when, that their last values stay, and the way to let them go. */
export function GoneColumns() {
  const { t } = useText()
  const { draft, table, put } = useEditing()
  const columns = useColumns(table.fields)
  const gone = table.gone.filter(({ column }) => draft.columns.includes(column))
  if (gone.length === 0) return null
  return (
    <section className={styles.gone} aria-labelledby="gone-columns">
      <h2 id="gone-columns">{t.editor.gone(gone.length)}</h2>
      <p>{t.editor.goneText}</p>
      <ul>
        {gone.map(({ column, since }) => (
          <li key={column}>
            <span>
              {columns.label(column)} <code>{column}</code>
              <span className={styles.since}>
                {t.editor.goneSince} <Moment at={since} />
              </span>
            </span>
            <Button
              size="small"
              aria-label={t.editor.letGoOf(columns.label(column))}
              onClick={() => put(withoutColumn(draft, column))}
            >
              {t.editor.letGo}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
