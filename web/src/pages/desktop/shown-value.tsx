import type { ShownField } from '../../api/desktop.ts'
import { useNames } from '../../parts/names.ts'
import { Moment } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import { locales } from '../../text/words.ts'
import styles from './card.module.css'

/** A value as a person says it: by its type, in their language, money with its currency. */
export function ShownValue({ field }: { field: ShownField }) {
  const { t, f, language } = useText()
  const names = useNames()
  const { value, type } = field
  if (field.texts) return names.label(field.texts, String(value))
  if (value === null || value === undefined || value === '')
    return <span className={styles.faint}>{t.record.empty}</span>
  if (typeof value === 'boolean') return value ? t.record.yes : t.record.no
  const text = String(typeof value === 'object' ? JSON.stringify(value) : value)
  if (type === 'money') return moneyText(text, field.currency, locales[language]) ?? f.digits(text)
  if (type === 'integer' || type === 'decimal') return f.digits(text)
  if (type === 'date' && /^\d{4}-\d\d-\d\d/.test(text)) return f.calendarDay(text.slice(0, 10))
  if (type === 'datetime' && !Number.isNaN(Date.parse(text))) return <Moment at={text} />
  return text
}

function moneyText(amount: string, currency: string | null, locale: string): string | null {
  if (!currency || !/^-?\d+(?:\.\d+)?$/.test(amount)) return null
  try {
    // A text keeps the digits that a JavaScript number would round away.
    return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount as unknown as number)
  } catch {
    // No currency that anybody knows.
    return `${amount} ${currency}`
  }
}
