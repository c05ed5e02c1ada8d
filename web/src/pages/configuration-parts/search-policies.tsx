import { Field, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { partsQuery } from '../../api/configuration-parts.ts'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import type { Search } from './definitions.ts'
import styles from './editor.module.css'
import { useGround } from './entity-words.ts'
import { moved, OrderButtons } from './row-parts.tsx'

type Policies = Pick<Search, 'none' | 'createId' | 'one' | 'many' | 'prefer'>

/** What is done when the search ends: with nothing, one record, or several. */
export function SearchPolicies({ value, onChange }: { value: Policies; onChange(change: Partial<Policies>): void }) {
  const { t } = useText()
  const words = t.configurationParts.search
  const { none, one, many } = value
  return (
    <Section title={words.policies}>
      <div className={styles.fields}>
        <div className={styles.pair}>
          <Choice
            label={words.none}
            names={words.nones}
            value={none}
            onChange={(next) => onChange({ none: next, createId: null })}
          />
          {none === 'create' ? (
            <CreateChoice value={value.createId} onChange={(createId) => onChange({ createId })} />
          ) : null}
        </div>
        <div className={styles.pair}>
          <Choice label={words.one} names={words.ones} value={one} onChange={(next) => onChange({ one: next })} />
          <Choice label={words.many} names={words.manys} value={many} onChange={(next) => onChange({ many: next })} />
        </div>
        <fieldset className={styles.group}>
          <legend>{words.prefer}</legend>
          <p className={styles.hint}>{words.preferHint}</p>
          <ol className={styles.ranked} data-ordered>
            {value.prefer.map((reason, index) => (
              <li key={reason}>
                <span>{words.prefers[reason]}</span>
                <OrderButtons
                  {...{ name: words.prefers[reason], index, count: value.prefer.length }}
                  onMove={(to) => onChange({ prefer: moved(value.prefer, index, to) })}
                />
              </li>
            ))}
          </ol>
        </fieldset>
      </div>
    </Section>
  )
}

/** One of a few, by their names. */
export function Choice<Value extends string>(props: {
  label: string
  names: Record<Value, string>
  value: Value
  onChange(value: Value): void
}) {
  return (
    <Field label={props.label}>
      <Select value={props.value} onChange={(_, { value }) => props.onChange(value as Value)}>
        {(Object.entries(props.names) as [Value, string][]).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </Select>
    </Field>
  )
}

function CreateChoice({ value, onChange }: { value: string | null; onChange(id: string | null): void }) {
  const { t } = useText()
  const { configuration, tried } = useGround()
  const { data = [] } = useQuery(partsQuery(configuration.id))
  const missing = tried && value === null
  return (
    <Field
      label={t.configurationParts.search.createId}
      required
      validationState={missing ? 'error' : 'none'}
      validationMessage={missing ? t.configurationParts.missing : null}
    >
      <Select value={value ?? ''} onChange={(_, data) => onChange(data.value || null)}>
        <option value="">{t.configurationParts.search.pickCreate}</option>
        {data
          .filter(({ kind }) => kind === 'create')
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </Select>
    </Field>
  )
}
