import { useQuery } from '@tanstack/react-query'
import { keepSaved } from '../../api/client.ts'
import type { Person } from '../../api/people.ts'
import { ownersQuery, setOwners } from '../../api/teams.ts'
import { CrmOwners } from '../../parts/crm-owners.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'

/** Which users of the CRM this person is. */
export function PersonOwners({ person }: { person: Person }) {
  const { t } = useText()
  const toasts = useToasts()
  const query = ownersQuery(person.id)
  const owners = useQuery(query)
  const put = useProven((next: string[]) => setOwners(person.id, next), {
    done: (answer) => {
      keepSaved(query.queryKey, answer.owners)
      toasts.done(t.owners.saved)
    },
    failed: (error) => toasts.failed(error, person.name),
  })
  return (
    <Section title={t.owners.ofPerson} text={t.owners.ofPersonText}>
      {owners.isError ? <ErrorNotice error={owners.error} onRetry={() => void owners.refetch()} /> : null}
      {owners.isPending ? <SkeletonBlock height={64} /> : null}
      {owners.data ? <CrmOwners owners={owners.data} none={t.owners.none} onChange={put.run} /> : null}
    </Section>
  )
}
