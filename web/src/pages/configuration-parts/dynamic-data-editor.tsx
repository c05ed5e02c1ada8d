import { Button, Input } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from '../table-editor/column-picker.tsx'
import type { DynamicData } from './definitions.ts'
import styles from './editor.module.css'
import { EntityAdder, EntityFields } from './entity-fields.tsx'
import { useEntityWords, useGround } from './entity-words.ts'
import { Cell, FieldNotices, moved, OrderButtons, RemoveButton } from './row-parts.tsx'

type Shown = DynamicData['entities'][number]

/** Which fields of which records agents see, in which order and under which name. */
export function DynamicDataEditor(props: { value: DynamicData; onChange(value: DynamicData): void }) {
  const { t } = useText()
  const words = t.configurationParts
  const { entities } = props.value
  const put = (next: Shown[]) => props.onChange({ entities: next })
  return (
    <>
      {entities.map((shown, index) => (
        <ShownEntity
          key={shown.entity}
          shown={shown}
          onChange={(next) => put(entities.flatMap((each, at) => (at !== index ? [each] : next ? [next] : [])))}
        />
      ))}
      <Section title={words.addEntity}>
        {entities.length === 0 ? <p className={styles.none}>{words.noEntity}</p> : null}
        <EntityAdder
          without={entities.map(({ entity }) => entity)}
          onAdd={(entity) => put([...entities, { entity, fields: [{ field: '', label: null }] }])}
        />
      </Section>
    </>
  )
}

function ShownEntity({ shown, onChange }: { shown: Shown; onChange(next: Shown | null): void }) {
  const { t } = useText()
  const { offered } = useGround()
  const words = t.configurationParts
  const name = useEntityWords(offered).one(shown.entity)
  const { fields } = shown
  const set = (next: Shown['fields']) => onChange(next.length > 0 ? { ...shown, fields: next } : null)
  const { counter, isFull } = useCounter(shown)
  return (
    <Section title={name} actions={<RemoveButton label={words.removeEntity(name)} onRemove={() => onChange(null)} />}>
      <EntityFields entity={shown.entity}>
        <div className={styles.rows} data-ordered>
          {fields.map((row, index) => (
            <ShownField
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, as long as it names no field
              key={index}
              {...{ entity: shown.entity, row, index, all: fields }}
              onChange={set}
            />
          ))}
        </div>
        <div className={styles.foot}>
          <Button
            size="small"
            icon={<Add16Regular />}
            disabledFocusable={isFull}
            onClick={() => (isFull ? undefined : set([...fields, { field: '', label: null }]))}
          >
            {words.addField}
          </Button>
          {counter}
        </div>
      </EntityFields>
    </Section>
  )
}

const texts = new Set(['text', 'memo'])

/** How many fields of each kind there are, of how many there may be. */
function useCounter({ entity, fields }: Shown) {
  const { t } = useText()
  const { offered } = useGround()
  const { textFields, otherFields } = offered.limits
  const known = offered.entities.find((each) => each.entity === entity)?.fields ?? []
  const types = fields.flatMap(({ field }) => known.find((each) => each.field === field)?.type ?? [])
  const text = types.filter((type) => texts.has(type)).length
  const others = types.length - text
  const isOver = text > textFields || others > otherFields
  return {
    isFull: text >= textFields && others >= otherFields,
    counter: (
      <span className={styles.counter} data-over={isOver}>
        {t.configurationParts.dynamic.counter(text, textFields, others, otherFields)}
      </span>
    ),
  }
}

interface RowProps {
  entity: string
  row: Shown['fields'][number]
  index: number
  all: Shown['fields']
  onChange(fields: Shown['fields']): void
}

function ShownField({ entity, row, index, all, onChange }: RowProps) {
  const { t } = useText()
  const { offered, tried } = useGround()
  const entityWords = useEntityWords(offered)
  const words = t.configurationParts
  const name = row.field ? entityWords.field(entity, row.field) : words.newField
  const put = (change: Partial<typeof row>) => onChange(all.with(index, { ...row, ...change }))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would be read before each of its fields
    <div role="group" aria-label={name} className={styles.row}>
      <div className={`${styles.cells} ${styles.labelled}`}>
        <Cell label={words.externalField}>
          <ColumnButton
            label={words.externalField}
            column={row.field}
            types={null}
            without={all.map(({ field }) => field).filter((field) => field !== row.field)}
            invalid={tried && row.field === ''}
            onPick={(field) => put({ field })}
          />
        </Cell>
        <Cell label={words.dynamic.label}>
          <Input
            aria-label={words.dynamic.labelOf(name)}
            placeholder={row.field ? name : words.dynamic.labelHint}
            value={row.label ?? ''}
            autoComplete="off"
            input={{ maxLength: 100 }}
            onChange={(_, { value }) => put({ label: value === '' ? null : value })}
          />
        </Cell>
        <span className={styles.acts}>
          <OrderButtons {...{ name, index, count: all.length }} onMove={(to) => onChange(moved(all, index, to))} />
          <RemoveButton
            label={words.removeField(name)}
            onRemove={() => onChange(all.filter((_, at) => at !== index))}
          />
        </span>
      </div>
      <FieldNotices entity={entity} field={row.field} />
    </div>
  )
}
