import { useQuery } from '@tanstack/react-query'
import { type LinkableConnection, ownAccountsQuery } from '../../api/own-accounts.ts'
import { ConsentOutcome, useConsentReturn } from '../../parts/consent-outcome.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { PageHeader, Section } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'
import { CrmAccountRow } from './crm-account-row.tsx'

/** The connections by which somebody writes as themselves, and the account of each CRM that they linked for it. */
export function CrmAccountsPage() {
  const { t } = useText()
  const came = useConsentReturn()
  const { data, isPending, isError, error, refetch } = useQuery(ownAccountsQuery)
  return (
    <>
      <PageHeader
        title={t.ownAccounts.title}
        tab={t.ownAccounts.title}
        crumbs={[{ to: '/account', text: t.account.title }]}
        health={data ? <Summary all={data} /> : <Bar width={180} />}
      />
      <div className={styles.column}>
        <ConsentOutcome came={came} done={t.ownAccounts.done} doneText={t.ownAccounts.doneText} />
        {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {isPending ? <SkeletonBlock height={160} /> : null}
        {data?.length === 0 ? (
          <EmptyState
            title={t.ownAccounts.emptyTitle}
            text={t.ownAccounts.emptyText}
            picture={<GhostRows rows={2} />}
          />
        ) : null}
        {data?.length ? (
          <Section title={t.connections.title} text={t.ownAccounts.text}>
            <ul>
              {data.map((connection) => (
                <CrmAccountRow key={connection.connectionId} connection={connection} />
              ))}
            </ul>
          </Section>
        ) : null}
      </div>
    </>
  )
}

function Summary({ all }: { all: LinkableConnection[] }) {
  const { t } = useText()
  const used = all.filter(({ writesAsPerson }) => writesAsPerson)
  const linked = all.filter(({ account }) => account !== null).length
  const missing = used.filter(({ account }) => account === null).length
  const broken = used.filter(({ account }) => account?.problem).length
  if (all.length === 0) return <HealthLine health="none">{t.ownAccounts.none}</HealthLine>
  return (
    <HealthLine health={broken > 0 ? 'bad' : missing > 0 ? 'warn' : 'ok'}>
      <Facts>
        {linked > 0 ? t.ownAccounts.health(linked) : null}
        {missing > 0 ? t.ownAccounts.missing(missing) : null}
        {broken > 0 ? t.ownAccounts.broken(broken) : null}
      </Facts>
    </HealthLine>
  )
}
