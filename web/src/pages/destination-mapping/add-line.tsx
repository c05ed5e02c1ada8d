import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton, Samples } from '../table-editor/column-picker.tsx'
import { type Offered, OfferedContext } from '../table-editor/context.tsx'
import styles from '../table-editor/mapping.module.css'
import { useLines } from './context.tsx'
import { columnOf, lineOf, plainName } from './lines.ts'

/** One more column of the destination, and what fills it. */
export function AddLine({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const { part, lines, put } = useLines()
  const [to, setTo] = useState<string | null>(null)
  const [from, setFrom] = useState<string | null>(null)
  const filled = new Set(lines.map((line) => columnOf(part, line.to)?.name))
  const fields = part.columns.filter(({ name }) => !filled.has(name)).map((field) => ({ ...field, readable: true }))
  const there: Offered = { fields, copied: fields.map(({ name }) => name), samples: {}, looked: 0, code: plainName }
  const column = to === null ? undefined : columnOf(part, to)
  function add(): void {
    if (to === null || from === null) return
    put([...lines, lineOf(plainName(to), from)])
    onClose()
  }
  function pickColumn(name: string): void {
    setTo(name)
    setFrom(null)
  }
  return (
    <Modal
      title={t.destination.fill}
      surface={styles.dialog}
      content={styles.dialogFields}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton disabledFocusable={to === null || from === null} onClick={add}>
            {t.destination.fill}
          </MainButton>
        </>
      }
    >
      <div className={styles.dialogColumn}>
        <span>{t.destination.columnThere}</span>
        <OfferedContext value={there}>
          <ColumnButton label={t.destination.columnThere} column={to} types={null} onPick={pickColumn} />
        </OfferedContext>
      </div>
      <div className={styles.dialogColumn}>
        <span>{t.destination.from}</span>
        <ColumnButton
          label={t.destination.from}
          column={from}
          types={column ? (part.takes[column.type] ?? []) : null}
          onPick={setFrom}
        />
        {from === null ? null : <Samples column={from} />}
      </div>
    </Modal>
  )
}
