import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { goToWindow, type LinkableConnection, unlinkAccount } from '../../api/own-accounts.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'
import { WayRow } from './way-row.tsx'

export function CrmAccountRow({ connection }: { connection: LinkableConnection }) {
  const { t } = useText()
  const { connectionId, name, crm, writesAsPerson, account } = connection
  const [leaving, setLeaving] = useState(false)
  const link = useMutation({ mutationFn: () => goToWindow({ connection: connectionId, return: '/account/crm' }) })
  const isDue = account === null || account.problem !== null
  const problem = account?.problem ?? null
  const linkText = account ? t.ownAccounts.linkAnew : t.ownAccounts.link
  return (
    <>
      <WayRow
        icon={<CrmMark crm={crm} size={20} />}
        name={name}
        text={<Standing connection={connection} />}
        acts={
          <>
            {account ? (
              <Button
                appearance="subtle"
                onClick={() => setLeaving(true)}
                aria-label={`${t.ownAccounts.unlink}: ${name}`}
              >
                {t.ownAccounts.unlink}
              </Button>
            ) : null}
            {writesAsPerson ? (
              <Button
                appearance={isDue ? 'primary' : 'secondary'}
                disabledFocusable={link.isPending}
                onClick={() => link.mutate()}
                aria-label={`${linkText}: ${name}`}
              >
                {linkText}
              </Button>
            ) : null}
          </>
        }
      />
      {problem || link.isError ? (
        <li className={styles.trouble}>
          {link.isError ? <ErrorNotice error={link.error} subject={name} /> : null}
          {problem && !link.isError ? <ProblemNotice problem={problem} subject={name} calm /> : null}
        </li>
      ) : null}
      {leaving ? <UnlinkDialog connection={connection} onClose={() => setLeaving(false)} /> : null}
    </>
  )
}

function Standing({ connection: { account, writesAsPerson } }: { connection: LinkableConnection }) {
  const { t } = useText()
  if (!account) return t.ownAccounts.notLinked
  return (
    <>
      {t.ownAccounts.as(account.crmUser)} · <RelativeTime at={account.linkedAt} say={t.ownAccounts.linkedAt} />
      {writesAsPerson ? null : (
        <>
          <br />
          {t.ownAccounts.off}
        </>
      )}
    </>
  )
}

/** Asked for, since writes that wait fail by it, and only the CRM's window brings it back. */
function UnlinkDialog({ connection, onClose }: { connection: LinkableConnection; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const { connectionId, name } = connection
  const unlink = useMutation({
    mutationFn: () => unlinkAccount(connectionId),
    onSuccess: () => {
      toasts.done(t.ownAccounts.unlinked(name))
      onClose()
    },
  })
  return (
    <Modal
      title={t.ownAccounts.unlinkTitle(name)}
      surface={styles.surface}
      content={styles.dialog}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton busy={unlink.isPending} onClick={() => unlink.mutate()}>
            {t.ownAccounts.unlink}
          </MainButton>
        </>
      }
    >
      <p>{t.ownAccounts.unlinkText}</p>
      {unlink.isError ? <ErrorNotice error={unlink.error} subject={name} /> : null}
    </Modal>
  )
}
