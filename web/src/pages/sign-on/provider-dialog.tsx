import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { rolesQuery } from '../../api/roles.ts'
import { addProvider, changeProvider, type IdentityProvider, refreshProviders } from '../../api/sign-on.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { FormModal } from '../../parts/form-modal.tsx'
import { useProven } from '../../parts/proof.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { AccountFields } from './account-fields.tsx'
import { ClientFields } from './client-fields.tsx'
import { type Draft, draftOf, type Filling, isShortName, readGroups, settingsOf } from './provider-draft.ts'
import styles from './sign-on.module.css'

/** A provider added or changed. The hub reads its document first, so a slip is told here and not at somebody's sign-in. */
export function ProviderDialog({ provider, onClose }: { provider: IdentityProvider | null; onClose(): void }) {
  const { t } = useText()
  const [draft, setDraft] = useState(() => draftOf(provider))
  const [tried, setTried] = useState(false)
  const { data: roles = [] } = useQuery(rolesQuery)
  const { save, groups } = useSave(provider, { draft, roles, onClose })
  const fill: Filling = { draft, tried, set: (change) => setDraft((before) => ({ ...before, ...change })) }
  const whole = [draft.name, draft.issuer, draft.clientId].every((text) => text.trim() !== '') && isShortName(draft.id)
  function submit(): void {
    setTried(true)
    if (whole && groups.wrong === null) save.run(undefined)
  }
  return (
    <FormModal
      title={provider ? t.signOn.changeTitle(provider.name) : t.signOn.addTitle}
      surface={styles.surface}
      content={styles.dialog}
      held
      onClose={onClose}
      onSubmit={submit}
      go={provider ? t.act.save : t.signOn.add}
      busy={save.busy}
    >
      <ClientFields {...fill} provider={provider} />
      <AccountFields {...fill} wrongGroup={tried ? groups.wrong : null} />
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </FormModal>
  )
}

function useSave(
  provider: IdentityProvider | null,
  given: { draft: Draft; roles: readonly { id: string; name: string }[]; onClose(): void },
) {
  const { t } = useText()
  const toasts = useToasts()
  const { draft, roles, onClose } = given
  const groups = readGroups(draft.groups, roles)
  const save = useProven(
    () => {
      const settings = settingsOf(draft, groups.groups)
      const secret = draft.secret === '' ? {} : { clientSecret: draft.secret }
      if (!provider) return addProvider({ id: draft.id, ...settings, ...secret })
      return changeProvider(provider.id, { ...settings, ...secret, version: provider.version })
    },
    {
      done: ({ name }) => {
        toasts.done(provider ? t.signOn.changed(name) : t.signOn.added(name))
        void refreshProviders()
        onClose()
      },
    },
  )
  return { save, groups }
}
