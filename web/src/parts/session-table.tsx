import { Button } from '@fluentui/react-components'
import { Desktop20Regular } from '@fluentui/react-icons/svg/desktop'
import { Phone20Regular } from '@fluentui/react-icons/svg/phone'
import type { ShownSession } from '../api/account.ts'
import { useText } from '../text/use-text.tsx'
import { Tag } from './badge.tsx'
import { type Column, DataTable } from './data-table.tsx'
import { deviceName, isHandheld } from './device.ts'
import styles from './session-table.module.css'
import { RelativeTime } from './time.tsx'
import { VisuallyHidden } from './visually-hidden.tsx'

/** Where somebody is signed in: the device in words, how, when, and the button that ends it. */
export function SessionTable(props: { label: string; sessions: ShownSession[]; onEnd(session: ShownSession): void }) {
  const { t } = useText()
  const columns: Column<ShownSession>[] = [
    { key: 'device', head: t.sessions.device, cell: (session) => <Device session={session} /> },
    {
      key: 'by',
      head: t.sessions.by,
      rank: 2,
      width: '240px',
      cell: (session) => (
        <>
          {t.sessions.method[session.method]}, <RelativeTime at={session.createdAt} />
        </>
      ),
    },
    {
      key: 'seen',
      head: t.sessions.seen,
      rank: 2,
      width: '130px',
      cell: (session) => <RelativeTime at={session.seenAt} />,
    },
    { key: 'address', head: t.sessions.address, rank: 3, width: '130px', cell: (session) => session.address ?? '' },
    {
      key: 'act',
      head: <VisuallyHidden>{t.sessions.end}</VisuallyHidden>,
      figure: true,
      width: '130px',
      cell: (session) =>
        session.current ? null : (
          <Button
            size="small"
            appearance="subtle"
            onClick={() => props.onEnd(session)}
            aria-label={`${t.sessions.end}: ${deviceName(session.agent, t)}`}
          >
            {t.sessions.end}
          </Button>
        ),
    },
  ]
  return (
    <DataTable
      label={props.label}
      columns={columns}
      rows={props.sessions}
      rowKey={(session) => session.id}
      under={(session) => (
        <>
          {t.sessions.method[session.method]}, <RelativeTime at={session.seenAt} />
          {session.address ? ` · ${session.address}` : null}
        </>
      )}
    />
  )
}

function Device({ session }: { session: ShownSession }) {
  const { t } = useText()
  const Icon = isHandheld(session.agent) ? Phone20Regular : Desktop20Regular
  return (
    <span className={styles.device} title={session.agent ?? undefined}>
      <Icon aria-hidden="true" />
      <span>{deviceName(session.agent, t)}</span>
      {session.current ? <Tag tone="ok">{t.sessions.here}</Tag> : null}
    </span>
  )
}
