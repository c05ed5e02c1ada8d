import type { Filter, SourceField } from '../../api/tables.ts'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './table.module.css'

/** The filter tree as a person reads it. */
export function FilterWords({ filter, fields }: { filter: Filter | null; fields: SourceField[] }) {
  const { t } = useText()
  if (!filter) return t.table.noFilter
  return <Branch filter={filter} fields={fields} />
}

function Branch({ filter, fields }: { filter: Filter; fields: SourceField[] }) {
  const { t } = useText()
  const names = useNames()
  if ('all' in filter || 'any' in filter) {
    const parts = 'all' in filter ? filter.all : filter.any
    return (
      <div>
        {'all' in filter ? t.table.all : t.table.any}
        <ul className={styles.branch}>
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: shown only, never reordered
            <li key={index}>
              <Branch filter={part} fields={fields} />
            </li>
          ))}
        </ul>
      </div>
    )
  }
  if ('not' in filter) {
    return (
      <div>
        {t.table.not} <Branch filter={filter.not} fields={fields} />
      </div>
    )
  }
  const field = fields.find((each) => each.name === filter.field)
  const value = 'value' in filter ? [filter.value].flat().join(', ') : ''
  return (
    <span>
      {names.label(field?.labels ?? {}, filter.field)} <em>{t.table.ops[filter.is]}</em> {value}
    </span>
  )
}
