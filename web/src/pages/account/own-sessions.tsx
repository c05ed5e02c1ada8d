import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { endOtherSessions, endOwnSession, ownSessionsQuery } from '../../api/account.ts'
import { client } from '../../api/client.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SessionTable } from '../../parts/session-table.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'

/** Ended at once: whoever sees a session that is not theirs does not want to wait. */
export function OwnSessions() {
  const { t } = useText()
  const toasts = useToasts()
  const sessions = useQuery(ownSessionsQuery)
  const end = useMutation({
    mutationFn: (id: string | null) => (id === null ? endOtherSessions() : endOwnSession(id)),
    onSuccess: (_, id) => {
      toasts.done(id === null ? t.sessions.othersEnded : t.sessions.ended)
      void client.invalidateQueries({ queryKey: ownSessionsQuery.queryKey })
    },
    onError: (error) => toasts.failed(error),
  })
  const others = sessions.data?.some((session) => !session.current)
  return (
    <Section
      title={t.account.sessions}
      bare
      actions={
        others ? (
          <Button size="small" onClick={() => end.mutate(null)} disabledFocusable={end.isPending}>
            {t.sessions.endOthers}
          </Button>
        ) : null
      }
    >
      {sessions.isError ? <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} /> : null}
      {sessions.isPending ? <SkeletonBlock height={106} /> : null}
      {sessions.data ? (
        <SessionTable label={t.account.sessions} sessions={sessions.data} onEnd={(session) => end.mutate(session.id)} />
      ) : null}
    </Section>
  )
}
