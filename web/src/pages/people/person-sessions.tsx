import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { endSessionOf, endSessionsOf, type Person, sessionsOfQuery } from '../../api/people.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SessionTable } from '../../parts/session-table.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'

export function PersonSessions({ person }: { person: Person }) {
  const { t } = useText()
  const toasts = useToasts()
  const query = sessionsOfQuery(person.id)
  const sessions = useQuery(query)
  const end = useMutation({
    mutationFn: (id: string | null) => (id === null ? endSessionsOf(person.id) : endSessionOf(person.id, id)),
    onSuccess: (_, id) => {
      toasts.done(id === null ? t.sessions.allEnded(person.name) : t.sessions.ended)
      void client.invalidateQueries({ queryKey: query.queryKey })
    },
    onError: (error) => toasts.failed(error, person.name),
  })
  const some = (sessions.data?.length ?? 0) > 0
  return (
    <Section
      title={t.person.sessions}
      bare={some}
      actions={
        some ? (
          <Button size="small" onClick={() => end.mutate(null)} disabledFocusable={end.isPending}>
            {t.sessions.endAll}
          </Button>
        ) : null
      }
    >
      {sessions.isError ? <ErrorNotice error={sessions.error} onRetry={() => void sessions.refetch()} /> : null}
      {sessions.isPending ? <SkeletonBlock height={72} /> : null}
      {some && sessions.data ? (
        <SessionTable label={t.person.sessions} sessions={sessions.data} onEnd={(session) => end.mutate(session.id)} />
      ) : null}
      {sessions.data && !some ? <p className={styles.empty}>{t.sessions.none}</p> : null}
    </Section>
  )
}
