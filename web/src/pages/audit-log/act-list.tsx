import { type KeyboardEvent, useRef } from 'react'
import type { AuditedAct, VerifyFinding } from '../../api/audit-log.ts'
import { Tag } from '../../parts/badge.tsx'
import { HealthDot } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './act-list.module.css'
import { ActRow } from './act-row.tsx'
import { type Entry, type Held, inPlace } from './in-place.ts'
import { useActWords } from './use-act-words.ts'

/** Acts by day, the newest first. Arrow keys, Home and End move from act to act, Enter folds one out. */
export function ActList(props: {
  acts: AuditedAct[]
  findings: VerifyFinding[]
  held: Held
  startedAt: string | null
  foot: React.ReactNode
}) {
  const { t, f } = useText()
  const words = useActWords()
  const body = useRef<HTMLDivElement>(null)
  const days = byDay(inPlace(props.acts, props.findings, props.held))
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys move between what can be pressed inside */}
      <div ref={body} onKeyDown={(event) => moveRow(event, body.current)}>
        {days.map(({ day, entries }) => (
          <section key={day} aria-label={f.day(day)}>
            <h2 className={styles.day}>
              <time dateTime={day}>{f.day(day)}</time>
            </h2>
            <ol aria-label={t.auditLog.title}>
              {entries.map((entry) =>
                entry.kind === 'act' ? (
                  <ActRow
                    key={entry.act.id}
                    act={entry.act}
                    findings={entry.findings}
                    words={words}
                    startedAt={props.startedAt}
                  />
                ) : (
                  <GapRow key={entry.key} gap={entry} />
                ),
              )}
            </ol>
          </section>
        ))}
      </div>
      <div className={styles.foot}>{props.foot}</div>
    </div>
  )
}

/** Where an act stood, or stands that is not shown by itself. */
function GapRow({ gap }: { gap: Extract<Entry, { kind: 'gap' }> }) {
  const { t, f } = useText()
  const blocks = [...new Set(gap.findings.map(({ block }) => block))]
  return (
    <li className={styles.gap}>
      <HealthDot health="bad" />
      <span>
        <strong>{t.auditLog.finding[gap.what](gap.findings.length)}</strong>{' '}
        {blocks.map((block) => (
          <Tag key={block} tone="bad">
            {block === null ? t.auditLog.noBlock : t.auditLog.inBlock(block)}
          </Tag>
        ))}
      </span>
      <time dateTime={gap.at} title={f.exact(gap.at)}>
        {f.clock(Date.parse(gap.at))}
      </time>
    </li>
  )
}

function byDay(entries: Entry[]): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = []
  const atOf = (entry: Entry) => (entry.kind === 'act' ? entry.act.at : entry.at)
  for (const entry of entries) {
    const last = days.at(-1)
    const isSame = last && new Date(last.day).toDateString() === new Date(atOf(entry)).toDateString()
    if (isSame) last.entries.push(entry)
    else days.push({ day: atOf(entry), entries: [entry] })
  }
  return days
}

const steps: Record<string, (index: number, count: number) => number> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  j: (index) => index + 1,
  k: (index) => index - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
}

function moveRow(event: KeyboardEvent, body: HTMLElement | null): void {
  const step = steps[event.key]
  const target = event.target as HTMLElement
  if (!step || !body || event.altKey || event.ctrlKey || event.metaKey || !target.matches('summary')) return
  const rows = [...body.querySelectorAll<HTMLElement>('[data-act-row]')]
  const next = rows[Math.max(0, Math.min(rows.length - 1, step(rows.indexOf(target), rows.length)))]
  event.preventDefault()
  next?.focus()
}
