import { Button } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Invitation, refreshInvitations, withdrawInvitation } from '../../api/people.ts'
import { signOnQuery } from '../../api/sign-on.ts'
import { Tag } from '../../parts/badge.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Section } from '../../parts/page.tsx'
import { useRoleWords } from '../../parts/role-words.ts'
import { Ahead } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './people.module.css'

export function Invitations({ invitations }: { invitations: Invitation[] }) {
  const { t } = useText()
  const words = useRoleWords()
  const toasts = useToasts()
  const [gone, setGone] = useState<string[]>([])
  function withdraw({ id, email }: Invitation): void {
    setGone((before) => [...before, id])
    toasts.later(
      t.people.withdrawn(email),
      async () => {
        await withdrawInvitation(id)
        await refreshInvitations()
      },
      () => setGone((before) => before.filter((each) => each !== id)),
    )
  }
  const shown = invitations.filter(({ id }) => !gone.includes(id))
  const columns = useColumns(withdraw)
  if (shown.length === 0) return null
  return (
    <div className={styles.after}>
      <Section title={t.people.invitations} bare>
        <DataTable
          label={t.people.invitations}
          columns={columns}
          rows={shown}
          rowKey={({ id }) => id}
          under={({ name, roles }) => `${name} · ${roles.map((role) => words.name(role)).join(', ')}`}
        />
      </Section>
    </div>
  )
}

function useColumns(withdraw: (invitation: Invitation) => void): Column<Invitation>[] {
  const { t } = useText()
  const words = useRoleWords()
  const { data: providers } = useQuery(signOnQuery)
  const way = (id: string | null) =>
    id === null ? t.people.byLink : (providers?.find((one) => one.id === id)?.name ?? id)
  return [
    { key: 'email', head: t.people.email, cell: (invitation) => invitation.email },
    { key: 'name', head: t.people.name, rank: 3, cell: (invitation) => invitation.name },
    {
      key: 'roles',
      head: t.people.roles,
      rank: 2,
      width: '22%',
      cell: (invitation) => (
        <span className={styles.tags}>
          {invitation.roles.map((role) => (
            <Tag key={role}>{words.name(role)}</Tag>
          ))}
        </span>
      ),
    },
    { key: 'ways', head: t.people.ways, rank: 3, width: '16%', cell: (invitation) => way(invitation.provider) },
    { key: 'by', head: t.people.by, rank: 4, width: '18%', cell: (invitation) => invitation.invitedBy },
    {
      key: 'until',
      head: t.people.expires,
      rank: 2,
      width: '130px',
      cell: (invitation) => <Ahead at={invitation.expiresAt} />,
    },
    {
      key: 'act',
      head: <VisuallyHidden>{t.people.withdraw}</VisuallyHidden>,
      figure: true,
      width: '120px',
      cell: (invitation) => (
        <Button
          size="small"
          appearance="subtle"
          onClick={() => withdraw(invitation)}
          aria-label={`${t.people.withdraw}: ${invitation.email}`}
        >
          {t.people.withdraw}
        </Button>
      ),
    },
  ]
}
