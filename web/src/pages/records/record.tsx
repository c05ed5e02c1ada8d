import { Button } from '@fluentui/react-components'
import { Open20Regular } from '@fluentui/react-icons/svg/open'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { connectionsQuery } from '../../api/connections.ts'
import { type RecordDetail, recordQuery, relationsQuery } from '../../api/records.ts'
import { useAuditLink } from '../../parts/audit-link.tsx'
import { Tag } from '../../parts/badge.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { useNames } from '../../parts/names.ts'
import { useNow } from '../../parts/now.ts'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './record.module.css'
import { RecordChange } from './record-change.tsx'
import { RecordFields } from './record-fields.tsx'
import { RecordHistory } from './record-history.tsx'
import { RecordReach } from './record-reach.tsx'
import { RecordRelations } from './record-relations.tsx'
import { RecordWrites } from './record-writes.tsx'
import { StateTags } from './records-table.tsx'

export function RecordPage() {
  const { t } = useText()
  const names = useNames()
  const { id = '' } = useParams()
  const query = useQuery(recordQuery(id))
  const relations = useQuery(relationsQuery(id))
  const record = query.data
  const crumbs = [{ to: '/records', text: t.records.title }]
  if (!record) {
    return (
      <>
        <PageHeader
          title={query.isError ? t.records.title : <Bar width={240} height={20} />}
          tab={t.records.title}
          crumbs={crumbs}
          health={query.isError ? null : <Bar width={320} />}
        />
        {query.isError ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <SkeletonBlock height={480} />
        )}
      </>
    )
  }
  return (
    <>
      <PageHeader
        title={
          <>
            {record.name ?? t.records.noName} <Tag>{names.one(record.entity)}</Tag>
            <StateTags record={record} />
          </>
        }
        tab={record.name ?? t.records.noName}
        crumbs={crumbs}
        health={<Health record={record} />}
        actions={
          <>
            <RecordChange key={record.id} record={record} />
            <Button as="a" href={record.source.url} target="_blank" rel="noreferrer" icon={<Open20Regular />}>
              {t.act.openInCrm}
            </Button>
          </>
        }
      />
      <div className={styles.columns}>
        <div className={styles.main}>
          <RecordFields record={record} relations={relations.data?.relations ?? []} />
        </div>
        <div className={styles.side}>
          <RecordReach record={record} />
          <RecordRelations query={relations} />
          <RecordHistory record={record} />
          <RecordWrites id={record.id} />
        </div>
      </div>
    </>
  )
}

function Health({ record }: { record: RecordDetail }) {
  const { t, f } = useText()
  const now = useNow()
  const acts = useAuditLink(record.id)
  const { data } = useQuery(connectionsQuery)
  const connection = data?.find((each) => each.id === record.connectionId)
  return (
    <HealthLine health={record.deletedAt ? 'idle' : record.outOfScopeAt ? 'idle' : 'ok'}>
      <Facts>
        {record.deletedAt ? t.record.wasDeleted(f.relative(record.deletedAt, now)) : null}
        {record.outOfScopeAt ? t.record.wasOut(f.moment(record.outOfScopeAt)) : null}
        <time dateTime={record.storedAt} title={f.exact(record.storedAt)}>
          {t.record.stored(f.relative(record.storedAt, now))}
        </time>
        {record.modifiedAt ? (
          <time dateTime={record.modifiedAt} title={f.exact(record.modifiedAt)}>
            {t.record.changedInCrm(f.relative(record.modifiedAt, now))}
          </time>
        ) : null}
        {connection ? connection.name : null}
        {acts}
      </Facts>
    </HealthLine>
  )
}
