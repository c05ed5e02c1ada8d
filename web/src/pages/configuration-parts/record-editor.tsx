import { Button, Checkbox, Field, Radio, RadioGroup } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from '../table-editor/column-picker.tsx'
import type { Create, Update } from './definitions.ts'
import styles from './editor.module.css'
import { EntityFields, EntitySelect } from './entity-fields.tsx'
import { useEntityWords, useGround } from './entity-words.ts'
import { emptyField } from './part-state.ts'
import { Cell, FieldNotices, RemoveButton } from './row-parts.tsx'
import { RunFields } from './run-fields.tsx'
import { TemplateField } from './template-field.tsx'

type Given = Create['fields']

/** Which record is made, of what, and when. */
export function CreateEditor({ value, onChange }: { value: Create; onChange(value: Create): void }) {
  const { t } = useText()
  const { offered } = useGround()
  const words = t.configurationParts.records
  const put = (change: Partial<Create>) => onChange({ ...value, ...change })
  const standardOf = (entity: string) => offered.entities.find((one) => one.entity === entity)?.standardFields ?? []
  /** A standard create begins with what its entity cannot do without. */
  function choose(entity: string, standard = value.standard): void {
    const known = offered.entities.find((one) => one.entity === entity)
    const wanted = known?.fields.filter(({ field, required }) => required && standardOf(entity).includes(field)) ?? []
    const fields = standard && wanted.length > 0 ? wanted.map(({ field }) => ({ field, value: '' })) : [emptyField]
    put({ entity, standard, fields })
  }
  const standard = standardOf(value.entity)
  return (
    <>
      <Section title={words.section}>
        <div className={styles.fields}>
          <Field label={words.kind} hint={words.kindHint}>
            <RadioGroup
              layout="horizontal"
              value={value.standard ? 'standard' : 'custom'}
              onChange={(_, data) => choose(value.entity, data.value === 'standard')}
            >
              <Radio value="standard" label={words.kinds.standard} />
              <Radio value="custom" label={words.kinds.custom} />
            </RadioGroup>
          </Field>
          <EntitySelect label={words.entity} value={value.entity} onChange={(entity) => choose(entity)} />
          <Checkbox
            label={words.link}
            checked={value.link}
            onChange={(_, { checked }) => put({ link: checked === true })}
          />
        </div>
      </Section>
      {value.entity === '' ? null : (
        <GivenFields
          entity={value.entity}
          fields={value.fields}
          fits={({ field, creatable }) => (value.standard ? standard.includes(field) : creatable)}
          onChange={(fields) => put({ fields })}
        />
      )}
      <RunFields value={value} onChange={put} />
    </>
  )
}

/** What is changed of linked records, and when. */
export function UpdateEditor({ value, onChange }: { value: Update; onChange(value: Update): void }) {
  const { t } = useText()
  const words = t.configurationParts.records
  const put = (change: Partial<Update>) => onChange({ ...value, ...change })
  return (
    <>
      <Section title={words.section}>
        <div className={styles.fields}>
          <EntitySelect
            label={words.entity}
            value={value.entity}
            onChange={(entity) => put({ entity, fields: [emptyField] })}
          />
        </div>
      </Section>
      {value.entity === '' ? null : (
        <GivenFields
          entity={value.entity}
          fields={value.fields}
          fits={({ updatable }) => updatable}
          onChange={(fields) => put({ fields })}
        />
      )}
      <RunFields value={value} onChange={put} />
    </>
  )
}

/** Fields with the values that they are given. */
function GivenFields(props: {
  entity: string
  fields: Given
  fits(field: { field: string; creatable: boolean; updatable: boolean }): boolean
  onChange(fields: Given): void
}) {
  const { t } = useText()
  const { fields, onChange } = props
  const words = t.configurationParts
  const names = fields.map(({ field }) => field)
  return (
    <Section title={words.records.fields}>
      <EntityFields entity={props.entity} only={(field) => props.fits(field) || names.includes(field.field)}>
        <div className={styles.rows}>
          {fields.map((given, index) => (
            <GivenRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, as long as it names no field
              key={index}
              entity={props.entity}
              given={given}
              without={names.filter((name) => name !== given.field)}
              onChange={(next) => onChange(fields.with(index, next))}
              onRemove={fields.length > 1 ? () => onChange(fields.filter((_, at) => at !== index)) : null}
            />
          ))}
        </div>
        <div className={styles.foot}>
          <Button size="small" icon={<Add16Regular />} onClick={() => onChange([...fields, emptyField])}>
            {words.addField}
          </Button>
        </div>
      </EntityFields>
    </Section>
  )
}

interface RowProps {
  entity: string
  given: Given[number]
  without: readonly string[]
  onChange(given: Given[number]): void
  onRemove: (() => void) | null
}

function GivenRow({ entity, given, without, onChange, onRemove }: RowProps) {
  const { t } = useText()
  const { offered, tried } = useGround()
  const words = t.configurationParts
  const entityWords = useEntityWords(offered)
  const name = given.field ? entityWords.field(entity, given.field) : words.newField
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would be read before each of its fields
    <div role="group" aria-label={name} className={styles.row}>
      <div className={`${styles.cells} ${styles.valued}`}>
        <Cell label={words.externalField}>
          <ColumnButton
            label={words.externalField}
            column={given.field}
            types={null}
            without={without}
            invalid={tried && given.field === ''}
            onPick={(field) => onChange({ ...given, field })}
          />
        </Cell>
        <Cell label={words.records.value}>
          <TemplateField
            label={words.records.valueOf(name)}
            value={given.value}
            onChange={(value) => onChange({ ...given, value })}
          />
        </Cell>
        <span className={styles.acts}>
          {onRemove ? <RemoveButton label={words.removeField(name)} onRemove={onRemove} /> : null}
        </span>
      </div>
      <FieldNotices entity={entity} field={given.field} />
    </div>
  )
}
