import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { People16Regular } from '@fluentui/react-icons/svg/people'
import { Person16Regular } from '@fluentui/react-icons/svg/person'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { peopleQuery } from '../../api/people.ts'
import { useMay } from '../../api/session.ts'
import { teamsQuery } from '../../api/teams.ts'
import { Finder } from '../../parts/finder.tsx'
import { RemovableChip } from '../../parts/removable-chip.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './configurations.module.css'

export interface Users {
  teamIds: string[]
  personIds: string[]
}

/** Teams and people that use it; nobody named means everybody. */
export function UsersPicker({ users, onChange }: { users: Users; onChange(users: Users): void }) {
  const { t } = useText()
  const may = useMay('manage:people')
  const teams = useQuery({ ...teamsQuery, enabled: may })
  const people = useQuery({ ...peopleQuery, enabled: may })
  const { teamIds, personIds } = users
  if (!may) {
    const none = teamIds.length + personIds.length === 0
    return (
      <p className={styles.none}>
        {none ? t.configurations.everybody : t.configurations.usersOf(teamIds.length, personIds.length)}.{' '}
        {t.configurations.notYours}
      </p>
    )
  }
  return (
    <div className={styles.users}>
      {teamIds.length + personIds.length === 0 ? <p className={styles.none}>{t.configurations.everybody}</p> : null}
      <Picked
        label={t.configurations.teams}
        add={t.configurations.addTeam}
        find={t.configurations.findTeam}
        none={t.configurations.noTeam}
        mark={<People16Regular aria-hidden="true" />}
        all={teams.data ?? []}
        ids={teamIds}
        onChange={(ids) => onChange({ ...users, teamIds: ids })}
      />
      <Picked
        label={t.configurations.people}
        add={t.configurations.addPerson}
        find={t.configurations.findPerson}
        none={t.configurations.noPerson}
        mark={<Person16Regular aria-hidden="true" />}
        all={people.data ?? []}
        ids={personIds}
        onChange={(ids) => onChange({ ...users, personIds: ids })}
      />
    </div>
  )
}

interface PickedProps {
  label: string
  add: string
  find: string
  none: string
  mark: ReactNode
  all: readonly { id: string; name: string }[]
  ids: readonly string[]
  onChange(ids: string[]): void
}

function Picked({ label, add, mark, all, ids, onChange, ...finder }: PickedProps) {
  const { t } = useText()
  const [finding, setFinding] = useState(false)
  const nameOf = (id: string) => all.find((one) => one.id === id)?.name ?? t.configurations.someone
  return (
    <fieldset className={styles.picked}>
      <legend>{label}</legend>
      <div className={styles.chips}>
        {ids.map((id) => (
          <RemovableChip
            key={id}
            label={nameOf(id)}
            mark={mark}
            removeLabel={t.configurations.takeOut(nameOf(id))}
            onRemove={() => onChange(ids.filter((each) => each !== id))}
          />
        ))}
        <Button size="small" icon={<Add16Regular />} onClick={() => setFinding(true)}>
          {add}
        </Button>
      </div>
      {finding ? (
        <NameFinder
          label={add}
          {...finder}
          all={all.filter(({ id }) => !ids.includes(id))}
          onPick={(id) => onChange([...ids, id])}
          onClose={() => setFinding(false)}
        />
      ) : null}
    </fieldset>
  )
}

function NameFinder(props: {
  label: string
  find: string
  none: string
  all: readonly { id: string; name: string }[]
  onPick(id: string): void
  onClose(): void
}) {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const options = props.all
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map(({ id, name }) => ({
      key: id,
      content: name,
      choose: () => {
        props.onClose()
        props.onPick(id)
      },
    }))
  return (
    <Finder
      label={props.label}
      field={{ label: props.find, placeholder: props.find }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={props.none}
      onClose={props.onClose}
    />
  )
}
