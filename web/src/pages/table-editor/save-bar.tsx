import { Button } from '@fluentui/react-components'
import { ArrowUndo16Regular } from '@fluentui/react-icons/svg/arrow-undo'
import { useEffect } from 'react'
import { MainButton } from '../../parts/modal.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './general.module.css'

/** What is changed and not saved, always in sight. */
export function SaveBar(props: {
  changes: number
  faults: number
  blocked: boolean
  /** Where something else than conditions is not finished. */
  unfinished?: string
  /** Where saving needs no preview. */
  go?: string
  busy?: boolean
  onUndo: (() => void) | null
  onDiscard(): void
  onPreview(): void
}) {
  const { t } = useText()
  const { onUndo, faults } = props
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const typing = (event.target as HTMLElement).matches('input, textarea')
      if (event.key !== 'z' || !(event.ctrlKey || event.metaKey) || event.shiftKey || typing || !onUndo) return
      event.preventDefault()
      onUndo()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [onUndo])
  return (
    <section className={styles.bar} aria-label={t.editor.unsaved}>
      <p className={styles.count}>
        <strong>{t.editor.changes(props.changes)}</strong>{' '}
        {faults > 0 ? (
          <span className={styles.faulty}>{props.unfinished ?? t.editor.unfinished(faults)}</span>
        ) : (
          <span className={styles.pending}>{t.editor.notSaved}</span>
        )}
      </p>
      <div className={styles.barActs}>
        <Button
          appearance="subtle"
          icon={<ArrowUndo16Regular />}
          title="Ctrl Z"
          disabledFocusable={!onUndo}
          onClick={() => onUndo?.()}
        >
          {t.act.undo}
        </Button>
        <Button onClick={props.onDiscard}>{t.editor.discard}</Button>
        <MainButton
          busy={props.busy ?? false}
          disabledFocusable={faults > 0 || props.blocked}
          onClick={() => (faults > 0 || props.blocked || props.busy ? undefined : props.onPreview())}
        >
          {props.go ?? t.editor.previewAndSave}
        </MainButton>
      </div>
    </section>
  )
}
