import { Button } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RecordDetail, Relation } from '../../api/records.ts'
import { tableQuery } from '../../api/tables.ts'
import { humanise } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { useFieldLabels } from '../../parts/use-field-labels.ts'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import { type FieldGroup, groupOf, groups, inOrder } from './field-groups.ts'
import { FieldValue, sourceText } from './field-value.tsx'
import styles from './record.module.css'

interface Row {
  key: string
  label: string
  from: string
  type: string | undefined
  value: unknown
  source: string
}

/** The model's fields by group, each with what the CRM holds beside it; then what was copied without being mapped. */
export function RecordFields({ record, relations }: { record: RecordDetail; relations: Relation[] }) {
  const { t } = useText()
  const table = useQuery(tableQuery(record.connectionId, record.entity))
  const labelOf = useFieldLabels(record.connectionId, record.entity)
  const [withEmpty, setWithEmpty] = useState(false)
  const mapping = table.data?.mapping.fields ?? {}
  const rows: Row[] = Object.entries(record.fields).map(([key, value]) => {
    const from = mapping[key]?.from ?? ''
    return {
      key,
      label: from ? labelOf(from) : humanise(key),
      from,
      type: mapping[key]?.type,
      value,
      source: from ? sourceText(record.sourceFields[from]) : '',
    }
  })
  const isEmpty = (row: Row) => row.value === null || row.value === '' || isUntold(row.value)
  const empty = rows.filter(isEmpty).length
  const shown = withEmpty ? rows : rows.filter((row) => !isEmpty(row))
  const used = new Set(rows.map((row) => row.from))
  const rest = Object.entries(record.sourceFields).filter(
    ([name, value]) => !used.has(name) && value !== null && !name.includes('@'),
  )
  return (
    <>
      <Section
        title={t.record.mapped}
        actions={
          empty > 0 ? (
            <Button size="small" appearance="subtle" aria-pressed={withEmpty} onClick={() => setWithEmpty(!withEmpty)}>
              {withEmpty ? t.record.hideEmpty : t.record.showEmpty(empty)}
            </Button>
          ) : null
        }
      >
        {groups.map((group) => (
          <Group
            key={group}
            group={group}
            rows={shown.filter((row) => groupOf(row.key) === group).sort((a, b) => inOrder(group, a.key, b.key))}
            relations={relations}
          />
        ))}
      </Section>
      {rest.length > 0 || record.mark ? (
        <details className={styles.rest}>
          <summary>
            {t.record.unmapped} <span className={styles.empty}>{t.record.unmappedText(rest.length)}</span>
          </summary>
          <dl>
            {rest.map(([name, value]) => (
              <div key={name} className={styles.restRow}>
                <dt title={name}>{labelOf(name)}</dt>
                <dd>{sourceText(value)}</dd>
              </div>
            ))}
            {record.mark ? (
              <div className={styles.restRow}>
                <dt>{t.record.version}</dt>
                <dd>{record.mark}</dd>
              </div>
            ) : null}
          </dl>
        </details>
      ) : null}
    </>
  )
}

function Group({ group, rows, relations }: { group: FieldGroup; rows: Row[]; relations: Relation[] }) {
  const { t } = useText()
  if (rows.length === 0) return null
  return (
    <div className={styles.group}>
      <h3>{t.record.groups[group]}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.key} className={styles.field}>
            <dt>{row.label}</dt>
            <dd>
              <FieldValue value={row.value} type={row.type} relations={relations} />
            </dd>
            <dd className={styles.source}>
              <VisuallyHidden>{t.record.inCrm}: </VisuallyHidden>
              <code>{row.from}</code>
              {tells(row) ? <span>{row.source}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The CRM's own value stands beside ours where it differs; a reference's is an id, which tells a person nothing. */
function tells(row: Row): boolean {
  return typeof row.value === 'object'
    ? !('entities' in (row.value ?? {}))
    : row.source !== String(row.value) || row.type === 'date'
}

/** A reference to a table that no relation is made of cannot be named. */
function isUntold(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'entities' in value &&
    Array.isArray(value.entities) &&
    value.entities.length === 0
  )
}
