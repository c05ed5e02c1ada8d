import { Button, type ButtonProps, Spinner } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { type AttentionItem, type AttentionKind, refreshAttention, replayParked } from '../../api/attention.ts'
import { checkConnection, connectionsQuery } from '../../api/connections.ts'
import { type Permission, useMay } from '../../api/session.ts'
import { retryWrite } from '../../api/writes.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { SignInAnew } from '../connections/connection-acts.tsx'
import { useSubject } from './use-subject.ts'

const SecretDialog = lazy(async () => ({ default: (await import('../connections/secret-dialog.tsx')).SecretDialog }))
const DecideDialog = lazy(async () => ({ default: (await import('./decide-dialog.tsx')).DecideDialog }))

interface ActProps {
  item: AttentionItem
  primary?: boolean | undefined
}

const needed: Record<AttentionKind, Permission> = {
  connection: 'edit:integrations',
  configuration: 'edit:integrations',
  run: 'read:status',
  sweep: 'manage:sync',
  unknown_write: 'write:records',
  failed_write: 'write:records',
  parked: 'manage:sync',
}

/** The one button that mends a thing, by its kind. */
export function AttentionAct(props: ActProps) {
  const { kind } = props.item
  if (!useMay(needed[kind])) return null
  if (kind === 'connection') return <MendConnection {...props} />
  if (kind === 'configuration') return <SeeConfiguration {...props} />
  if (kind === 'run') return <SeeRun {...props} />
  if (kind === 'sweep' || kind === 'unknown_write') return <Decide {...props} />
  if (kind === 'failed_write' && props.item.problem.code === 'linked_account.needed') return <LinkAccount {...props} />
  return kind === 'failed_write' ? <SendAgain {...props} /> : <Replay {...props} />
}

function looks(primary: boolean | undefined): Pick<ButtonProps, 'appearance' | 'size'> {
  return { appearance: primary ? 'primary' : 'secondary', size: 'small' }
}

function MendConnection({ item, primary }: ActProps) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  const connections = useQuery(connectionsQuery)
  const connection = connections.data?.find((each) => each.id === item.connectionId)
  const toasts = useToasts()
  const check = useMutation({
    mutationFn: () => checkConnection(item.connectionId, () => undefined),
    onSuccess: (result) => {
      if (result.ok) toasts.done(t.connection.checkOk)
      refreshAttention()
    },
    onError: (error) => toasts.failed(error, item.connectionName),
  })
  if (item.problem.code === 'authentication.consent_over' && connection) return <SignInAnew connection={connection} />
  if (!item.problem.code.startsWith('authentication.')) {
    return (
      <Busy busy={check.isPending} text={t.attention.checkAgain} onClick={() => check.mutate()} {...looks(primary)} />
    )
  }
  return (
    <>
      <Button {...looks(primary)} onClick={() => setOpen(true)} disabledFocusable={!connection}>
        {t.attention.mendSecret}
      </Button>
      {open && connection ? (
        <Suspense>
          <SecretDialog
            authentication={connection.authenticationId}
            crm={connection.crm}
            subject={connection.name}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      ) : null}
    </>
  )
}

/** It works again with its connection: its own page says how. */
function SeeConfiguration({ item, primary }: ActProps) {
  const { t } = useText()
  return (
    <ButtonLink to={`/configurations/${item.id}`} {...looks(primary)}>
      {t.attention.seeConfiguration}
    </ButtonLink>
  )
}

function SeeRun({ item, primary }: ActProps) {
  const { t } = useText()
  return (
    <ButtonLink to={`/runs/${item.id}`} {...looks(primary)}>
      {t.attention.seeRun}
    </ButtonLink>
  )
}

function Decide({ item, primary }: ActProps) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button {...looks(primary)} onClick={() => setOpen(true)}>
        {t.attention.decide}
      </Button>
      {open ? (
        <Suspense>
          <DecideDialog item={item} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

/** Once the account is linked, the hub sends by itself what failed for want of it. */
function LinkAccount({ primary }: ActProps) {
  const { t } = useText()
  return (
    <ButtonLink to="/account/crm" {...looks(primary)}>
      {t.ownAccounts.linkNow}
    </ButtonLink>
  )
}

function SendAgain({ item, primary }: ActProps) {
  const { t } = useText()
  const toasts = useToasts()
  const subjectOf = useSubject()
  const send = useMutation({
    mutationFn: () => retryWrite(item.id),
    onSuccess: () => {
      toasts.done(t.attention.sent)
      refreshAttention()
    },
    onError: (error) => toasts.failed(error, subjectOf(item)),
  })
  return <Busy busy={send.isPending} text={t.attention.sendAgain} onClick={() => send.mutate()} {...looks(primary)} />
}

function Replay({ item, primary }: ActProps) {
  const { t } = useText()
  const toasts = useToasts()
  const subjectOf = useSubject()
  const replay = useMutation({
    mutationFn: () => replayParked(item.id),
    onSuccess: (answer) => {
      toasts.done(answer.stillParked > 0 ? t.attention.stillParked : t.attention.replayed)
      refreshAttention()
    },
    onError: (error) => toasts.failed(error, subjectOf(item)),
  })
  return <Busy busy={replay.isPending} text={t.attention.replay} onClick={() => replay.mutate()} {...looks(primary)} />
}

function Busy({ busy, text, ...props }: { busy: boolean; text: string } & Omit<ButtonProps, 'as'>) {
  return (
    <Button {...(props as object)} disabledFocusable={busy} icon={busy ? <Spinner size="extra-tiny" /> : null}>
      {text}
    </Button>
  )
}
