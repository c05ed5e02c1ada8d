import { useQuery } from '@tanstack/react-query'
import type { Person } from '../../api/people.ts'
import { sessionQuery } from '../../api/session.ts'
import { Tag } from '../../parts/badge.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { HealthDot } from '../../parts/health.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { RelativeTime } from '../../parts/time.tsx'
import type { Text } from '../../text/en.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'

export function PeopleTable({ people }: { people: Person[] }) {
  const { t } = useText()
  const words = useRoleWords()
  const { data: session } = useQuery(sessionQuery)
  const columns: Column<Person>[] = [
    {
      key: 'name',
      head: t.people.name,
      cell: (person) => (
        <span className={styles.name}>
          {person.name} {person.id === session?.id ? <Tag>{t.people.you}</Tag> : null}
          <span className={styles.email}>{person.email ?? t.people.noEmail}</span>
        </span>
      ),
    },
    {
      key: 'state',
      head: t.people.state,
      width: '120px',
      rank: 2,
      cell: (person) => (
        <span className={styles.state}>
          <HealthDot health={person.state === 'active' ? 'ok' : 'idle'} />
          {t.people.states[person.state]}
        </span>
      ),
    },
    {
      key: 'roles',
      head: t.people.roles,
      width: '22%',
      rank: 2,
      cell: (person) => (
        <span className={styles.tags}>
          {person.roles.map((role) => (
            <Tag key={role}>{words.name(role)}</Tag>
          ))}
        </span>
      ),
    },
    { key: 'ways', head: t.people.ways, width: '22%', rank: 3, cell: (person) => waysOf(person, t) },
    {
      key: 'seen',
      head: t.people.seen,
      width: '130px',
      rank: 2,
      cell: (person) => <RelativeTime at={person.signedInAt} />,
    },
  ]
  return (
    <DataTable
      label={t.people.title}
      columns={columns}
      rows={people}
      rowKey={(person) => person.id}
      href={(person) => `/people/${person.id}`}
      tone={(person) => (person.state === 'suspended' ? 'faint' : undefined)}
      under={(person) =>
        [
          person.state === 'suspended' ? t.people.states.suspended : null,
          person.roles.map((role) => words.name(role)).join(', '),
        ]
          .filter(Boolean)
          .join(' · ')
      }
    />
  )
}

/** What somebody signs in with, in one line. */
export function waysOf(person: Person, t: Text): string {
  const ways = [
    person.hasPassword ? t.people.password : null,
    person.hasTotp ? t.people.app : null,
    person.passkeys > 0 ? t.people.passkey(person.passkeys) : null,
  ].filter((way) => way !== null)
  return ways.length > 0 ? ways.join(' · ') : t.people.noWay
}
