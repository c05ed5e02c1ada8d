import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { type Account, accountQuery } from '../../api/account.ts'
import { useMay } from '../../api/session.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { type Health, HealthLine } from '../../parts/health.tsx'
import { PageHeader, Section } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'
import { Linked } from './linked.tsx'
import { OwnSessions } from './own-sessions.tsx'
import { Passkeys } from './passkeys.tsx'
import { Profile } from './profile.tsx'
import { Ways } from './ways.tsx'

const RecoveryCodes = lazy(async () => ({ default: (await import('./recovery-codes.tsx')).RecoveryCodes }))

/** What people see and change of themselves: who they are, how they sign in, where they are signed in. */
export function AccountPage() {
  const { t } = useText()
  const account = useQuery(accountQuery)
  const [codes, setCodes] = useState<string[] | null>(null)
  const { data } = account
  return (
    <>
      <PageHeader
        title={t.account.title}
        tab={t.account.title}
        health={data ? <OwnHealth account={data} /> : <Bar width={240} />}
      />
      <div className={styles.column}>
        {account.isError ? <ErrorNotice error={account.error} onRetry={() => void account.refetch()} /> : null}
        {account.isPending ? (
          <>
            <SkeletonBlock height={220} />
            <SkeletonBlock height={240} />
          </>
        ) : null}
        {data ? (
          <>
            <Profile account={data} />
            <Ways account={data} onCodes={setCodes} />
            <Passkeys account={data} onCodes={setCodes} />
            <Linked />
            <CrmAccounts />
            <OwnSessions />
          </>
        ) : null}
      </div>
      {codes ? (
        <Suspense>
          <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />
        </Suspense>
      ) : null}
    </>
  )
}

/** The way to the page of their own accounts of CRMs, for whoever may write there. */
function CrmAccounts() {
  const { t } = useText()
  if (!useMay('write:records')) return null
  return (
    <Section
      title={t.ownAccounts.title}
      actions={
        <ButtonLink to="/account/crm" size="small" aria-label={`${t.ownAccounts.open}: ${t.ownAccounts.title}`}>
          {t.ownAccounts.open}
        </ButtonLink>
      }
    >
      <p className={styles.note}>{t.ownAccounts.here}</p>
    </Section>
  )
}

function OwnHealth({ account }: { account: Account }) {
  const { t } = useText()
  const [health, words] = healthOf(account, t)
  return <HealthLine health={health}>{words}</HealthLine>
}

function healthOf({ hasPassword, hasTotp, passkeys, identities }: Account, t: Text): [Health, string] {
  if (!hasPassword && passkeys.length === 0 && identities > 0) return ['ok', t.signOn.health]
  if (!hasPassword) return passkeys.length > 0 ? ['ok', t.account.healthPasskey] : ['warn', t.account.healthNone]
  return hasTotp || passkeys.length > 0 ? ['ok', t.account.healthGood] : ['none', t.account.healthAlone]
}
