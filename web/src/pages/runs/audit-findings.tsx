import { Link } from 'react-router'
import type { AuditResult } from '../../api/audits.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Figure } from '../../parts/figure.tsx'
import { Section } from '../../parts/page.tsx'
import { Moment } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './runs.module.css'

type Difference = AuditResult['named'][number]

/** What an audit counted, and each difference that it names. */
export function AuditFindings({ result }: { result: Record<string, unknown> }) {
  const { t, f } = useText()
  const found = result as Partial<AuditResult>
  if (found.crm === undefined) return null
  const named = found.named ?? []
  const figures: [string, string][] = [
    [t.runs.crmHas, f.count(found.crm)],
    [t.runs.same, f.count(found.held ?? 0)],
    [t.runs.differences, f.count(found.differences ?? 0)],
    [t.runs.healed, f.count(found.healed ?? 0)],
  ]
  if (found.parked) figures.push([t.runs.parked, f.count(found.parked)])
  if (found.keysMended) figures.push([t.runs.keysMended, f.count(found.keysMended)])
  const columns: Column<Difference>[] = [
    { key: 'id', head: t.runs.idInCrm, cell: (one) => <Link to={`/records/${one.id}`}>{one.sourceId}</Link> },
    { key: 'kind', head: t.runs.difference, cell: (one) => t.runs.differenceKinds[one.kind] },
  ]
  return (
    <>
      <Section title={t.runs.result}>
        <dl className={styles.figures}>
          {figures.map(([name, value]) => (
            <Figure key={name} name={name} value={value} />
          ))}
          {found.deletesVerifiedAt ? (
            <Figure name={t.runs.deletesVerified} value={<Moment at={found.deletesVerifiedAt} />} />
          ) : null}
        </dl>
        {found.differences === 0 && found.held === found.crm ? (
          <p className={styles.none}>{t.runs.noDifferences}</p>
        ) : null}
      </Section>
      {named.length > 0 ? (
        <Section
          title={t.runs.differences}
          text={(found.differences ?? 0) > named.length ? t.runs.differencesCut : undefined}
          bare
        >
          <DataTable
            label={t.runs.differences}
            columns={columns}
            rows={named}
            rowKey={(one) => `${one.id}-${one.kind}`}
          />
        </Section>
      ) : null}
    </>
  )
}
