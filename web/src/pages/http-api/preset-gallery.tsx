import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { type Preset, presetsQuery } from '../../api/http-apis.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { useNames } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { tablesOf, textAt } from './definition-draft.ts'
import { useForm } from './definition-field.tsx'
import styles from './preset-gallery.module.css'

/** APIs that the hub knows: a definition to begin with, and to change. Where there are none, nothing is shown. */
export function PresetGallery({ crm, onTaken }: { crm: string; onTaken(): void }) {
  const { t } = useText()
  const id = useId()
  const { definition, take: put } = useForm()
  const { data: presets = [] } = useQuery(presetsQuery(crm))
  const chosen = presets.find((preset) => textAt(definition, 'name') === preset.name)
  function take(preset: Preset): void {
    put(preset.definition, preset.name)
    onTaken()
  }
  if (presets.length === 0) return null
  return (
    <section className={styles.gallery} aria-labelledby={id}>
      <h3 id={id}>{t.http.startFromPreset}</h3>
      <ul>
        {presets.map((preset) => (
          <li key={preset.id}>
            <button type="button" aria-pressed={preset === chosen} onClick={() => take(preset)}>
              <CrmMark crm={preset.id} size={32} />
              <span>
                {preset.name}
                <Tables definition={preset.definition} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p aria-live="polite">
        {chosen ? (t.http.presetTexts[chosen.id] ?? chosen.description) : t.http.startFromPresetText}
      </p>
    </section>
  )
}

function Tables({ definition }: { definition: Preset['definition'] }) {
  const names = useNames()
  return (
    <small>
      {tablesOf(definition)
        .map((table) => names.many(textAt(table, 'entity')))
        .join(' · ')}
    </small>
  )
}
