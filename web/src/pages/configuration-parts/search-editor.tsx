import { Checkbox, Field, Select } from '@fluentui/react-components'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import type { CallerSearch, CustomSearch, Search } from './definitions.ts'
import styles from './editor.module.css'
import { useEntityWords, useGround } from './entity-words.ts'
import { SearchConditions } from './search-conditions.tsx'
import { SearchPolicies } from './search-policies.tsx'

/** How a caller is looked up, and what is done with what is found. */
export function SearchEditor({ value, onChange }: { value: Search; onChange(value: Search): void }) {
  const { t } = useText()
  const words = t.configurationParts.search
  return (
    <>
      <Section title={words.section}>
        <div className={styles.fields}>
          <Field label={words.by}>
            <Select value={value.by} onChange={(_, data) => onChange(searchBy(data.value as Search['by'], value))}>
              <option value="caller">{words.bys.caller}</option>
              <option value="custom">{words.bys.custom}</option>
            </Select>
          </Field>
          {value.by === 'caller' ? (
            <CallerEntities value={value} onChange={onChange} />
          ) : (
            <SearchConditions value={value} onChange={onChange} />
          )}
          <Field label={words.where}>
            <Select value={value.where} onChange={(_, data) => onChange({ ...value, where: data.value } as Search)}>
              {(value.by === 'caller'
                ? (['hub', 'hub_then_crm'] as const)
                : (['hub', 'crm', 'hub_then_crm'] as const)
              ).map((where) => (
                <option key={where} value={where}>
                  {words.wheres[where]}
                </option>
              ))}
            </Select>
          </Field>
        </div>
      </Section>
      <SearchPolicies value={value} onChange={(change) => onChange({ ...value, ...change } as Search)} />
    </>
  )
}

/** What is done with what is found stays as it is. */
function searchBy(by: Search['by'], { none, createId, one, many, prefer }: Search): Search {
  const policies = { none, createId, one, many, prefer }
  if (by === 'caller') return { by, entities: [], where: 'hub', ...policies }
  const conditions: CustomSearch['conditions'] = [{ field: '', operator: 'is', value: '' }]
  return { by, entity: '', match: 'all', conditions, order: [], where: 'hub', ...policies }
}

function CallerEntities({ value, onChange }: { value: CallerSearch; onChange(value: CallerSearch): void }) {
  const { t } = useText()
  const { offered } = useGround()
  const entityWords = useEntityWords(offered)
  const words = t.configurationParts.search
  const { entities } = value
  // Only what the hub copies has its numbers here.
  const fitting = offered.entities.filter(({ entity, copied }) => copied || entities.includes(entity))
  const put = (entity: string, on: boolean) =>
    onChange({ ...value, entities: on ? [...entities, entity] : entities.filter((each) => each !== entity) })
  return (
    <fieldset className={styles.group}>
      <legend>{words.entities}</legend>
      <p className={styles.hint}>{words.entitiesHint}</p>
      <div className={styles.words}>
        {fitting.map(({ entity }) => (
          <Checkbox
            key={entity}
            label={entityWords.one(entity)}
            checked={entities.includes(entity)}
            onChange={(_, { checked }) => put(entity, checked === true)}
          />
        ))}
      </div>
    </fieldset>
  )
}
