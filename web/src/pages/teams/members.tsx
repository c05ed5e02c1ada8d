import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Person, peopleQuery } from '../../api/people.ts'
import { addMember, removeMember, type Team } from '../../api/teams.ts'
import { Tag } from '../../parts/badge.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Finder } from '../../parts/finder.tsx'
import { Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { useToasts } from '../../parts/toasts.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import { keepTeam } from './keep-team.ts'
import styles from './teams.module.css'

/** Who is in the team. Taking out acts at once and can be taken back. */
export function Members({ team }: { team: Team }) {
  const { t } = useText()
  const toasts = useToasts()
  const [finding, setFinding] = useState(false)
  const { data: people = [] } = useQuery(peopleQuery)
  const members = people.filter(({ id }) => team.members.includes(id))
  const failed = (error: unknown) => toasts.failed(error, team.name)
  const add = useProven((person: Person) => addMember(team.id, person.id), { done: keepTeam, failed })
  const takeOut = useProven((person: Person) => removeMember(team.id, person.id), {
    done: (changed, person) => {
      keepTeam(changed)
      toasts.done(t.teamPage.takenOut(person.name), () => add.run(person))
    },
    failed,
  })
  const columns = useColumns(takeOut.run)
  return (
    <Section
      title={t.teamPage.members}
      text={t.teamPage.membersText}
      bare={members.length > 0}
      actions={
        <Button size="small" icon={<Add16Regular />} onClick={() => setFinding(true)}>
          {t.teamPage.addMember}
        </Button>
      }
    >
      {members.length > 0 ? (
        <DataTable
          label={t.teamPage.members}
          columns={columns}
          rows={members}
          rowKey={({ id }) => id}
          href={({ id }) => `/people/${id}`}
          tone={({ state }) => (state === 'suspended' ? 'faint' : undefined)}
        />
      ) : (
        <p className={styles.empty}>{t.teamPage.noMembers}</p>
      )}
      {finding ? (
        <PersonFinder
          people={people.filter(({ id }) => !team.members.includes(id))}
          onPick={add.run}
          onClose={() => setFinding(false)}
        />
      ) : null}
    </Section>
  )
}

function useColumns(takeOut: (person: Person) => void): Column<Person>[] {
  const { t } = useText()
  const words = useRoleWords()
  return [
    {
      key: 'name',
      head: t.people.name,
      cell: (person) => (
        <>
          {person.name}
          <span className={styles.text}>{person.email ?? t.people.noEmail}</span>
        </>
      ),
    },
    {
      key: 'roles',
      head: t.people.roles,
      rank: 2,
      width: '40%',
      cell: (person) => (
        <span className={styles.tags}>
          {person.roles.map((role) => (
            <Tag key={role}>{words.name(role)}</Tag>
          ))}
        </span>
      ),
    },
    {
      key: 'act',
      head: <VisuallyHidden>{t.teamPage.out}</VisuallyHidden>,
      figure: true,
      width: '120px',
      cell: (person) => (
        <Button
          size="small"
          appearance="subtle"
          aria-label={t.teamPage.takeOut(person.name)}
          onClick={() => takeOut(person)}
        >
          {t.teamPage.out}
        </Button>
      ),
    },
  ]
}

function PersonFinder(props: { people: Person[]; onPick(person: Person): void; onClose(): void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const options = props.people
    .filter(({ name, email }) => `${name} ${email ?? ''}`.toLowerCase().includes(wanted))
    .map((person) => ({
      key: person.id,
      content: (
        <span className={styles.option}>
          {person.name}
          <span className={styles.text}>{person.email ?? t.people.noEmail}</span>
        </span>
      ),
      choose: () => {
        props.onClose()
        props.onPick(person)
      },
    }))
  return (
    <Finder
      label={t.teamPage.addMember}
      field={{ label: t.teamPage.findPerson, placeholder: t.teamPage.findPerson }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={t.teamPage.noPerson}
      onClose={props.onClose}
    />
  )
}
