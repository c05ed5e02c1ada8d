import { Field, Select, Switch } from '@fluentui/react-components'
import { useText } from '../../text/use-text.tsx'
import { schedules } from '../connections/schedules.ts'
import { useEditing } from './context.tsx'
import styles from './general.module.css'

/** Whether the table is copied, and how often it is read. */
export function GeneralEditor() {
  const { t, f } = useText()
  const { draft, table, put } = useEditing()
  const choices = [...new Set([...schedules, table.scheduleSeconds, draft.scheduleSeconds])].sort((a, b) => a - b)
  return (
    <div className={styles.general}>
      <Switch
        checked={draft.enabled}
        label={draft.enabled ? t.editor.isOn : t.editor.isOff}
        onChange={(_, data) => put({ enabled: data.checked })}
      />
      <Field className={styles.schedule ?? ''} label={t.editor.schedule} hint={t.editor.scheduleHint}>
        <Select
          value={String(draft.scheduleSeconds)}
          onChange={(_, data) => put({ scheduleSeconds: Number(data.value) })}
        >
          {choices.map((seconds) => (
            <option key={seconds} value={seconds}>
              {f.span(seconds)}
            </option>
          ))}
        </Select>
      </Field>
      <p className={styles.note}>{table.changeTracking ? t.tables.tracked : t.tables.windowed}.</p>
    </div>
  )
}
