import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { ApiError } from '../../api/request.ts'
import { previewTable, type TableChange, type TableDetail } from '../../api/tables.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Meter } from '../../parts/meter.tsx'
import { useNames } from '../../parts/names.ts'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './preview.module.css'
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
  const { t } = useText()
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
  const end = useRef<HTMLButtonElement>(null)
  const { saving, save } = useSave(table, change, props.onSaved)
  const failed = preview.error ?? saving.error
  const conflict = failed instanceof ApiError && failed.body.code === 'settings.changed'
  useEffect(() => {
    // The button that was pressed is gone by then.
    if (saving.state === 'done') end.current?.focus()
  }, [saving.state])
  function close(): void {
    if (saving.state === 'busy') return
    if (failed) props.onRefused(failed)
    props.onClose()
  }
  return (
    <Dialog open onOpenChange={(_, data) => (data.open ? undefined : close())}>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{saving.state === 'idle' ? t.editor.preview.title : names.many(entity)}</DialogTitle>
          <DialogContent className={styles.content}>
            {saving.state === 'idle' ? (
              <>
                <p className={styles.lead}>{t.editor.preview.lead}</p>
                {preview.isPending ? <SkeletonBlock height={220} /> : null}
                {preview.data ? <PreviewParts preview={preview.data} table={table} change={change} /> : null}
              </>
            ) : (
              <Progress saving={saving} table={table} held={preview.data?.held ?? 0} />
            )}
            {failed ? (
              <ErrorNotice
                error={failed}
                subject={names.many(entity)}
                {...(conflict ? {} : { onRetry: () => void preview.refetch() })}
              />
            ) : null}
          </DialogContent>
          <DialogActions>
            {saving.state === 'done' ? (
              <Button
                ref={(button: HTMLButtonElement | null) => {
                  end.current = button
                }}
                appearance="primary"
                onClick={close}
              >
                {t.act.close}
              </Button>
            ) : (
              <>
                <Button disabledFocusable={saving.state === 'busy'} onClick={close}>
                  {failed ? t.editor.backToEditor : t.act.cancel}
                </Button>
                <Button
                  appearance="primary"
                  disabledFocusable={!preview.data || saving.state === 'busy' || failed !== null}
                  icon={saving.state === 'busy' ? <Spinner size="extra-tiny" /> : null}
                  onClick={save}
                >
                  {t.act.save}
                </Button>
              </>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
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
