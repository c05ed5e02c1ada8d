import { Button, Select } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from '../table-editor/column-picker.tsx'
import type { CustomSearch } from './definitions.ts'
import styles from './editor.module.css'
import { EntityFields, EntitySelect } from './entity-fields.tsx'
import { useGround } from './entity-words.ts'
import { Cell, FieldNotices, RemoveButton } from './row-parts.tsx'
import { SearchOrder } from './search-order.tsx'
import { TemplateField } from './template-field.tsx'

type Condition = CustomSearch['conditions'][number]
const operators = ['is', 'starts_with', 'contains', 'is_number', 'is_email'] as const

/** Fields of one entity, compared with what the interaction tells. */
export function SearchConditions({ value, onChange }: { value: CustomSearch; onChange(value: CustomSearch): void }) {
  const { t } = useText()
  const words = t.configurationParts.search
  const { entity, conditions } = value
  const put = (change: Partial<CustomSearch>) => onChange({ ...value, ...change })
  const empty: Condition = { field: '', operator: 'is', value: '' }
  return (
    <>
      <EntitySelect
        label={words.entity}
        value={entity}
        onChange={(next) => put({ entity: next, conditions: [empty], order: [] })}
      />
      {entity === '' ? null : (
        <EntityFields entity={entity}>
          <fieldset className={styles.group}>
            <legend>{words.conditions}</legend>
            {conditions.length > 1 ? (
              <span className={styles.target}>
                <span aria-hidden="true">{words.match}</span>
                <Select
                  aria-label={words.match}
                  value={value.match}
                  onChange={(_, data) => put({ match: data.value as CustomSearch['match'] })}
                >
                  <option value="all">{words.matches.all}</option>
                  <option value="any">{words.matches.any}</option>
                </Select>
              </span>
            ) : null}
            {conditions.map((condition, index) => (
              <ConditionRow
                // biome-ignore lint/suspicious/noArrayIndexKey: a condition is its place
                key={index}
                {...{ entity, condition, number: index + 1 }}
                onChange={(next) => put({ conditions: conditions.with(index, next) })}
                onRemove={
                  conditions.length > 1 ? () => put({ conditions: conditions.filter((_, at) => at !== index) }) : null
                }
              />
            ))}
            <span>
              <Button size="small" icon={<Add16Regular />} onClick={() => put({ conditions: [...conditions, empty] })}>
                {words.addCondition}
              </Button>
            </span>
          </fieldset>
          <SearchOrder value={value} onChange={(order) => put({ order })} />
        </EntityFields>
      )}
    </>
  )
}

interface RowProps {
  entity: string
  condition: Condition
  number: number
  onChange(condition: Condition): void
  onRemove: (() => void) | null
}

function ConditionRow({ entity, condition, number, onChange, onRemove }: RowProps) {
  const { t } = useText()
  const { tried } = useGround()
  const words = t.configurationParts
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset inside the group's fieldset would be read out twice
    <div role="group" aria-label={words.search.condition(number)} className={styles.condition}>
      <div className={`${styles.cells} ${styles.compared}`}>
        <Cell label={words.externalField}>
          <ColumnButton
            label={words.externalField}
            column={condition.field}
            types={null}
            invalid={tried && condition.field === ''}
            onPick={(field) => onChange({ ...condition, field })}
          />
        </Cell>
        <Cell label={words.search.operator}>
          <Select
            aria-label={words.search.operator}
            value={condition.operator}
            onChange={(_, { value }) => onChange({ ...condition, operator: value as Condition['operator'] })}
          >
            {operators.map((operator) => (
              <option key={operator} value={operator}>
                {words.search.operators[operator]}
              </option>
            ))}
          </Select>
        </Cell>
        <Cell label={words.search.value}>
          <TemplateField
            label={words.search.value}
            value={condition.value}
            invalid={tried && condition.value === ''}
            onChange={(value) => onChange({ ...condition, value })}
          />
        </Cell>
        <span className={styles.acts}>
          {onRemove ? <RemoveButton label={words.search.removeCondition(number)} onRemove={onRemove} /> : null}
        </span>
      </div>
      <FieldNotices entity={entity} field={condition.field} />
    </div>
  )
}
