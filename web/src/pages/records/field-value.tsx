import { Link } from 'react-router'
import type { Relation } from '../../api/records.ts'
import link from '../../parts/link.module.css'
import { Moment } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './record.module.css'

/** A value of the model, said as a person says it: choices by their label, references by their name, money to the digit. */
export function FieldValue({
  value,
  type,
  relations,
}: {
  value: unknown
  type?: string | undefined
  relations: Relation[]
}) {
  const { t, f, language } = useText()
  if (value === null || value === undefined || value === '')
    return <span className={styles.empty}>{t.record.empty}</span>
  if (typeof value === 'boolean') return value ? t.record.yes : t.record.no
  if (typeof value === 'string') {
    if (type === 'datetime' && !Number.isNaN(Date.parse(value))) return <Moment at={value} />
    if (type === 'date' && /^\d{4}-\d\d-\d\d$/.test(value)) return f.calendarDay(value)
    if (type === 'decimal') return f.digits(value)
    return value
  }
  if (typeof value === 'number') return f.count(value)
  if (isChoice(value)) return value.labels[language] ?? value.labels.en ?? String(value.value)
  if (isMoney(value)) return f.digits(value.amount)
  if (isReference(value)) return <Reference id={value.id} relations={relations} />
  return JSON.stringify(value)
}

function Reference({ id, relations }: { id: string; relations: Relation[] }) {
  const { t } = useText()
  const record = relations.find((relation) => relation.sourceId === id && relation.direction === 'out')?.record
  if (!record) return <span className={styles.empty}>{t.record.notArrived}</span>
  return (
    <Link to={`/records/${record.id}`} className={link.coloured}>
      {record.name ?? t.records.noName}
    </Link>
  )
}

const isChoice = (value: unknown): value is { value: unknown; labels: Record<string, string> } =>
  typeof value === 'object' && value !== null && 'labels' in value
const isMoney = (value: unknown): value is { amount: string } =>
  typeof value === 'object' && value !== null && 'amount' in value
const isReference = (value: unknown): value is { id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && 'entities' in value

/** A value of the CRM's own, as it sent it. */
export function sourceText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
