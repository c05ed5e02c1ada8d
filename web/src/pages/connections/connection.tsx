import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Link, useParams } from 'react-router'
import { authenticationsQuery } from '../../api/authentications.ts'
import { type Connection, connectionQuery } from '../../api/connections.ts'
import { useMay } from '../../api/session.ts'
import { type ConnectionStatus, statusQuery } from '../../api/status.ts'
import { useAuditLink } from '../../parts/audit-link.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { Changeable } from '../../parts/may.tsx'
import { PageHeader, Pair, Pairs, Section, SideBySide } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { RelativeTime, Since } from '../../parts/time.tsx'
import { useQuotaWaiting } from '../../parts/use-quota-waiting.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './connection.module.css'
import { ConnectionActs, MendActs } from './connection-acts.tsx'
import { connectionHealth } from './connection-health.ts'
import { ConnectionSettingsForm } from './connection-settings.tsx'
import { KeyFieldsSection, keysPlace, useTablesWithoutKey } from './key-fields.tsx'
import { PeopleWriting } from './people-writing.tsx'
import { QuotaSection } from './quota.tsx'
import { TablesTable } from './tables-table.tsx'
import { useVendorWords } from './vendor-words.ts'

/** Only connections over HTTP have it. */
const HttpApiSections = lazy(async () => ({
  default: (await import('../http-api/connection-definition.tsx')).HttpApiSections,
}))

const PushWays = lazy(async () => ({ default: (await import('../push/push-section.tsx')).PushWays }))

export function ConnectionPage() {
  const { t } = useText()
  const { id = '' } = useParams()
  const query = useQuery(connectionQuery(id))
  const status = useQuery(statusQuery)
  const connection = query.data
  const mayEdit = useMay('edit:integrations')
  const crumbs = [{ to: '/connections', text: t.connections.title }]
  if (!connection) {
    return (
      <>
        <PageHeader
          title={query.isError ? t.connections.title : <Bar width={240} height={20} />}
          tab={t.connections.title}
          crumbs={crumbs}
          health={query.isError ? null : <Bar width={320} />}
        />
        {query.isError ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonBlock height={220} />
        )}
      </>
    )
  }
  const overview = status.data?.connections.find((each) => each.id === id)
  return (
    <>
      <PageHeader
        title={connection.name}
        tab={connection.name}
        crumbs={crumbs}
        mark={<CrmMark crm={connection.crm} size={32} />}
        health={<Health connection={connection} overview={overview} />}
        actions={<ConnectionActs connection={connection} />}
      />
      {connection.problem ? (
        <ProblemNotice
          problem={connection.problem}
          subject={t.connection.problemTo(connection.name)}
          action={mayEdit ? <MendActs connection={connection} /> : null}
        />
      ) : null}
      <Section title={t.connection.tables} text={t.connection.tablesText} bare>
        <TablesTable connectionId={id} overview={overview} />
      </Section>
      <QuotaSection connection={id} />
      {connection.crm === 'generic-http' ? (
        <Suspense fallback={<SkeletonBlock height={320} />}>
          <Changeable needs="edit:integrations">
            <HttpApiSections connection={connection} />
          </Changeable>
        </Suspense>
      ) : (
        <Suspense fallback={<SkeletonBlock height={220} />}>
          <Changeable needs="edit:integrations">
            <PushWays connection={connection} />
          </Changeable>
        </Suspense>
      )}
      <Changeable needs="edit:integrations">
        <KeyFieldsSection connection={connection} />
      </Changeable>
      {mayEdit ? (
        <SideBySide>
          <Credentials connection={connection} />
          <Section title={t.connection.settings}>
            <ConnectionSettingsForm connection={connection} />
          </Section>
        </SideBySide>
      ) : null}
      {mayEdit ? <PeopleWriting connection={connection} /> : null}
    </>
  )
}

function Health({ connection, overview }: { connection: Connection; overview: ConnectionStatus | undefined }) {
  const { t } = useText()
  const waiting = useQuotaWaiting(connection.id)
  const acts = useAuditLink(connection.id)
  const keyless = useTablesWithoutKey(connection.id)
  const records = overview?.tables.reduce((sum, table) => sum + table.counts.records, 0)
  const parked = overview?.tables.reduce((sum, table) => sum + table.counts.parked, 0) ?? 0
  const read = overview?.tables
    .map((table) => table.lastPassAt)
    .filter((at) => at !== null)
    .sort()
    .at(-1)
  return (
    <HealthLine health={connectionHealth({ state: connection.state, tables: overview?.tables ?? [] })}>
      <Facts>
        <StateSince connection={connection} />
        {records === undefined ? null : (
          <Link to={`/records?connection=${connection.id}`}>{t.unit.records(records)}</Link>
        )}
        {read ? <RelativeTime at={read} say={t.time.read} /> : null}
        {overview && overview.changesPerMinute > 0 ? t.home.changes(overview.changesPerMinute) : null}
        {waiting}
        {parked > 0 ? (
          <Link to={`/attention?kind=parked&connection=${connection.id}`}>{t.unit.parked(parked)}</Link>
        ) : null}
        {keyless > 0 ? <a href={`#${keysPlace}`}>{t.connection.keys.withoutKey(keyless)}</a> : null}
        {acts}
      </Facts>
    </HealthLine>
  )
}

function Credentials({ connection }: { connection: Connection }) {
  const { t } = useText()
  const words = useVendorWords(connection.crm)
  const { data } = useQuery(authenticationsQuery)
  const authentication = data?.find((each) => each.id === connection.authenticationId)
  const { kind = '', flow } = authentication?.settings ?? {}
  const secretName = t.http.secrets[kind] ?? words.label(flow === 'jwt_bearer' ? 'privateKey' : 'clientSecret')
  return (
    <Section title={t.connection.credentials}>
      <Pairs>
        {authentication ? (
          <Pair name={t.authentications.one}>
            <Link className={link.coloured} to={`/authentications/${authentication.id}`}>
              {authentication.name}
            </Link>
          </Pair>
        ) : null}
        <Pair name={t.wizard.url}>
          <a className={link.coloured} href={connection.url} target="_blank" rel="noreferrer">
            {connection.url}
          </a>
        </Pair>
        {Object.entries(authentication?.settings ?? {})
          .filter(([, value]) => value !== '')
          .map(([name, value]) => (
            <Pair key={name} name={words.label(name)}>
              {words.value(name, value)}
            </Pair>
          ))}
        <Pair name={secretName}>
          <span className={styles.secret}>
            <span aria-hidden="true">••••••••••••</span>
            <MendActs connection={connection} small />
          </span>
        </Pair>
      </Pairs>
    </Section>
  )
}

function StateSince({ connection }: { connection: Connection }) {
  const { t } = useText()
  return (
    <span>
      {t.state[connection.state]} <Since at={connection.changedAt} />
    </span>
  )
}
