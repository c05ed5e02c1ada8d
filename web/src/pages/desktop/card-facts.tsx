import { useState } from 'react'
import { Link } from 'react-router'
import type { Card, CardRecord, Earlier, OpenWork } from '../../api/desktop.ts'
import { useMay } from '../../api/session.ts'
import { Tag } from '../../parts/badge.tsx'
import link from '../../parts/link.module.css'
import { useNames } from '../../parts/names.ts'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { ShownValue } from './shown-value.tsx'
import { Summary } from './summary.tsx'
import { channelWord } from './who.ts'

/** What matters now: open work, and what was said last. */
export function NowFacts({ card }: { card: Card }) {
  const { t } = useText()
  const { open, earlier, records } = card
  if (records.length === 0 && earlier.length === 0) return null
  return (
    <section className={styles.part}>
      <dl className={styles.facts}>
        <div>
          <dt>{t.desk.open}</dt>
          <dd>
            {open.length === 0 ? <span className={styles.faint}>{t.desk.nothingOpen}</span> : null}
            <ul>
              {open.map((work) => (
                <li key={work.id}>
                  <Work work={work} />
                </li>
              ))}
            </ul>
          </dd>
        </div>
        <div>
          <dt>{t.desk.last}</dt>
          <dd>
            <EarlierOnes earlier={earlier} />
          </dd>
        </div>
      </dl>
    </section>
  )
}

function Work({ work }: { work: OpenWork }) {
  const { t } = useText()
  const names = useNames()
  const name = work.name ?? t.records.noName
  return (
    <p className={styles.work}>
      <RecordLink id={work.id}>{name}</RecordLink>
      {work.priority ? <Tag>{names.label(work.priority, '')}</Tag> : null}
      <span className={styles.faint}>
        {[names.one(work.entity), work.number].filter(Boolean).join(' ')}
        {work.since ? (
          <>
            {' · '}
            <RelativeTime at={work.since} />
          </>
        ) : null}
      </span>
    </p>
  )
}

/** Beside the cards, which stay where they are. */
function RecordLink({ id, children }: { id: string; children: string }) {
  const may = useMay('read:records')
  if (!may) return children
  return (
    <Link to={`/records/${id}`} target="_blank" className={link.quiet}>
      {children}
    </Link>
  )
}

const AT_FIRST = 2

function EarlierOnes({ earlier }: { earlier: Earlier[] }) {
  const { t } = useText()
  const [all, setAll] = useState(false)
  if (earlier.length === 0) return <span className={styles.faint}>{t.desk.neverBefore}</span>
  return (
    <>
      <ol className={styles.earlier} data-all={all}>
        {(all ? earlier : earlier.slice(0, AT_FIRST)).map((one) => (
          <li key={one.id}>
            <EarlierOne one={one} all={all} />
          </li>
        ))}
      </ol>
      {earlier.length > AT_FIRST ? (
        <button type="button" className={styles.fold} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t.desk.fewer : t.desk.allEarlier(earlier.length)}
        </button>
      ) : null}
    </>
  )
}

function EarlierOne({ one, all }: { one: Earlier; all: boolean }) {
  const { t } = useText()
  const withWhom = one.withYou ? t.desk.withYou : one.agentName
  return (
    <>
      <p>
        {channelWord(one.channelType, t)} <RelativeTime at={one.at} />
        <span className={styles.faint}>
          {[withWhom, one.disposition]
            .filter(Boolean)
            .map((part) => ` · ${part}`)
            .join('')}
        </span>
      </p>
      {all && one.notes ? <p className={styles.said}>{one.notes}</p> : null}
    </>
  )
}

/** What the configuration shows of each record. */
export function DynamicData({ card }: { card: Card }) {
  const { t } = useText()
  const shown = card.records.filter((record) => record.dynamicData.length > 0)
  return (
    <>
      {shown.map((record, index) => (
        <section key={record.id} className={styles.part}>
          {index > 0 ? <p className={styles.partTitle}>{record.name ?? t.records.noName}</p> : null}
          <DataOf record={record} />
        </section>
      ))}
    </>
  )
}

function DataOf({ record }: { record: CardRecord }) {
  const names = useNames()
  return (
    <dl className={styles.facts}>
      {record.dynamicData.map((field) => (
        <div key={field.field}>
          <dt>{names.label(field.labels, field.field)}</dt>
          <dd>
            <ShownValue field={field} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What the contact centre's script asked before anybody answered. */
export function FromTheCall({ card }: { card: Card }) {
  const { t } = useText()
  const told = Object.entries(card.interaction.scriptVariables)
  if (told.length === 0) return null
  return (
    <details className={styles.part}>
      <Summary>{t.desk.fromCall}</Summary>
      <dl className={styles.facts}>
        {told.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value.slice(0, SHOWN_LETTERS)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

/** A variable may hold a million letters. */
const SHOWN_LETTERS = 500
