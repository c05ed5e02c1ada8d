import { Call20Regular } from '@fluentui/react-icons/svg/call'
import { Mail20Regular } from '@fluentui/react-icons/svg/mail'
import type { ContactPoint, RecordDetail } from '../../api/records.ts'
import { Section } from '../../parts/page.tsx'
import { useFieldLabels } from '../../parts/use-field-labels.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './record.module.css'

/** Numbers and addresses: what the CRM holds, and how the hub read it so that a call finds it. */
export function RecordReach({ record }: { record: RecordDetail }) {
  const { t } = useText()
  const labelOf = useFieldLabels(record.connectionId, record.entity)
  return (
    <Section title={t.record.reach}>
      {record.contactPoints.length === 0 ? <p className={styles.none}>{t.record.noReach}</p> : null}
      {record.contactPoints.map((point) => (
        <div key={`${point.kind}-${point.field}-${point.value ?? point.text}`} className={styles.point}>
          {point.kind === 'phone' ? <Call20Regular aria-hidden="true" /> : <Mail20Regular aria-hidden="true" />}
          <div>
            <p className={styles.pointValue}>
              {point.kind === 'phone' && point.value ? spaced(point.value) : (point.value ?? point.text)}
            </p>
            <p className={styles.small}>
              {labelOf(point.field)}
              <Reading point={point} />
            </p>
          </div>
        </div>
      ))}
    </Section>
  )
}

function Reading({ point }: { point: ContactPoint }) {
  const { t } = useText()
  if (!point.value) return ` · ${t.record.notCompleted}`
  return point.text && point.text !== point.value ? ` · ${t.record.inCrmIs(point.text)}` : null
}

/** +32470123456 → +32 470 12 34 56: groups that the eye can hold. The country code's own length is not known here. */
function spaced(number: string): string {
  const match = /^(\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}))(\d+)(.*)$/.exec(number)
  if (!match) return number
  const [, code = '', rest = '', extension = ''] = match
  const first = rest.length % 2 === 0 ? rest.slice(0, 2) : rest.slice(0, 3)
  const pairs = rest.slice(first.length).match(/\d{2}/g) ?? []
  return `${code} ${first} ${pairs.join(' ')}${extension}`
}
