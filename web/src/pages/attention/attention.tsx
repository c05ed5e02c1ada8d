import { Button, Spinner } from '@fluentui/react-components'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import {
  type AttentionCounts,
  type AttentionKind,
  attentionQuery,
  attentionTotal,
  refreshAttention,
  replayAll,
} from '../../api/attention.ts'
import { statusQuery } from '../../api/status.ts'
import { type Chip, Chips } from '../../parts/chips.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { ShowMore } from '../../parts/show-more.tsx'
import { Bar, SkeletonRows } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './attention.module.css'
import { AttentionRow } from './attention-row.tsx'
import { FeedRow } from './feed-row.tsx'

const kinds: AttentionKind[] = [
  ...(['connection', 'configuration', 'run', 'sweep'] as const),
  ...(['unknown_write', 'failed_write', 'parked'] as const),
]

export function Attention() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const kind = kinds.find((each) => each === search.get('kind'))
  const connection = search.get('connection') ?? undefined
  const list = useInfiniteQuery(attentionQuery({ kind, connection }))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const counts = list.data?.pages[0]?.counts
  const status = useQuery(statusQuery)
  const held = connection ? null : status.data?.feedHeldBack
  const total = (counts ? attentionTotal(counts) : 0) + (held ? 1 : 0)
  return (
    <>
      <PageHeader
        title={t.attention.title}
        tab={t.attention.title}
        health={counts ? <Health counts={counts} total={total} /> : <Bar width={220} />}
        actions={
          counts && counts.parked > 1 ? (
            <May needs="manage:sync">
              <ReplayAll parked={counts.parked} connection={connection} />
            </May>
          ) : null
        }
      />
      {counts && total > 0 ? (
        <div className={styles.filters}>
          <KindChips
            counts={counts}
            total={total}
            kind={kind}
            onPick={(value) => setSearch(value === 'all' ? {} : { kind: value }, { replace: true })}
          />
        </div>
      ) : null}
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? (
        <div className={styles.list}>
          <SkeletonRows rows={6} height={84} />
        </div>
      ) : null}
      {held && !kind ? (
        <div className={styles.feed}>
          <FeedRow held={held} />
        </div>
      ) : null}
      {items.length > 0 ? (
        <div className={styles.list}>
          {items.map((item) => (
            <AttentionRow key={`${item.kind}-${item.id}`} item={item} />
          ))}
          <div className={styles.foot}>
            <ShowMore list={list} shown={items.length} />
          </div>
        </div>
      ) : null}
      {list.isSuccess && items.length === 0 && (kind || !held) ? (
        <EmptyState title={t.attention.none} text={t.attention.emptyText} picture={<AllClear />} />
      ) : null}
    </>
  )
}

function Health({ counts, total }: { counts: AttentionCounts; total: number }) {
  const { t } = useText()
  const pressing = attentionTotal(counts) - counts.parked - counts.failed_write
  return (
    <HealthLine health={total === 0 ? 'ok' : pressing > 0 ? 'bad' : 'warn'}>
      {total === 0 ? t.attention.none : t.attention.some(total)}
    </HealthLine>
  )
}

function KindChips(props: {
  counts: AttentionCounts
  total: number
  kind: AttentionKind | undefined
  onPick(value: AttentionKind | 'all'): void
}) {
  const { t, f } = useText()
  const chips: Chip<AttentionKind | 'all'>[] = [
    { value: 'all', text: t.attention.all, count: f.count(props.total) },
    ...kinds
      .filter((each) => props.counts[each] > 0 || each === props.kind)
      .map((each) => ({ value: each, text: t.attention.kinds[each][1] ?? each, count: f.count(props.counts[each]) })),
  ]
  return <Chips label={t.records.filters} chips={chips} value={props.kind ?? 'all'} onPick={props.onPick} />
}

function ReplayAll({ parked, connection }: { parked: number; connection: string | undefined }) {
  const { t } = useText()
  const toasts = useToasts()
  const replay = useMutation({
    mutationFn: () => replayAll(connection),
    onSuccess: (answer) => {
      toasts.done(t.attention.replayedSome(answer.replayed - answer.stillParked, answer.stillParked))
      refreshAttention()
    },
    onError: (error) => toasts.failed(error),
  })
  return (
    <Button
      onClick={() => replay.mutate()}
      disabledFocusable={replay.isPending}
      icon={replay.isPending ? <Spinner size="extra-tiny" /> : null}
    >
      {t.attention.replayAll(parked)}
    </Button>
  )
}

/** A quiet board: every cord in its socket. */
function AllClear() {
  return (
    <svg viewBox="0 0 320 96" className={styles.clear} aria-hidden="true">
      {[40, 120, 200, 280].map((x, index) => (
        <g key={x}>
          <circle cx={x} cy="24" r="9" />
          {index < 3 ? <path d={`M${x} 34c0 44 80 44 80 0`} /> : null}
        </g>
      ))}
    </svg>
  )
}
