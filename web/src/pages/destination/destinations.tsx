import { Button, Field, Select } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { connectionsQuery } from '../../api/connections.ts'
import { destinationsQuery, nameDestination } from '../../api/destinations.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { EmptyState, GhostRows } from '../../parts/empty-state.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { DestinationPanel } from './destination-panel.tsx'
import styles from './destinations.module.css'

// Of what is connected, that which can be written to as a whole.
const able = 'dynamics'

/** Organisations into which the accounts and contacts of all others are written; mostly one. */
export function Destinations() {
  const { t } = useText()
  const destinations = useQuery(destinationsQuery)
  const found = destinations.data
  const active = found?.filter(({ state }) => state === 'active').length ?? 0
  return (
    <>
      <PageHeader
        title={t.destination.title}
        tab={t.destination.title}
        health={
          found ? (
            <HealthLine health={found.length === 0 ? 'none' : active > 0 ? 'ok' : 'idle'}>
              {found.length === 0 ? t.destination.none : t.destination.writing(active)}
            </HealthLine>
          ) : (
            <Bar width={200} />
          )
        }
      />
      {destinations.isError ? (
        <ErrorNotice error={destinations.error} onRetry={() => void destinations.refetch()} />
      ) : null}
      {destinations.isPending ? <SkeletonBlock height={220} /> : null}
      {found?.map((destination) => (
        <DestinationPanel key={destination.id} destination={destination} />
      ))}
      {found ? (
        <May needs="create:integrations">
          <NameOne taken={found.map(({ connectionId }) => connectionId)} />
        </May>
      ) : null}
    </>
  )
}

function NameOne({ taken }: { taken: string[] }) {
  const { t } = useText()
  const connections = useQuery(connectionsQuery)
  const free = connections.data?.filter(({ id, crm }) => crm === able && !taken.includes(id))
  if (!free || (free.length === 0 && taken.length > 0)) return null
  const picture = <GhostRows rows={3} />
  if (free.length === 0) {
    const connect = (
      <ButtonLink to="/connections/new" appearance="primary">
        {t.destination.connectFirst}
      </ButtonLink>
    )
    return (
      <EmptyState title={t.destination.emptyTitle} text={t.destination.emptyText} picture={picture} action={connect} />
    )
  }
  const choose = <Choose free={free} first={taken.length === 0} />
  if (taken.length > 0) return <div className={styles.another}>{choose}</div>
  return (
    <EmptyState title={t.destination.emptyTitle} text={t.destination.emptyText} picture={picture} action={choose} />
  )
}

function Choose({ free, first }: { free: { id: string; name: string }[]; first: boolean }) {
  const { t } = useText()
  const [chosen, setChosen] = useState('')
  const connection = chosen || free[0]!.id
  const name = useMutation({
    mutationFn: () => nameDestination({ connection }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['destinations'] }),
  })
  return (
    <div className={styles.choose}>
      <Field label={t.destination.organisation}>
        <Select value={connection} onChange={(_, data) => setChosen(data.value)}>
          {free.map(({ id, name: shown }) => (
            <option key={id} value={id}>
              {shown}
            </option>
          ))}
        </Select>
      </Field>
      <Button
        appearance={first ? 'primary' : 'secondary'}
        disabledFocusable={name.isPending}
        onClick={() => name.mutate()}
      >
        {t.destination.nameIt}
      </Button>
      {name.isError ? <ErrorNotice error={name.error} /> : null}
    </div>
  )
}
