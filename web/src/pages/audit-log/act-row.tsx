import { ChevronRight16Regular } from '@fluentui/react-icons/svg/chevron-right'
import { type ReactNode, useState } from 'react'
import type { ActOutcome, AuditedAct, VerifyFinding } from '../../api/audit-log.ts'
import { Tag } from '../../parts/badge.tsx'
import { type Health, HealthDot } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'
import { ActDetails } from './act-details.tsx'
import styles from './act-row.module.css'
import { type Ending, endingOf } from './ending.ts'
import type { ActWords } from './use-act-words.ts'

const health: Record<ActOutcome, Health> = { done: 'ok', refused: 'warn', failed: 'bad', begun: 'none' }

interface RowProps {
  act: AuditedAct
  findings: VerifyFinding[]
  words: ActWords
  /** Since when the hub runs: what began before and has no outcome was cut short. */
  startedAt: string | null
}

/** One act as a sentence, which folds out. */
export function ActRow({ act, findings, words, startedAt }: RowProps) {
  const { t, f } = useText()
  const [open, setOpen] = useState(false)
  const ending = endingOf(act, startedAt, Date.now())
  const said = endingText(ending, t)
  return (
    <li className={styles.row} data-broken={findings.length > 0}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles.summary} data-act-row>
          <ChevronRight16Regular className={styles.chevron ?? ''} aria-hidden="true" />
          <HealthDot health={ending === 'under way' ? 'busy' : health[act.outcome]} label={said} />
          <span className={styles.words}>
            <Sentence act={act} words={words} />
            <Tags act={act} ending={ending} findings={findings} />
            <span className={styles.under}>{words.from(act)}</span>
          </span>
          <span className={styles.from}>{words.from(act)}</span>
          <time dateTime={act.at} title={f.exact(act.at)} className={styles.time}>
            {f.clock(Date.parse(act.at))}
          </time>
        </summary>
        {open ? <ActDetails act={act} words={words} ending={ending} /> : null}
      </details>
    </li>
  )
}

function endingText(ending: Ending, t: ReturnType<typeof useText>['t']): string {
  if (ending === 'under way') return t.auditLog.underWay
  if (ending === 'cut short') return t.auditLog.cutShort
  return t.auditLog.outcome[ending] ?? ending
}

function Sentence({ act, words }: { act: AuditedAct; words: ActWords }) {
  const asides = words.asides(act)
  return (
    <>
      <strong className={styles.who}>{words.who(act.actor, act.erased)}</strong>{' '}
      {words.deed(act).map(({ text, isName }, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change places
        isName ? <strong key={index}>{text}</strong> : <span key={index}>{text}</span>,
      )}
      {asides.length > 0 ? <span className={styles.asides}> · {asides.join(' · ')}</span> : null}
    </>
  )
}

function Tags({ act, ending, findings }: { act: AuditedAct; ending: Ending; findings: VerifyFinding[] }) {
  const { t } = useText()
  const tags: ReactNode[] = [
    ...findings.map((finding) => (
      <Tag key={`${finding.kind} ${finding.block}`} tone="bad">
        {t.auditLog.finding[finding.kind](1)} · {finding.block ? t.auditLog.inBlock(finding.block) : t.auditLog.noBlock}
      </Tag>
    )),
  ]
  if (ending !== 'done') {
    tags.push(
      <Tag key="ending" {...(ending === 'failed' ? { tone: 'bad' } : ending === 'under way' ? {} : { tone: 'warn' })}>
        {endingText(ending, t)}
      </Tag>,
    )
  }
  if (act.erased) tags.push(<Tag key="erased">{t.auditLog.erased}</Tag>)
  return tags.length > 0 ? <span className={styles.tags}>{tags}</span> : null
}
