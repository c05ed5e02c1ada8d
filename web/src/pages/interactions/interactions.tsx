import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import {
  type Interaction,
  type InteractionLedger,
  interactionLedgerQuery,
  interactionsQuery,
  isErased,
} from '../../api/interactions.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, type Health, HealthDot, HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { PageHeader, Section } from '../../parts/page.tsx'
import { ShowMore } from '../../parts/show-more.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { StateChips } from '../../parts/state-chips.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { StateWord } from '../desktop/card-head.tsx'
import { channelWord } from '../desktop/who.ts'
import styles from './interactions.module.css'
import { nameOf, numberOf, useOutcome } from './outcome.ts'

const states = ['differing', 'open', 'closed'] as const

/** Every interaction beside what was written of it, differences first. */
export function Interactions() {
  const { t } = useText()
  const ledger = useQuery(interactionLedgerQuery)
  const any = useInfiniteQuery(interactionsQuery({}))
  const empty = any.data?.pages[0]?.interactions.length === 0 && ledger.data?.removed === 0
  return (
    <>
      <PageHeader
        title={t.interactions.title}
        tab={t.interactions.title}
        health={ledger.data ? <LedgerHealth ledger={ledger.data} /> : ledger.isLoading ? <Bar width={260} /> : null}
      />
      {ledger.isError ? <ErrorNotice error={ledger.error} onRetry={() => void ledger.refetch()} /> : null}
      {empty ? (
        <EmptyState
          title={t.interactions.emptyTitle}
          text={t.interactions.emptyText}
          picture={<GhostRows />}
          action={
            <May needs="manage:keys">
              <ButtonLink to="/keys?new=1" appearance="primary">
                {t.writes.emptyAct}
              </ButtonLink>
            </May>
          }
        />
      ) : (
        <InteractionTable />
      )}
    </>
  )
}

/** Interactions = activities, or by how much not. */
function LedgerHealth({ ledger }: { ledger: InteractionLedger }) {
  const { t, f } = useText()
  const { withLink, activities, waiting, failed, unknown, nothingLinked, removed, interactions } = ledger
  const health: Health = interactions === 0 ? 'none' : unknown > 0 || failed > 0 ? 'bad' : waiting > 0 ? 'busy' : 'ok'
  const missing = failed + unknown
  return (
    <HealthLine health={health}>
      {interactions === 0 ? (
        t.interactions.none
      ) : (
        <Facts>
          {missing > 0 ? <Link to="/interactions?state=differing">{t.interactions.differ(missing)}</Link> : null}
          {withLink === activities
            ? t.interactions.equal(f.count(activities))
            : t.interactions.made(f.count(activities), f.count(withLink))}
          {waiting > 0 ? t.interactions.waiting(waiting) : null}
          {failed > 0 ? t.interactions.failed(failed) : null}
          {unknown > 0 ? t.interactions.unknown(unknown) : null}
          {nothingLinked > 0 ? t.interactions.nothingLinked(nothingLinked) : null}
          {removed > 0 ? t.interactions.removed(removed) : null}
        </Facts>
      )}
    </HealthLine>
  )
}

function InteractionTable() {
  const { t } = useText()
  const [search] = useSearchParams()
  const state = states.find((each) => each === search.get('state'))
  const list = useInfiniteQuery(interactionsQuery({ state }))
  const interactions = list.data?.pages.flatMap((page) => page.interactions) ?? []
  const columns = useColumns()
  return (
    <Section
      title={t.interactions.title}
      actions={<StateChips states={states} names={t.interactions.states} all={t.interactions.all} value={state} />}
      bare
    >
      {list.isError ? <ErrorNotice error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <SkeletonBlock height={320} /> : null}
      {list.data && interactions.length === 0 ? <p className={styles.none}>{t.interactions.emptyFilter}</p> : null}
      {interactions.length > 0 ? (
        <DataTable
          label={t.interactions.title}
          columns={columns}
          rows={interactions}
          rowKey={({ id }) => id}
          href={({ id }) => `/interactions/${id}`}
          tone={({ memorialized }) => (isWrong(memorialized.state) ? 'bad' : undefined)}
          under={(interaction) => (
            <>
              <Outcome memorialized={interaction.memorialized} />
              <p>
                {channelWord(interaction.channelType, t)} · <RelativeTime at={interaction.offeredAt} />
              </p>
            </>
          )}
          foot={<ShowMore list={list} shown={interactions.length} />}
        />
      ) : null}
    </Section>
  )
}

const isWrong = (state: Interaction['memorialized']['state']) => state === 'failed' || state === 'unknown'

function useColumns(): Column<Interaction>[] {
  const { t } = useText()
  return [
    { key: 'who', head: t.interactions.who, cell: (interaction) => <Who interaction={interaction} /> },
    {
      key: 'channel',
      head: t.interactions.channel,
      rank: 3,
      width: '170px',
      cell: ({ channelType, direction }) => [channelWord(channelType, t), t.desk[direction]].join(' · '),
    },
    {
      key: 'state',
      head: t.interactions.state,
      rank: 2,
      width: '136px',
      cell: (interaction) => (
        <span className={styles.state}>
          <StateWord interaction={interaction} />
        </span>
      ),
    },
    {
      key: 'agent',
      head: t.interactions.agent,
      rank: 4,
      width: '180px',
      cell: ({ agents }) =>
        agents.map(({ name, id }) => name ?? (isErased(id) ? t.auditLog.who.erased : id)).join(', '),
    },
    {
      key: 'written',
      head: t.interactions.written,
      rank: 2,
      width: '220px',
      cell: ({ memorialized }) => <Outcome memorialized={memorialized} />,
    },
    {
      key: 'at',
      head: t.interactions.at,
      rank: 2,
      width: '140px',
      cell: ({ offeredAt }) => <RelativeTime at={offeredAt} />,
    },
  ]
}

function Who({ interaction }: { interaction: Interaction }) {
  const { t } = useText()
  const name = nameOf(interaction, t)
  const number = numberOf(interaction.address, t)
  return (
    <>
      {name === number ? null : `${name} `}
      <span className={name === number ? styles.only : styles.number}>{number}</span>
    </>
  )
}

/** Why it is not in the CRM stands with it: nobody hovers over fifty rows. */
function Outcome({ memorialized }: { memorialized: Interaction['memorialized'] }) {
  const { fromProblem } = useProblem()
  const { state, problem, targets } = memorialized
  const { health, words } = useOutcome(state)
  const why = problem ?? targets.find((target) => target.problem)?.problem
  return (
    <span className={styles.outcome}>
      <HealthDot health={health} />
      <span>
        {words}
        {why ? <span className={styles.why}>{fromProblem(why).what}</span> : null}
      </span>
    </span>
  )
}
