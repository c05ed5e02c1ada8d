import { useQuery } from '@tanstack/react-query'
import type { Connection } from '../../api/connections.ts'
import { type PushState, pushStateQuery } from '../../api/pushes.ts'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import type { Health } from '../../parts/health.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { ApexWay } from './apex-way.tsx'
import { MessagesWay } from './messages-way.tsx'
import styles from './push.module.css'
import { PushToday } from './push-today.tsx'
import { Way } from './way.tsx'

/** How a CRM that the hub itself can register at tells of changes, and how each way stands. */
export function PushWays({ connection }: { connection: Connection }) {
  const { t } = useText()
  const query = useQuery(pushStateQuery(connection.id))
  const state = query.data
  return (
    <Section title={t.push.title} text={t.push.text}>
      {query.isPending ? <SkeletonRows rows={3} height={56} /> : null}
      {query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      {state ? (
        <>
          <ul className={styles.ways}>
            {state.installable ? (
              <>
                <LineWay state={state} />
                <ApexWay connection={connection} state={state} />
                <MessagesWay connection={connection.id} hasAddress={state.address !== null} />
              </>
            ) : (
              <WebhookWay connection={connection} state={state} />
            )}
          </ul>
          <PushToday connection={connection.id} />
        </>
      ) : null}
    </Section>
  )
}

const lineHealth: Record<string, Health> = { listening: 'ok', interrupted: 'warn', not_offered: 'none', none: 'none' }

function LineWay({ state: { listener } }: { state: PushState }) {
  const { t } = useText()
  const { fromProblem } = useProblem()
  const line = listener?.state ?? 'none'
  const why = listener?.problem ? fromProblem(listener.problem).what : null
  return (
    <Way
      name={t.push.captured}
      health={lineHealth[line] ?? 'none'}
      state={t.push.line[line]}
      facts={listener?.heardAt ? <RelativeTime at={listener.heardAt} say={t.push.heard} /> : null}
      about={
        <>
          {why && line !== 'listening' ? (
            <p>
              {why}
              {/[.!?]$/.test(why) ? ' ' : '. '}
              {t.push.lineAgain[line]}
            </p>
          ) : null}
          <p>{t.push.capturedText}</p>
        </>
      }
    />
  )
}

function WebhookWay({ connection, state }: { connection: Connection; state: PushState }) {
  const { t, f } = useText()
  const names = useNames()
  const { installed, problem, address } = state
  const about = installed ? t.push.webhookText : address === null ? t.push.noAddress : t.push.willRegister
  return (
    <Way
      name={t.push.webhook}
      health={installed ? 'ok' : problem ? 'bad' : 'none'}
      state={installed ? <RelativeTime at={installed.at} say={t.push.registered} /> : t.push.notRegistered}
      facts={installed ? t.push.tellsOf(f.list(installed.told.map(names.many))) : null}
      about={about}
    >
      {problem ? <ProblemNotice problem={problem} subject={connection.name} calm /> : null}
    </Way>
  )
}
