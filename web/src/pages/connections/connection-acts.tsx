import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Spinner } from '@fluentui/react-components'
import { ArrowSync20Regular } from '@fluentui/react-icons/svg/arrow-sync'
import { Checkmark20Regular } from '@fluentui/react-icons/svg/checkmark'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { MoreHorizontal20Regular } from '@fluentui/react-icons/svg/more-horizontal'
import { Pause20Regular } from '@fluentui/react-icons/svg/pause'
import { Play20Regular } from '@fluentui/react-icons/svg/play'
import { ShieldCheckmark20Regular } from '@fluentui/react-icons/svg/shield-checkmark'
import { TableArrowUp20Regular } from '@fluentui/react-icons/svg/table-arrow-up'
import { Wrench20Regular } from '@fluentui/react-icons/svg/wrench'
import { useMutation } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useNavigate } from 'react-router'
import { refreshAttention } from '../../api/attention.ts'
import { audit } from '../../api/audits.ts'
import { client, keepSaved } from '../../api/client.ts'
import { type Connection, changeConnection, removeConnection } from '../../api/connections.ts'
import { requestRun } from '../../api/runs.ts'
import { useMay } from '../../api/session.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'

const SecretDialog = lazy(async () => ({ default: (await import('./secret-dialog.tsx')).SecretDialog }))
const CheckDialog = lazy(async () => ({ default: (await import('./check-dialog.tsx')).CheckDialog }))

type Work = 'incremental' | 'full' | 'audit' | 'repair'

function useWork(connection: Connection) {
  const { t } = useText()
  const toasts = useToasts()
  return useMutation({
    mutationFn: (work: Work) =>
      work === 'audit' || work === 'repair'
        ? audit({ connection: connection.id, repair: work === 'repair' })
        : requestRun({ connection: connection.id, kind: work }),
    onSuccess: ({ runs }) => {
      toasts.done(t.runs.requested(runs.length))
      void client.invalidateQueries({ queryKey: ['runs'] })
      void client.invalidateQueries({ queryKey: ['status'] })
    },
    onError: (error) => toasts.failed(error, connection.name),
  })
}

/** Pausing can be taken back; so can removing, until the toast is gone. */
function useLife(connection: Connection) {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  const put = useMutation({
    mutationFn: (state: 'active' | 'paused') => changeConnection(connection.id, { state }),
    onSuccess: (changed, state) => {
      keepSaved(['connections', connection.id], changed)
      refreshAttention()
      const back = state === 'paused' ? 'active' : 'paused'
      const text = state === 'paused' ? t.connection.pausedToast : t.connection.resumedToast
      toasts.done(text(connection.name), () => put.mutate(back))
    },
    onError: (error) => toasts.failed(error, connection.name),
  })
  function remove(): void {
    void navigate('/connections')
    toasts.later(
      t.connection.removedToast(connection.name),
      async () => {
        await removeConnection(connection.id)
        refreshAttention()
      },
      () => void navigate(`/connections/${connection.id}`),
    )
  }
  return { put, remove }
}

export function ConnectionActs({ connection }: { connection: Connection }) {
  const { t } = useText()
  const work = useWork(connection)
  const { put, remove } = useLife(connection)
  const [checking, setChecking] = useState(false)
  const maySync = useMay('manage:sync')
  const mayEdit = useMay('edit:integrations')
  const paused = connection.state === 'paused'
  if (!maySync && !mayEdit) return null
  return (
    <>
      {maySync ? (
        <Button
          icon={work.isPending ? <Spinner size="extra-tiny" /> : <ArrowSync20Regular />}
          disabledFocusable={work.isPending || connection.state !== 'active'}
          onClick={() => work.mutate('incremental')}
        >
          {t.connection.syncNow}
        </Button>
      ) : null}
      {mayEdit ? (
        <Button
          icon={paused ? <Play20Regular /> : <Pause20Regular />}
          appearance={paused ? 'primary' : 'secondary'}
          onClick={() => put.mutate(paused ? 'active' : 'paused')}
        >
          {paused ? t.act.resume : t.act.pause}
        </Button>
      ) : null}
      <MoreActs
        onCheck={mayEdit ? () => setChecking(true) : null}
        onWork={maySync ? work.mutate : null}
        onRemove={mayEdit ? remove : null}
      />
      {checking ? (
        <Suspense>
          <CheckDialog connection={connection} onClose={() => setChecking(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

/** Null: not among what whoever looks may do. */
function MoreActs(props: {
  onCheck: (() => void) | null
  onWork: ((what: 'audit' | 'repair' | 'full') => void) | null
  onRemove: (() => void) | null
}) {
  const { t } = useText()
  const { onCheck, onWork, onRemove } = props
  const works = [
    { what: 'audit', icon: <ShieldCheckmark20Regular />, title: t.connection.audit, text: t.connection.auditText },
    { what: 'repair', icon: <Wrench20Regular />, title: t.connection.auditRepair, text: t.connection.auditRepairText },
    { what: 'full', icon: <TableArrowUp20Regular />, title: t.connection.full, text: t.connection.fullText },
  ] as const
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<MoreHorizontal20Regular />} aria-label={t.connection.moreActs} />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {onCheck ? (
            <MenuItem icon={<Checkmark20Regular />} onClick={onCheck}>
              {t.connection.check}
            </MenuItem>
          ) : null}
          {onWork
            ? works.map(({ what, icon, title, text }) => (
                <MenuItem key={what} icon={icon} subText={text} onClick={() => onWork(what)}>
                  {title}
                </MenuItem>
              ))
            : null}
          {onRemove ? (
            <MenuItem icon={<Delete20Regular />} subText={t.connection.removeText} onClick={onRemove}>
              {t.act.remove}
            </MenuItem>
          ) : null}
        </MenuList>
      </MenuPopover>
    </Menu>
  )
}

/** A new secret, or the whole check once more. */
export function MendActs({ connection, small }: { connection: Connection; small?: boolean }) {
  const { t } = useText()
  const [open, setOpen] = useState<'secret' | 'check' | null>(null)
  if (!small && connection.problem?.code === 'authentication.consent_over')
    return <SignInAnew connection={connection} />
  const secretFirst = small || connection.problem?.code.startsWith('authentication.')
  return (
    <>
      <Button
        size="small"
        appearance={small ? 'secondary' : 'primary'}
        onClick={() => setOpen(secretFirst ? 'secret' : 'check')}
      >
        {secretFirst ? t.connection.newSecret : t.attention.checkAgain}
      </Button>
      {secretFirst && !small ? (
        <Button size="small" onClick={() => setOpen('check')}>
          {t.attention.checkAgain}
        </Button>
      ) : null}
      <Suspense>
        {open === 'secret' ? (
          <SecretDialog
            authentication={connection.authenticationId}
            crm={connection.crm}
            subject={connection.name}
            onClose={() => setOpen(null)}
          />
        ) : null}
        {open === 'check' ? <CheckDialog connection={connection} onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </>
  )
}

/** A person's consent ended: no secret brings it back. */
export function SignInAnew({ connection }: { connection: Pick<Connection, 'authenticationId'> }) {
  const { t } = useText()
  return (
    <ButtonLink to={`/authentications/${connection.authenticationId}`} size="small" appearance="primary">
      {t.ownAccounts.signInAnew}
    </ButtonLink>
  )
}
