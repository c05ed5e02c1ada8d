import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { previewTable, type TableChange, type TableDetail } from '../../api/tables.ts'
import { Meter } from '../../parts/meter.tsx'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './preview.module.css'
import { PreviewModal } from './preview-modal.tsx'
import { PreviewParts } from './preview-parts.tsx'
import { type Saving, useSave } from './use-save.ts'

/** What saving will do, told by the hub before anything is stored; then how far it is. */
export function PreviewDialog(props: {
  table: TableDetail
  change: TableChange
  onClose(): void
  onSaved(saved: TableDetail): void
  onRefused(error: unknown): void
}) {
  const names = useNames()
  // The page behind begins anew once it is saved; this shows what was asked for.
  const [{ table, change }] = useState({ table: props.table, change: props.change })
  const { connectionId, entity, version } = table
  const preview = useQuery({
    queryKey: ['preview', connectionId, entity, version, change],
    queryFn: () => previewTable(connectionId, entity, { ...change, version }),
    staleTime: 0,
    gcTime: 0,
  })
  const { saving, save } = useSave(table, change, props.onSaved)
  return (
    <PreviewModal
      preview={preview}
      show={(told) => <PreviewParts preview={told} table={table} change={change} />}
      saving={{ busy: saving.state === 'busy', error: saving.error, save }}
      subject={names.many(entity)}
      begun={
        saving.state === 'idle'
          ? null
          : {
              title: names.many(entity),
              content: <Progress saving={saving} table={table} held={preview.data?.held ?? 0} />,
              isOver: saving.state === 'done',
            }
      }
      onClose={props.onClose}
      onRefused={props.onRefused}
    />
  )
}

/** The change is stored at once; what follows from it takes its time and goes on without the page. */
function Progress({ saving, table, held }: { saving: Saving; table: TableDetail; held: number }) {
  const { t } = useText()
  const { connectionId, entity } = table
  return (
    <div className={styles.progress} aria-live="polite">
      <p className={styles.stored}>{saving.stored ? t.editor.preview.stored : t.editor.preview.storing}</p>
      {saving.rederive ? (
        <>
          <p>
            {saving.state === 'done'
              ? t.editor.preview.remade(saving.remade)
              : t.editor.preview.remaking(saving.seen, held)}
          </p>
          <Meter
            label={t.editor.preview.remakingLabel}
            share={saving.state === 'done' ? 1 : held > 0 ? saving.seen / held : null}
            tone={saving.state === 'done' ? 'ok' : 'busy'}
          />
        </>
      ) : null}
      {saving.stored && saving.reread ? (
        <p>
          {t.editor.preview.rereads}{' '}
          <Link to={saving.run ? `/runs/${saving.run}` : `/runs?connection=${connectionId}&entity=${entity}`}>
            {t.editor.preview.seeRun}
          </Link>
        </p>
      ) : null}
    </div>
  )
}
