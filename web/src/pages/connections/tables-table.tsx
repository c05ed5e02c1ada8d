import { Select, Switch } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useMay } from '../../api/session.ts'
import type { ConnectionStatus } from '../../api/status.ts'
import { changeTable, type Table, type TableChange, tablesQuery } from '../../api/tables.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useNames } from '../../parts/names.ts'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { Same } from './same.tsx'
import { schedules } from './schedules.ts'
import styles from './tables-table.module.css'

/** What is copied: on or off, how many, how complete, how fresh, how often. */
export function TablesTable({
  connectionId,
  overview,
}: {
  connectionId: string
  overview: ConnectionStatus | undefined
}) {
  const { t, f } = useText()
  const tables = useQuery(tablesQuery(connectionId))
  if (tables.isPending) return <SkeletonBlock height={140} />
  if (tables.isError) return <ErrorNotice error={tables.error} onRetry={() => void tables.refetch()} />
  const liveOf = (table: Table) => overview?.tables.find((each) => each.entity === table.entity)
  const columns: Column<Table>[] = [
    { key: 'table', head: t.tables.table, cell: (table) => <TableName table={table} /> },
    {
      key: 'records',
      head: t.tables.records,
      figure: true,
      width: '112px',
      cell: (table) => f.count(liveOf(table)?.counts.records ?? table.counts.records),
    },
    {
      key: 'same',
      head: t.tables.completeness,
      rank: 3,
      width: '30%',
      cell: (table) => <Same completeness={table.completeness} />,
    },
    {
      key: 'parked',
      head: t.tables.parked,
      figure: true,
      rank: 4,
      width: '84px',
      cell: (table) => f.count(table.counts.parked),
    },
    {
      key: 'fresh',
      head: t.tables.freshness,
      rank: 2,
      width: '146px',
      cell: (table) => <RelativeTime at={liveOf(table)?.lastPassAt ?? table.lastPassAt} />,
    },
    { key: 'schedule', head: t.tables.schedule, rank: 2, width: '132px', cell: (table) => <Schedule table={table} /> },
    { key: 'on', head: t.tables.on, cell: (table) => <OnOff table={table} />, figure: true, width: '96px' },
  ]
  return (
    <DataTable
      label={t.connection.tables}
      columns={columns}
      rows={tables.data}
      rowKey={(table) => table.entity}
      href={(table) => `/connections/${connectionId}/tables/${table.entity}`}
      tone={(table) => (table.enabled ? (table.problem ? 'bad' : undefined) : 'faint')}
      under={(table) => <RelativeTime at={table.lastPassAt} say={t.time.read} />}
    />
  )
}

function TableName({ table }: { table: Table }) {
  const names = useNames()
  const { t } = useText()
  const known = t.entity[table.entity]
  return <>{known ? known[1] : names.label(table.labels, table.entity)}</>
}

function useChange(table: Table) {
  const toasts = useToasts()
  const names = useNames()
  const key = ['tables', table.connectionId]
  return useMutation({
    mutationFn: (change: TableChange) => changeTable(table.connectionId, table.entity, change),
    // Safe to show at once: the hub validates neither of these two against the CRM.
    onMutate: async (change) => {
      await client.cancelQueries({ queryKey: key })
      const before = client.getQueryData<Table[]>(key)
      client.setQueryData<Table[]>(key, (all) =>
        all?.map((each) => (each.entity === table.entity ? merged(each, change) : each)),
      )
      return { before }
    },
    onError: (error, _change, context) => {
      client.setQueryData(key, context?.before)
      toasts.failed(error, names.many(table.entity))
    },
    onSettled: () => {
      void client.invalidateQueries({ queryKey: key })
      void client.invalidateQueries({ queryKey: ['status'] })
    },
  })
}

function merged(table: Table, change: TableChange): Table {
  return {
    ...table,
    enabled: change.enabled ?? table.enabled,
    scheduleSeconds: change.scheduleSeconds ?? table.scheduleSeconds,
  }
}

function OnOff({ table }: { table: Table }) {
  const { t } = useText()
  const names = useNames()
  const toasts = useToasts()
  const change = useChange(table)
  const may = useMay('edit:integrations')
  const name = names.many(table.entity)
  if (!may) return table.enabled ? t.record.yes : t.record.no
  function put(enabled: boolean): void {
    change.mutate(
      { enabled },
      {
        onSuccess: () =>
          toasts.done((enabled ? t.tables.switchedOn : t.tables.switchedOff)(name), () =>
            change.mutate({ enabled: !enabled }),
          ),
      },
    )
  }
  return (
    <Switch
      className={styles.switch ?? ''}
      checked={table.enabled}
      aria-label={t.tables.switchLabel(name)}
      onChange={(_, data) => put(data.checked)}
    />
  )
}

function Schedule({ table }: { table: Table }) {
  const { t, f } = useText()
  const names = useNames()
  const toasts = useToasts()
  const change = useChange(table)
  const may = useMay('edit:integrations')
  const name = names.many(table.entity)
  if (!may) return f.span(table.scheduleSeconds)
  const choices = schedules.includes(table.scheduleSeconds)
    ? schedules
    : [...schedules, table.scheduleSeconds].sort((a, b) => a - b)
  function put(seconds: number): void {
    const before = table.scheduleSeconds
    change.mutate(
      { scheduleSeconds: seconds },
      {
        onSuccess: () =>
          toasts.done(t.tables.scheduled(name, f.span(seconds)), () => change.mutate({ scheduleSeconds: before })),
      },
    )
  }
  return (
    <Select
      size="small"
      className={styles.schedule ?? ''}
      aria-label={t.tables.scheduleLabel(name)}
      value={String(table.scheduleSeconds)}
      disabled={!table.enabled}
      onChange={(_, data) => put(Number(data.value))}
    >
      {choices.map((seconds) => (
        <option key={seconds} value={seconds}>
          {f.span(seconds)}
        </option>
      ))}
    </Select>
  )
}
