import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { RemovableChip } from '../../parts/removable-chip.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from './column-picker.tsx'
import { useColumns, useEditing } from './context.tsx'
import { usedColumns } from './draft.ts'
import { columnsOf } from './filter-tree.ts'
import styles from './general.module.css'
import { TypeIcon } from './type-icon.tsx'

/** Columns that are copied though nothing is made of them, and those that could be. */
export function OtherColumns() {
  const { t } = useText()
  const { draft, table, put } = useEditing()
  const columns = useColumns(table.fields)
  const used = new Set([...usedColumns(draft.mapping), ...(draft.tree ? columnsOf(draft.tree) : [])])
  const idField = draft.columns[0]
  const others = draft.columns.filter((name) => !used.has(name) && name !== idField)
  return (
    <div className={styles.chips}>
      {others.map((name) => (
        <RemovableChip
          key={name}
          label={columns.label(name)}
          tone={table.columns.includes(name) ? undefined : 'new'}
          mark={<TypeIcon type={columns.find(name)?.type ?? 'other'} />}
          removeLabel={t.editor.stopCopying(columns.label(name))}
          onRemove={() => put({ columns: draft.columns.filter((each) => each !== name) })}
        />
      ))}
      <ColumnButton
        label={t.editor.copyColumn}
        column={null}
        types={null}
        without={draft.columns}
        onPick={(name) => put({ columns: [...draft.columns, name] })}
        quiet
      >
        <Add16Regular aria-hidden="true" /> {t.editor.column}
      </ColumnButton>
    </div>
  )
}
