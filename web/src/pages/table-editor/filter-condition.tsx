import { Button, Select } from '@fluentui/react-components'
import { Dismiss16Regular } from '@fluentui/react-icons/svg/dismiss'
import type { SourceField, TableRules } from '../../api/tables.ts'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from './column-picker.tsx'
import { useColumns, useEditing } from './context.tsx'
import styles from './filter-editor.module.css'
import { type Comparison, type Condition, newCondition } from './filter-tree.ts'
import { ValueField } from './filter-value.tsx'

/** One condition: column, comparison, value. */
export function ConditionRow(props: { condition: Condition; onChange(next: Condition): void; onRemove(): void }) {
  const { t } = useText()
  const { table, rules, faults, refused } = useEditing()
  const columns = useColumns(table.fields)
  const { condition, onChange } = props
  const field = columns.find(condition.field)
  const fault = faults.get(condition.id)
  const comparisons = field ? (rules.comparisons[field.type] ?? []) : []
  const told = refused && refused.field === condition.field && condition.field !== '' ? refused.text : null
  const faultId = `fault-${condition.id}`
  const name = field ? columns.label(condition.field) : t.editor.condition

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset inside the group's fieldset would be read out twice
    <div role="group" aria-label={name} className={styles.condition}>
      <ColumnButton
        label={t.editor.column}
        column={condition.field}
        types={null}
        invalid={fault === 'gone'}
        onPick={(column) => onChange(withColumn(condition, { before: field, after: columns.find(column) }, rules))}
      />
      {field ? (
        <>
          <Select
            className={styles.comparison ?? ''}
            aria-label={t.editor.comparison}
            value={condition.is}
            onChange={(_, data) => onChange(withComparison(condition, data.value as Comparison))}
          >
            {[...new Set([...comparisons, condition.is])].map((is) => (
              <option key={is} value={is}>
                {t.editor.comparisons[is as Comparison]}
              </option>
            ))}
          </Select>
          <ValueField
            condition={condition}
            field={field}
            describedBy={fault ? faultId : undefined}
            onValues={(values) => onChange({ ...condition, values })}
          />
        </>
      ) : null}
      <Button
        className={styles.remove ?? ''}
        appearance="subtle"
        size="small"
        icon={<Dismiss16Regular />}
        aria-label={t.editor.removeCondition(name)}
        onClick={props.onRemove}
      />
      {fault || told ? (
        <p id={faultId} className={styles.fault} data-open={told === null && (fault === 'field' || fault === 'value')}>
          {told ?? (fault ? t.editor.faults[fault] : null)}
        </p>
      ) : null}
    </div>
  )
}

/** A comparison stays where the new column has it, and values where they still mean something. */
function withColumn(
  condition: Condition,
  { before, after }: { before: SourceField | undefined; after: SourceField | undefined },
  rules: TableRules,
): Condition {
  const comparisons = rules.comparisons[after?.type ?? ''] ?? []
  const is = comparisons.includes(condition.is) ? condition.is : firstFor(comparisons)
  const keeps = after?.type === before?.type && after?.type !== 'choice'
  return { ...newCondition(after?.name ?? '', is, keeps ? condition.values : []), id: condition.id }
}

const firstFor = (comparisons: readonly string[]): Comparison =>
  (comparisons.includes('eq') ? 'eq' : (comparisons[0] ?? 'null')) as Comparison

/** Values stay where they still mean something. */
function withComparison(condition: Condition, is: Comparison): Condition {
  const days = is === 'within_days' || condition.is === 'within_days'
  const values = days
    ? is === 'within_days'
      ? ['30']
      : []
    : is === 'in'
      ? condition.values
      : condition.values.slice(0, 1)
  return { ...condition, is, values }
}
