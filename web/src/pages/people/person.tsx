import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { type Person, peopleQuery } from '../../api/people.ts'
import { sessionQuery } from '../../api/session.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { PageHeader, Pair, Pairs, Section, SideBySide } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { Moment, RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'
import { waysOf } from './people-table.tsx'
import { PersonActs } from './person-acts.tsx'
import { PersonOwners } from './person-owners.tsx'
import { PersonRoles } from './person-roles.tsx'
import { PersonSessions } from './person-sessions.tsx'

export function PersonPage() {
  const { t } = useText()
  const { id = '' } = useParams()
  const people = useQuery(peopleQuery)
  const { data: session } = useQuery(sessionQuery)
  const person = people.data?.find((each) => each.id === id)
  const isSelf = id === session?.id
  const last = person !== undefined && isLastAdministrator(person, people.data ?? [])
  const crumbs = [{ to: '/people', text: t.people.title }]
  if (people.data && !person) return <PageHeader title={t.person.gone} tab={t.people.title} crumbs={crumbs} />
  return (
    <>
      <PageHeader
        title={person?.name ?? <Bar width={180} height={22} />}
        tab={person?.name ?? t.people.title}
        crumbs={crumbs}
        health={person ? <PersonHealth person={person} /> : <Bar width={140} />}
        actions={
          person && isSelf ? (
            <ButtonLink to="/account">{t.person.toAccount}</ButtonLink>
          ) : person ? (
            <PersonActs person={person} last={last} />
          ) : null
        }
      />
      {people.isError ? <ErrorNotice error={people.error} onRetry={() => void people.refetch()} /> : null}
      {people.isPending ? <SkeletonBlock height={240} /> : null}
      {person ? (
        <>
          {isSelf || last ? <p className={styles.note}>{isSelf ? t.person.self : t.person.last}</p> : null}
          <SideBySide>
            <About person={person} />
            <PersonRoles key={person.roles.join()} person={person} last={last} />
          </SideBySide>
          <PersonOwners person={person} />
          {isSelf ? null : <PersonSessions person={person} />}
        </>
      ) : null}
    </>
  )
}

/** The hub would refuse to take the last one's right away: it is not offered. */
function isLastAdministrator(person: Person, people: Person[]): boolean {
  const administers = (each: Person) => each.state === 'active' && each.roles.includes('administrator')
  return administers(person) && people.filter(administers).length === 1
}

function PersonHealth({ person }: { person: Person }) {
  const { t } = useText()
  if (person.state === 'suspended') return <HealthLine health="idle">{t.person.healthSuspended}</HealthLine>
  const hasWay = person.hasPassword || person.passkeys > 0
  return (
    <HealthLine health={hasWay ? 'ok' : 'warn'}>{hasWay ? t.person.healthActive : t.person.healthNoWay}</HealthLine>
  )
}

function About({ person }: { person: Person }) {
  const { t } = useText()
  return (
    <Section title={t.person.about}>
      <Pairs>
        <Pair name={t.people.email}>{person.email ?? t.people.noEmail}</Pair>
        <Pair name={t.people.ways}>{waysOf(person, t)}</Pair>
        <Pair name={t.people.seen}>
          <RelativeTime at={person.signedInAt} />
        </Pair>
        <Pair name={t.person.since}>
          <Moment at={person.createdAt} />
        </Pair>
        <Pair name={t.person.madeBy}>{person.createdBy}</Pair>
      </Pairs>
    </Section>
  )
}
