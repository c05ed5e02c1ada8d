import { Button } from '@fluentui/react-components'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../../api/request.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './preview.module.css'

function focus(button: HTMLButtonElement | null): void {
  button?.focus()
}

/** What saving will do, told by the hub before anything is stored. */
export function PreviewModal<Preview>(props: {
  preview: UseQueryResult<Preview>
  show(preview: Preview): ReactNode
  saving: { busy: boolean; error: unknown; save(): void }
  subject?: string
  /** What stands in the preview's place once it is being saved. */
  begun?: { title: string; content: ReactNode; isOver: boolean } | null
  onClose(): void
  onRefused(error: unknown): void
}) {
  const { t } = useText()
  const { preview, saving, begun = null } = props
  const failed = preview.error ?? saving.error ?? null
  const conflict = failed instanceof ApiError && failed.body.code === 'settings.changed'
  function close(): void {
    if (saving.busy) return
    if (failed) props.onRefused(failed)
    props.onClose()
  }
  return (
    <Modal
      title={begun?.title ?? t.editor.preview.title}
      surface={styles.surface}
      content={styles.content}
      onClose={close}
      acts={
        begun?.isOver ? (
          // The button that was pressed is gone by then.
          <Button ref={focus} appearance="primary" onClick={close}>
            {t.act.close}
          </Button>
        ) : (
          <>
            <Button disabledFocusable={saving.busy} onClick={close}>
              {failed ? t.editor.backToEditor : t.act.cancel}
            </Button>
            <MainButton disabledFocusable={!preview.data || failed !== null} busy={saving.busy} onClick={saving.save}>
              {t.act.save}
            </MainButton>
          </>
        )
      }
    >
      {begun?.content ?? (
        <>
          <p className={styles.lead}>{t.editor.preview.lead}</p>
          {preview.isPending ? <SkeletonBlock height={220} /> : null}
          {preview.data ? props.show(preview.data) : null}
        </>
      )}
      {failed ? (
        <ErrorNotice
          error={failed}
          {...(props.subject ? { subject: props.subject } : {})}
          {...(conflict ? {} : { onRetry: () => void preview.refetch() })}
        />
      ) : null}
    </Modal>
  )
}
