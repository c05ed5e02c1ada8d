import { Button } from '@fluentui/react-components'
import { Add20Regular } from '@fluentui/react-icons/svg/add'
import { PersonKey20Regular } from '@fluentui/react-icons/svg/person-key'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type IdentityProvider, providersQuery, refreshProviders, removeProvider } from '../../api/sign-on.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ProviderDialog } from './provider-dialog.tsx'
import styles from './sign-on.module.css'

/** By which providers people sign in, for who manages people. */
export function ProviderSection() {
  const { t } = useText()
  const providers = useQuery(providersQuery)
  const [open, setOpen] = useState<IdentityProvider | 'new' | null>(null)
  const [leaving, setLeaving] = useState<IdentityProvider | null>(null)
  return (
    <Section
      title={t.signOn.title}
      text={t.signOn.text}
      actions={
        <Button size="small" icon={<Add20Regular />} onClick={() => setOpen('new')}>
          {t.signOn.add}
        </Button>
      }
    >
      {providers.isError ? <ErrorNotice error={providers.error} onRetry={() => void providers.refetch()} /> : null}
      {providers.isPending ? <SkeletonBlock height={56} /> : null}
      {providers.data?.length === 0 ? <p className={styles.note}>{t.signOn.none}</p> : null}
      {providers.data?.length ? (
        <ul>
          {providers.data.map((provider) => (
            <ProviderRow
              key={provider.id}
              provider={provider}
              onChange={() => setOpen(provider)}
              onRemove={() => setLeaving(provider)}
            />
          ))}
        </ul>
      ) : null}
      {open ? <ProviderDialog provider={open === 'new' ? null : open} onClose={() => setOpen(null)} /> : null}
      {leaving ? <RemoveDialog provider={leaving} onClose={() => setLeaving(null)} /> : null}
    </Section>
  )
}

function ProviderRow(props: { provider: IdentityProvider; onChange(): void; onRemove(): void }) {
  const { t } = useText()
  const { name, issuer, enabled, createsAccounts } = props.provider
  return (
    <li className={styles.row}>
      <PersonKey20Regular aria-hidden="true" />
      <div>
        <p className={styles.rowName}>{name}</p>
        <p className={styles.rowText}>
          {[enabled ? null : t.signOn.off, createsAccounts ? t.signOn.makes : t.signOn.invitedOnly, issuer]
            .filter((part) => part !== null)
            .join(' · ')}
        </p>
      </div>
      <div className={styles.rowActs}>
        <Button appearance="subtle" onClick={props.onChange} aria-label={`${t.signOn.change}: ${name}`}>
          {t.signOn.change}
        </Button>
        <Button onClick={props.onRemove} aria-label={`${t.act.remove}: ${name}`}>
          {t.act.remove}
        </Button>
      </div>
    </li>
  )
}

/** Asked for, since people are signed out by it and it cannot be had back. */
function RemoveDialog({ provider, onClose }: { provider: IdentityProvider; onClose(): void }) {
  const { t } = useText()
  const toasts = useToasts()
  const remove = useProven(removeProvider, {
    done: () => {
      toasts.done(t.signOn.removed(provider.name))
      void refreshProviders()
      onClose()
    },
  })
  return (
    <Modal
      title={t.signOn.removeTitle(provider.name)}
      onClose={onClose}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton busy={remove.busy} onClick={() => remove.run(provider.id)}>
            {t.act.remove}
          </MainButton>
        </>
      }
    >
      <p>{t.signOn.removeText}</p>
      {remove.error ? <ErrorNotice error={remove.error} /> : null}
    </Modal>
  )
}
