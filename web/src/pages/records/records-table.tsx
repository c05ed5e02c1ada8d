import { useInfiniteQuery } from '@tanstack/react-query'
import { type HubRecord, type RecordFilter, recordsQuery } from '../../api/records.ts'
import { Tag } from '../../parts/badge.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useNames } from '../../parts/names.ts'
import { ShowMore } from '../../parts/show-more.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'

/** Tombstones and what left the filter come along and are left out here unless asked for. */
export function RecordsTable(props: { filter: RecordFilter; withDeleted: boolean; withOutOfScope: boolean }) {
  const { t } = useText()
  const names = useNames()
  const list = useInfiniteQuery(recordsQuery(props.filter))
  const records = (list.data?.pages.flatMap((page) => page.records) ?? []).filter(
    (record) => (props.withDeleted || !record.deletedAt) && (props.withOutOfScope || !record.outOfScopeAt),
  )
  if (list.isPending) return <SkeletonBlock height={640} />
  if (list.isError) return <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
  if (records.length === 0 && !list.hasNextPage)
    return <EmptyState title={t.records.emptyFilter} text={t.palette.noneHint} />
  const columns: Column<HubRecord>[] = [
    { key: 'name', head: t.records.name, cell: (record) => <Name record={record} /> },
    { key: 'entity', head: t.records.entity, rank: 2, width: '132px', cell: (record) => names.one(record.entity) },
    {
      key: 'phone',
      head: t.records.phone,
      rank: 2,
      width: '176px',
      cell: (record) => textOf(record, 'mobilePhone', 'phone'),
    },
    {
      key: 'email',
      head: t.records.email,
      rank: 3,
      width: '30%',
      cell: (record) => textOf(record, 'email', 'userName'),
    },
    { key: 'city', head: t.records.city, rank: 4, width: '14%', cell: (record) => textOf(record, 'city') },
    {
      key: 'modified',
      head: t.records.modified,
      rank: 2,
      width: '130px',
      cell: (record) => <RelativeTime at={record.modifiedAt} />,
    },
  ]
  return (
    <DataTable
      label={t.records.title}
      columns={columns}
      rows={records}
      rowKey={(record) => record.id}
      href={(record) => `/records/${record.id}`}
      tone={(record) => (record.deletedAt || record.outOfScopeAt || !record.active ? 'faint' : undefined)}
      under={(record) => [names.one(record.entity), textOf(record, 'mobilePhone', 'phone')].filter(Boolean).join(' · ')}
      foot={<ShowMore list={list} shown={records.length} />}
    />
  )
}

function Name({ record }: { record: HubRecord }) {
  const { t } = useText()
  return (
    <>
      {record.name ?? <em>{t.records.noName}</em>}
      <StateTags record={record} />
    </>
  )
}

export function StateTags({ record }: { record: Pick<HubRecord, 'deletedAt' | 'outOfScopeAt' | 'active'> }) {
  const { t } = useText()
  return (
    <>
      {record.deletedAt ? (
        <>
          {' '}
          <Tag tone="bad">{t.records.deleted}</Tag>
        </>
      ) : null}
      {record.outOfScopeAt ? (
        <>
          {' '}
          <Tag tone="warn">{t.records.outOfScope}</Tag>
        </>
      ) : null}
      {!record.active && !record.deletedAt ? (
        <>
          {' '}
          <Tag>{t.records.inactive}</Tag>
        </>
      ) : null}
    </>
  )
}

function textOf(record: HubRecord, ...fields: string[]): string {
  for (const field of fields) {
    const value = record.fields[field]
    if (typeof value === 'string' && value) return value
  }
  return ''
}
