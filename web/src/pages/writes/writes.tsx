import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { type Ledger, type LedgerLine, ledgerQuery } from '../../api/ledger.ts'
import { useMay } from '../../api/session.ts'
import { type ListedWrite, type WriteState, writesQuery } from '../../api/writes.ts'
import { WriteStateBadge } from '../../parts/badge.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, type Health, HealthLine } from '../../parts/health.tsx'
import { LinkForWrite } from '../../parts/link-for-write.tsx'
import { May } from '../../parts/may.tsx'
import { useNames } from '../../parts/names.ts'
import { PageHeader, Section } from '../../parts/page.tsx'
import { ShowMore } from '../../parts/show-more.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { StateChips } from '../../parts/state-chips.tsx'
import { Moment, RelativeTime } from '../../parts/time.tsx'
import { useFieldLabels } from '../../parts/use-field-labels.ts'
import { useText } from '../../text/use-text.tsx'
import { useConnectionName } from '../runs/runs-table.tsx'
import { WriteLife } from './write-life.tsx'
import styles from './writes.module.css'

const states: WriteState[] = ['kept', 'sending', 'sent', 'done', 'failed', 'unknown', 'cancelled']

export function Writes() {
  const { t } = useText()
  const maySee = useMay('read:status')
  const ledger = useQuery({ ...ledgerQuery, enabled: maySee })
  const empty = ledger.data?.lines.length === 0
  return (
    <>
      <PageHeader
        title={t.writes.title}
        tab={t.writes.title}
        health={ledger.data ? <LedgerHealth ledger={ledger.data} /> : maySee ? <Bar width={260} /> : null}
      />
      {ledger.isError ? <ErrorNotice error={ledger.error} onRetry={() => void ledger.refetch()} /> : null}
      {ledger.isLoading ? <SkeletonBlock height={180} /> : null}
      {empty ? (
        <EmptyState
          title={t.writes.emptyTitle}
          text={t.writes.emptyText}
          picture={<LifePicture />}
          action={
            <May needs="manage:keys">
              <ButtonLink to="/keys?new=1">{t.writes.emptyAct}</ButtonLink>
            </May>
          }
        />
      ) : null}
      {ledger.data && !empty ? <LedgerSection ledger={ledger.data} /> : null}
      {maySee && (empty || !ledger.data) ? null : <WriteList />}
    </>
  )
}

const sum = (lines: LedgerLine[], key: 'open' | 'failed' | 'unknown' | 'done') =>
  lines.reduce((total, line) => total + line[key], 0)

function LedgerHealth({ ledger }: { ledger: Ledger }) {
  const { t } = useText()
  const { lines } = ledger
  const open = sum(lines, 'open')
  const failed = sum(lines, 'failed')
  const unknown = sum(lines, 'unknown')
  const health: Health =
    unknown > 0 ? 'bad' : failed > 0 ? 'warn' : open > 0 ? 'busy' : lines.length > 0 ? 'ok' : 'none'
  return (
    <HealthLine health={health}>
      {lines.length === 0 ? (
        t.writes.none
      ) : (
        <Facts>
          {unknown > 0 ? t.writes.unbalanced(unknown) : null}
          {ledger.balanced && failed === 0 ? t.writes.balanced : null}
          {open > 0 ? t.writes.open(open) : null}
          {failed > 0 ? t.writes.failedSome(failed) : null}
          {t.writes.doneCount(sum(lines, 'done'))}
          <Moment at={ledger.asOf} />
        </Facts>
      )}
    </HealthLine>
  )
}

function LedgerSection({ ledger }: { ledger: Ledger }) {
  const { t, f } = useText()
  const names = useNames()
  const nameOf = useConnectionName()
  const figure = (
    key: 'requested' | 'done' | 'open' | 'failed' | 'unknown' | 'cancelled',
    head: string,
    rank: 1 | 2 | 3,
  ): Column<LedgerLine> => ({
    key,
    head,
    rank,
    figure: true,
    width: '112px',
    cell: (line) => <span data-zero={line[key] === 0}>{f.count(line[key])}</span>,
  })
  const columns: Column<LedgerLine>[] = [
    {
      key: 'what',
      head: t.writes.what,
      cell: (line) =>
        [names.one(line.entity), t.operation[line.operation], nameOf(line.connectionId)].filter(Boolean).join(' · '),
    },
    figure('requested', t.writes.asked, 1),
    figure('done', t.writes.done, 2),
    figure('open', t.writes.onTheWay, 2),
    figure('failed', t.writes.failed, 2),
    figure('unknown', t.writes.unknown, 2),
    figure('cancelled', t.writes.cancelled, 3),
  ]
  return (
    <Section title={t.writes.ledger} text={t.writes.ledgerText} bare>
      <div className={styles.ledger}>
        <DataTable
          label={t.writes.ledger}
          columns={columns}
          rows={ledger.lines}
          rowKey={(line) => `${line.connectionId}-${line.entity}-${line.operation}`}
          tone={(line) => (line.unknown > 0 ? 'bad' : undefined)}
          under={(line) =>
            (
              [
                [t.writes.done, line.done],
                [t.writes.onTheWay, line.open],
                [t.writes.failed, line.failed],
                [t.writes.unknown, line.unknown],
              ] as const
            )
              .filter(([, count]) => count > 0)
              .map(([name, count]) => `${name} ${f.count(count)}`)
              .join(' · ')
          }
        />
      </div>
    </Section>
  )
}

function WriteList() {
  const { t } = useText()
  const [search] = useSearchParams()
  const state = states.find((each) => each === search.get('state'))
  const list = useInfiniteQuery(writesQuery({ state }))
  const writes = list.data?.pages.flatMap((page) => page.writes) ?? []
  const columns = useWriteColumns()
  return (
    <Section
      title={t.writes.list}
      actions={<StateChips states={states} names={t.writeState} all={t.writes.all} value={state} />}
      bare
    >
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? (
        <SkeletonBlock height={320} />
      ) : (
        <DataTable
          label={t.writes.list}
          columns={columns}
          rows={writes}
          rowKey={(write) => write.id}
          href={(write) => `/records/${write.recordId}`}
          tone={(write) => (write.state === 'failed' || write.state === 'unknown' ? 'bad' : undefined)}
          under={(write) => (
            <>
              <What write={write} /> · <RelativeTime at={write.createdAt} />
              <LinkForWrite write={write} />
            </>
          )}
          foot={<ShowMore list={list} shown={writes.length} />}
        />
      )}
    </Section>
  )
}

function useWriteColumns(): Column<ListedWrite>[] {
  const { t } = useText()
  const names = useNames()
  return [
    {
      key: 'record',
      head: t.writes.record,
      cell: (write) => write.name ?? names.one(write.entity),
    },
    {
      key: 'what',
      head: t.writes.what,
      rank: 2,
      cell: (write) => (
        <>
          <What write={write} />
          <LinkForWrite write={write} />
        </>
      ),
    },
    { key: 'state', head: t.runs.state, width: '170px', cell: (write) => <WriteStateBadge state={write.state} /> },
    { key: 'life', head: t.writes.life, rank: 3, width: '200px', cell: (write) => <WriteLife write={write} /> },
    { key: 'by', head: t.writes.by, rank: 4, width: '210px', cell: (write) => <By write={write} /> },
    { key: 'at', head: t.writes.at, rank: 2, width: '146px', cell: (write) => <RelativeTime at={write.createdAt} /> },
  ]
}

/** What was asked: the operation, and the fields by their labels. */
function What({ write }: { write: ListedWrite }) {
  const { t, f } = useText()
  const labelOf = useFieldLabels(write.connectionId, write.entity)
  const fields = Object.keys(write.fields).map(labelOf)
  return [t.operation[write.operation], fields.length > 0 ? f.list(fields) : ''].filter(Boolean).join(' · ')
}

/** Who asked for it, and whether it goes out by their own account of the CRM. */
function By({ write }: { write: ListedWrite }) {
  const { t } = useText()
  return write.as === 'person' ? `${write.requestedBy} · ${t.ownAccounts.own}` : write.requestedBy
}

/** kept — sent — read back, as it will look on each row. */
function LifePicture() {
  const { t } = useText()
  return (
    <div className={styles.picture}>
      {[t.writes.kept, t.writes.sent, t.writes.readBack].map((step) => (
        <span key={step}>{step}</span>
      ))}
    </div>
  )
}
