import { Button, Input } from '@fluentui/react-components'
import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { invitationsQuery, type Person, peopleQuery } from '../../api/people.ts'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { Invitations } from './invitations.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import styles from './people.module.css'
import { PeopleTable } from './people-table.tsx'

/** A list that one sees at a glance needs no field to search in. */
const SEARCHED_FROM = 2

export function People() {
  const { t } = useText()
  const [search, setSearch] = useSearchParams()
  const people = useQuery(peopleQuery)
  const invitations = useQuery(invitationsQuery)
  const [typed, setTyped] = useState('')
  const words = useRoleWords()
  const invite = (
    <Button appearance="primary" icon={<Add20Regular />} onClick={() => setSearch({ new: '1' })}>
      {t.people.invite}
    </Button>
  )
  const found = people.data?.filter((person) => fits(person, typed, words.name)) ?? []
  const alone = people.data?.length === 1 && invitations.data?.length === 0
  return (
    <>
      <PageHeader
        title={t.people.title}
        tab={t.people.title}
        health={
          people.data ? <Health people={people.data} invited={invitations.data?.length ?? 0} /> : <Bar width={200} />
        }
        actions={alone ? null : invite}
      />
      {people.isError ? <ErrorNotice error={people.error} onRetry={() => void people.refetch()} /> : null}
      {people.isPending ? <SkeletonBlock height={180} /> : null}
      {people.data && people.data.length >= SEARCHED_FROM ? (
        <Input
          type="search"
          className={styles.search ?? ''}
          value={typed}
          onChange={(_, data) => setTyped(data.value)}
          contentBefore={<Search16Regular aria-hidden="true" />}
          placeholder={t.people.find}
          aria-label={t.people.find}
        />
      ) : null}
      {found.length > 0 ? <PeopleTable people={found} /> : null}
      {people.data && found.length === 0 ? (
        <p className={styles.none} role="status">
          {t.people.foundNone}
        </p>
      ) : null}
      {alone ? (
        <EmptyState title={t.people.alone} text={t.people.aloneText} picture={<GhostRows rows={3} />} action={invite} />
      ) : null}
      {invitations.isError ? (
        <ErrorNotice error={invitations.error} onRetry={() => void invitations.refetch()} />
      ) : null}
      {invitations.data?.length ? <Invitations invitations={invitations.data} /> : null}
      {search.has('new') ? <InviteDialog onClose={() => setSearch({}, { replace: true })} /> : null}
    </>
  )
}

function Health({ people, invited }: { people: Person[]; invited: number }) {
  const { t } = useText()
  const suspended = people.filter((person) => person.state === 'suspended').length
  return (
    <HealthLine health="ok">
      <Facts>
        {[
          t.people.health(people.length - suspended),
          suspended > 0 ? t.people.suspendedCount(suspended) : null,
          invited > 0 ? t.people.invitedCount(invited) : null,
        ]}
      </Facts>
    </HealthLine>
  )
}

/** Without capitals and accents, in name, address and the names of roles. */
function fits(person: Person, typed: string, roleName: (id: string) => string): boolean {
  const text = [person.name, person.email ?? '', ...person.roles.map(roleName)].join(' ')
  return plain(text).includes(plain(typed))
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
