import { useState } from 'react'
import { Link } from 'react-router'
import { useChangeLog } from '../../api/change-log.ts'
import type { Change } from '../../api/changes.ts'
import { ChangeIcon } from '../../parts/change-icon.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { tellingFields, useFieldLabels } from '../../parts/use-field-labels.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './list.module.css'

const SHOWN = 6

/**
 * The newest changes. Rows come in by themselves only while nobody is at the list: under a pointer or the focus they
 * wait behind a button, so that nothing moves under a finger.
 */
export function LatestChanges() {
  const { t } = useText()
  const log = useChangeLog()
  const [held, setHeld] = useState<readonly Change[] | null>(null)
  const shown = (held ?? log).slice(0, SHOWN)
  const first = held?.[0]
  const newer = held ? (first ? log.findIndex((change) => change.id === first.id) : log.length) : 0
  return (
    <Section title={t.home.latest}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notices that someone is at the list */}
      <div
        className={styles.list}
        onPointerEnter={() => setHeld(log)}
        onPointerLeave={() => setHeld(null)}
        onFocus={() => setHeld((before) => before ?? log)}
        onBlur={() => setHeld(null)}
      >
        {newer > 0 ? (
          <button type="button" className={styles.newer} onClick={() => setHeld(log)}>
            {t.home.newOnes(newer)}
          </button>
        ) : null}
        {shown.map((change) => (
          <ChangeRow key={change.id} change={change} />
        ))}
        {shown.length === 0 ? (
          <div className={styles.none}>
            <p>{t.home.latestNone}</p>
            <p>{t.home.latestNoneText}</p>
          </div>
        ) : null}
      </div>
    </Section>
  )
}

function ChangeRow({ change }: { change: Change }) {
  const { t } = useText()
  const names = useNames()
  const labelOf = useFieldLabels(change.connectionId, change.entity)
  const fields = tellingFields(change.changed)
  const what = [
    t.change[change.operation],
    names.cause(change.cause),
    change.operation === 'changed' && fields.length > 0 ? fields.slice(0, 3).map(labelOf).join(', ') : '',
  ].filter(Boolean)
  return (
    <div className={styles.change}>
      <ChangeIcon operation={change.operation} />
      <div>
        <p className={styles.who}>
          <Link to={`/records/${change.recordId}`}>{change.name ?? t.records.noName}</Link>{' '}
          <span className={styles.when}>{names.one(change.entity)}</span>
        </p>
        <p className={styles.what}>{what.join(' · ')}</p>
      </div>
      <span className={styles.when}>
        <RelativeTime at={change.at} />
      </span>
    </div>
  )
}
