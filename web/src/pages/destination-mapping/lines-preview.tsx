import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, keepSaved } from '../../api/client.ts'
import {
  type ColumnDifference,
  changeMappingPart,
  type MappingPart,
  type MappingPreview,
  mappingPartQuery,
  previewMappingPart,
} from '../../api/destinations.ts'
import { Tag } from '../../parts/badge.tsx'
import { useText } from '../../text/use-text.tsx'
import { FieldValue } from '../records/field-value.tsx'
import { useColumns, useOffered } from '../table-editor/context.tsx'
import styles from '../table-editor/preview.module.css'
import { PreviewModal } from '../table-editor/preview-modal.tsx'
import { useColumnName, useLines } from './context.tsx'
import { changedColumns, columnOf, keyOf, type Line } from './lines.ts'

/** What saving will do, told by the hub before anything is stored. */
export function LinesPreview(props: {
  onClose(): void
  onSaved(saved: MappingPart): void
  onRefused(error: unknown): void
}) {
  const { name, part, lines } = useLines()
  const [asked] = useState(lines)
  const preview = useQuery({
    queryKey: ['destinations', 'preview', name, part.version, asked],
    queryFn: () => previewMappingPart(name, asked),
    staleTime: 0,
    gcTime: 0,
  })
  const save = useMutation({
    mutationFn: () => {
      // Without a difference to the defaults nothing of one's own is kept.
      const lines = changedColumns(asked, part.defaults).length > 0 ? asked : null
      return changeMappingPart(name, { lines, version: part.version })
    },
    onSuccess(saved) {
      keepSaved(mappingPartQuery(name).queryKey, saved)
      void client.invalidateQueries({ queryKey: ['destinations'] })
      props.onSaved(saved)
      props.onClose()
    },
  })
  return (
    <PreviewModal
      preview={preview}
      show={(told) => <Differences preview={told} />}
      saving={{ busy: save.isPending, error: save.error, save: save.mutate }}
      onClose={props.onClose}
      onRefused={props.onRefused}
    />
  )
}

function Differences({ preview }: { preview: MappingPreview }) {
  const { t } = useText()
  const { records, looked, rewritten, columns } = preview
  return (
    <div className={styles.parts}>
      {looked < records ? <p className={styles.sampled}>{t.editor.preview.sampled(looked, records)}</p> : null}
      <section className={styles.part}>
        <h3>{t.destination.columns}</h3>
        <ul className={styles.fields}>
          {columns.map((one) => (
            <Difference key={one.to} one={one} />
          ))}
        </ul>
      </section>
      <section className={styles.part}>
        <h3>{t.editor.preview.onSave}</h3>
        <ul className={styles.then}>
          <li>{t.destination.rewritten(rewritten)}</li>
          <li>{t.destination.onlyDiffering}</li>
        </ul>
      </section>
    </div>
  )
}

function Difference({ one }: { one: ColumnDifference }) {
  const { t } = useText()
  const { part } = useLines()
  const title = useColumnName(part)(one.to)
  const columns = useColumns(useOffered().fields)
  const tone = one.change === 'removed' ? 'bad' : one.change === 'added' ? 'ok' : 'warn'
  const label = (line: Line | null) => (line ? columns.label(keyOf(line)) : null)
  const said = one.change === 'removed' ? t.destination.keeps(one.differing) : t.destination.differing(one.differing)
  return (
    <li className={styles.field}>
      <p>
        <strong>{title}</strong> <Tag tone={tone}>{t.editor.states[one.change]}</Tag>{' '}
        <span className={styles.from}>
          {label(one.before)}
          {one.before && one.after ? ' → ' : null}
          {label(one.after)}
        </span>
      </p>
      <p className={styles.note}>{one.left ? t.destination.left[one.left] : said}</p>
      {one.refused > 0 ? <p className={styles.note}>{t.destination.refused(one.refused, one.reason ?? '')}</p> : null}
      {one.examples.map(({ record, before, after }) => (
        <dl key={record.id} className={styles.change}>
          <dt className={styles.who}>{record.name ?? t.records.noName}</dt>
          <dd className={styles.before} title={t.record.before}>
            <Value to={one.to} value={before} />
          </dd>
          {one.change === 'removed' ? null : (
            <>
              <dd aria-hidden="true">→</dd>
              <dd className={styles.after} title={t.record.after}>
                <Value to={one.to} value={after} />
              </dd>
            </>
          )}
        </dl>
      ))}
    </li>
  )
}

function Value({ to, value }: { to: string; value: unknown }) {
  const { part } = useLines()
  const columns = useColumns(part.columns)
  const column = columnOf(part, to)
  if (column?.type === 'choice' && typeof value === 'number') return columns.value(column.name, value)
  return <FieldValue value={value} type={column?.type === 'lookup' ? 'text' : column?.type} relations={[]} />
}
