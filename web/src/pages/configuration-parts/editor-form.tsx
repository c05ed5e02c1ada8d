import { type ReactNode, useState } from 'react'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ConflictNotice } from '../table-editor/conflict.tsx'
import { SaveBar } from '../table-editor/save-bar.tsx'
import type { Editing } from './editing.ts'
import styles from './editor.module.css'

/** One column of fields with help beside it, and below it what is not saved yet. */
export function EditorForm<Draft>(props: {
  editing: Editing<Draft>
  subject: string
  /** How many fields are still to be filled in; they are shown once somebody wants to save. */
  missing: number
  /** What somebody else may have changed, by its name in the draft. */
  titles: Record<string, string>
  help: readonly string[]
  children(tried: boolean): ReactNode
}) {
  const { t } = useText()
  const toasts = useToasts()
  const { editing, missing, titles, help } = props
  const { conflict, save } = editing
  const [tried, setTried] = useState(false)
  function go(): void {
    setTried(true)
    if (missing === 0) save.run()
  }
  function discard(): void {
    editing.discard()
    setTried(false)
    toasts.done(t.editor.discarded)
  }
  return (
    <>
      {conflict ? (
        <ConflictNotice
          lines={[...new Set(conflict.keys.map((key) => titles[key] ?? t.configurationParts.what))]}
          onTheirs={conflict.theirs}
          onMine={conflict.mine}
        />
      ) : null}
      <div className={styles.beside}>
        <div className={styles.main}>
          {props.children(tried)}
          {save.error ? <ErrorNotice error={save.error} subject={props.subject} /> : null}
        </div>
        <aside className={styles.help} aria-label={t.configurationParts.help}>
          <h2>{t.configurationParts.help}</h2>
          <ul>
            {help.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </aside>
      </div>
      {editing.dirty ? (
        <SaveBar
          changes={editing.changes}
          faults={tried ? missing : 0}
          unfinished={t.configurationParts.unfinished(missing)}
          blocked={conflict !== null}
          go={t.act.save}
          busy={save.busy}
          onUndo={editing.undo}
          onDiscard={discard}
          onPreview={go}
        />
      ) : null}
    </>
  )
}
