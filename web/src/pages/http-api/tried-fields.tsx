import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { Checkmark16Regular } from '@fluentui/react-icons/svg/checkmark'
import type { Trial } from '../../api/http-apis.ts'
import { humanise } from '../../parts/names.ts'
import { useText } from '../../text/use-text.tsx'
import { valueAt } from './definition-draft.ts'
import { useForm } from './definition-field.tsx'
import form from './http-api.module.css'
import { currentUse, type Use, uses, withUse } from './take-over.ts'
import styles from './try-panel.module.css'

/** What the records hold: what it is likely to be, to be taken over, and what becomes of each field. */
export function TriedFields({ trial, index }: { trial: Trial; index: number }) {
  const { t } = useText()
  const { definition, change } = useForm()
  const table = valueAt(definition, `tables.${index}`)
  const take = (path: string, use: Use | null) => change(withUse(definition, index, { trial, path, use }))
  const likely = trial.fields.filter(({ role }) => role !== null)
  return (
    <>
      {likely.length > 0 ? (
        <fieldset className={styles.likely}>
          <legend>{t.http.likely}</legend>
          <div>
            {likely.map(({ path, role, sample }) => {
              const taken = currentUse(table, trial, path) === role
              return (
                <Button
                  key={path}
                  size="small"
                  aria-pressed={taken}
                  appearance={taken ? 'outline' : 'secondary'}
                  icon={taken ? <Checkmark16Regular /> : <Add16Regular />}
                  title={sample ?? ''}
                  onClick={() => take(path, taken && role !== 'id' ? null : (role as Use))}
                >
                  {t.http.uses[role as Use]}: {path}
                </Button>
              )
            })}
          </div>
        </fieldset>
      ) : null}
      <details className={form.more}>
        <summary>{t.http.allFields(trial.fields.length)}</summary>
        <ul className={styles.seen}>
          {trial.fields.map(({ path, type, sample }) => (
            <li key={path}>
              <code>{path}</code>
              <span className={styles.sample}>{sample ?? '–'}</span>
              <span className={styles.becomes}>
                {t.http.becomes(modelName(trial, path) ?? t.http.nothing, t.table.types[type] ?? type)}
              </span>
              <select
                aria-label={t.http.usedAs(path)}
                value={currentUse(table, trial, path) ?? ''}
                onChange={(event) => take(path, (event.target.value || null) as Use | null)}
              >
                <option value="">{t.http.noUse}</option>
                {uses.map((use) => (
                  <option key={use} value={use}>
                    {t.http.uses[use]}
                  </option>
                ))}
              </select>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

function modelName(trial: Trial, path: string): string | null {
  const found = Object.entries(trial.mapping.fields).find(([, { from }]) => from === path)
  return found ? humanise(found[0]) : null
}
