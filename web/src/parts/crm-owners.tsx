import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { People16Regular } from '@fluentui/react-icons/svg/people'
import { Person16Regular } from '@fluentui/react-icons/svg/person'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { lookupQuery } from '../api/lookup.ts'
import { ownersHeldQuery, recordQuery } from '../api/records.ts'
import { useMay } from '../api/session.ts'
import { useText } from '../text/use-text.tsx'
import styles from './crm-owners.module.css'
import { Finder } from './finder.tsx'
import { useNames } from './names.ts'
import { RemovableChip } from './removable-chip.tsx'

interface Owner {
  id: string
  name: string | null
  entity: string
}

/** Users and teams of CRMs, as record ids: what they own is somebody's own. */
export function CrmOwners(props: { owners: readonly string[]; none: string; onChange(owners: string[]): void }) {
  const { t } = useText()
  const may = useMay('read:records')
  const [finding, setFinding] = useState(false)
  const { owners } = props
  const found = useQueries({ queries: owners.map((id) => ({ ...recordQuery(id), enabled: may, retry: false })) })
  return (
    <div className={styles.owners}>
      {owners.length === 0 ? <p className={styles.none}>{props.none}</p> : null}
      {owners.map((id, index) => {
        const record = found[index]?.data
        const name = record?.name ?? (found[index]?.isPending && may ? '…' : t.owners.gone)
        return (
          <RemovableChip
            key={id}
            label={name}
            mark={<OwnerIcon entity={record?.entity ?? 'user'} />}
            removeLabel={t.owners.remove(name)}
            onRemove={() => props.onChange(owners.filter((each) => each !== id))}
          />
        )
      })}
      {may ? (
        <Button size="small" icon={<Add16Regular />} onClick={() => setFinding(true)}>
          {t.owners.add}
        </Button>
      ) : null}
      {finding ? (
        <OwnerFinder
          without={owners}
          onPick={(id) => props.onChange([...owners, id])}
          onClose={() => setFinding(false)}
        />
      ) : null}
    </div>
  )
}

function OwnerIcon({ entity }: { entity: string }) {
  const Icon = entity === 'team' ? People16Regular : Person16Regular
  return <Icon aria-hidden="true" />
}

/** The first of them at once; by name, all of them. */
function OwnerFinder(props: { without: readonly string[]; onPick(id: string): void; onClose(): void }) {
  const { t } = useText()
  const names = useNames()
  const [text, setText] = useState('')
  const first = useQuery(ownersHeldQuery)
  const looked = useQuery(lookupQuery(text.trim()))
  const named: Owner[] = looked.data?.matches.filter(({ entity }) => entity === 'user' || entity === 'team') ?? []
  const wanted = text.trim().toLowerCase()
  const listed = (first.data ?? []).filter(({ name }) => (name ?? '').toLowerCase().includes(wanted))
  const all = new Map([...listed, ...named].map((owner): [string, Owner] => [owner.id, owner]))
  const options = [...all.values()]
    .filter(({ id }) => !props.without.includes(id))
    .map(({ id, name, entity }) => ({
      key: id,
      content: (
        <span className={styles.option}>
          <OwnerIcon entity={entity} />
          <span>{name ?? t.records.noName}</span>
          <small>{names.one(entity)}</small>
        </span>
      ),
      choose: () => {
        props.onClose()
        props.onPick(id)
      },
    }))
  return (
    <Finder
      label={t.owners.add}
      field={{ label: t.owners.find, placeholder: t.owners.find }}
      text={text}
      onText={setText}
      groups={[{ title: null, options }]}
      none={t.owners.notFound}
      onClose={props.onClose}
    />
  )
}
