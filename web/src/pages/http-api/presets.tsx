import { Button } from '@fluentui/react-components'
import { ArrowDownload20Regular } from '@fluentui/react-icons/svg/arrow-download'
import { useState } from 'react'
import { download, FileButton } from '../../parts/file-button.tsx'
import { useText } from '../../text/use-text.tsx'
import { readPreset, textAt, textOfPreset } from './definition-draft.ts'
import { useForm } from './definition-field.tsx'
import styles from './http-api.module.css'

/** A definition in a file, to be shared; it holds no secret. */
export function Presets({ onTaken }: { onTaken(): void }) {
  const { t } = useText()
  const { definition, take: put } = useForm()
  const [wrong, setWrong] = useState(false)
  function take(text: string): void {
    const preset = readPreset(text)
    setWrong(preset === null)
    if (!preset) return
    put(preset, textAt(preset, 'name') || t.http.presetFile)
    onTaken()
  }
  const name =
    textAt(definition, 'name')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-') || 'http-api'
  return (
    <div className={styles.files}>
      <FileButton label={t.http.importPreset} accept=".json,application/json" onText={take} />
      <Button
        size="small"
        icon={<ArrowDownload20Regular />}
        onClick={() => download(`${name}.json`, textOfPreset(definition))}
      >
        {t.http.exportPreset}
      </Button>
      <span className={styles.note} role={wrong ? 'alert' : undefined}>
        {wrong ? t.http.notPreset : t.http.presetText}
      </span>
    </div>
  )
}
