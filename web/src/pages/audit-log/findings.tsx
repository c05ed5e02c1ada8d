import { ErrorCircle20Filled } from '@fluentui/react-icons/svg/error-circle'
import { Link } from 'react-router'
import type { AuditVerified, VerifyFinding } from '../../api/audit-log.ts'
import { DetailList } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { useText } from '../../text/use-text.tsx'
import { noFilter, toSearch } from './filter-state.ts'
import styles from './findings.module.css'
import { timeOfFinding } from './in-place.ts'

/** What is not as the hub wrote it, block by block; each leads to its place in the list. */
export function Findings({ verified }: { verified: AuditVerified }) {
  const { t } = useText()
  const w = t.auditLog
  if (verified.ok) return null
  return (
    <section className={styles.notice} aria-label={w.broken}>
      <ErrorCircle20Filled className={styles.icon ?? ''} aria-hidden="true" />
      <div className={styles.body}>
        <p className={styles.what}>{w.broken}</p>
        <p>{w.brokenMend}</p>
        <ul className={styles.list}>
          {byBlock(verified.findings).map((group) => (
            <FindingLine key={`${group[0]!.block} ${group[0]!.kind}`} group={group} />
          ))}
        </ul>
        {verified.more ? <p>{w.moreFindings}</p> : null}
        <details className={styles.details}>
          <summary>{t.act.details}</summary>
          <DetailList details={verified.findings.map(detailOf)} />
        </details>
      </div>
    </section>
  )
}

function FindingLine({ group }: { group: VerifyFinding[] }) {
  const { t, f } = useText()
  const w = t.auditLog
  const { kind, block } = group[0]!
  const times = group.map(timeOfFinding).filter((at) => at !== null)
  const at = times.sort()[0]
  return (
    <li>
      {kind === 'head_missing' ? null : <strong>{block === null ? w.noBlock : w.inBlock(block)}</strong>}
      <span>{w.finding[kind](group.length)}</span>
      {at ? (
        <>
          <time dateTime={at} title={f.exact(at)}>
            {f.moment(at)}
          </time>
          <Link className={link.coloured} to={placeOf(at, times.at(-1) ?? at)} preventScrollReset>
            {w.showInPlace}
          </Link>
        </>
      ) : null}
    </li>
  )
}

/** A minute before and after is enough to see among what it happened. */
const aroundMs = 60_000

function placeOf(first: string, last: string): string {
  const from = new Date(Date.parse(first) - aroundMs).toISOString()
  const to = new Date(Date.parse(last) + aroundMs).toISOString()
  return `/audit-log?${new URLSearchParams(toSearch({ ...noFilter, from, to }))}`
}

function byBlock(findings: readonly VerifyFinding[]): VerifyFinding[][] {
  const groups = new Map<string, VerifyFinding[]>()
  for (const finding of findings) {
    const key = `${finding.block} ${finding.kind}`
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return [...groups.values()]
}

const detailOf = ({ kind, block, id, key }: VerifyFinding): [string, string] => [
  `${kind} ${block ?? ''} ${id ?? key ?? ''}`.trim(),
  id ?? key ?? block ?? '–',
]
