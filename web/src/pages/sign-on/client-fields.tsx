import { Button, Field, Input } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { checkIssuer, type IdentityProvider, type IssuerCheck } from '../../api/sign-on.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useText } from '../../text/use-text.tsx'
import { type Filling, isShortName } from './provider-draft.ts'
import styles from './sign-on.module.css'

/** What joins hub and provider: the addresses to register there, and what the provider gives for it. */
export function ClientFields({ draft, tried, set, provider }: Filling & { provider: IdentityProvider | null }) {
  const { t } = useText()
  const missing = (text: string) => (tried && text.trim() === '' ? t.wizard.missing : null)
  const wrongId = tried && !isShortName(draft.id) ? t.signOn.idWrong : null
  return (
    <>
      {provider ? null : (
        <Line label={t.signOn.id} hint={t.signOn.idHint} fault={wrongId}>
          <Input
            value={draft.id}
            onChange={(_, { value }) => set({ id: value.toLowerCase() })}
            maxLength={40}
            autoFocus
          />
        </Line>
      )}
      <Addresses id={draft.id} provider={provider} />
      <Line label={t.signOn.name} fault={missing(draft.name)}>
        <Input value={draft.name} onChange={(_, { value }) => set({ name: value })} maxLength={200} />
      </Line>
      <Line label={t.signOn.issuer} hint={t.signOn.issuerHint} fault={missing(draft.issuer)}>
        <Input type="url" value={draft.issuer} onChange={(_, { value }) => set({ issuer: value })} spellCheck={false} />
      </Line>
      <Line label={t.signOn.tenant} hint={t.signOn.tenantHint}>
        <Input value={draft.tenant} onChange={(_, { value }) => set({ tenant: value })} spellCheck={false} />
      </Line>
      <Check issuer={draft.issuer.trim()} tenant={draft.tenant.trim() || null} />
      <Line label={t.signOn.clientId} fault={missing(draft.clientId)}>
        <Input value={draft.clientId} onChange={(_, { value }) => set({ clientId: value })} spellCheck={false} />
      </Line>
      <Line label={t.signOn.secret} hint={provider?.hasSecret ? t.signOn.secretKept : t.signOn.secretHint}>
        <Input
          type="password"
          value={draft.secret}
          onChange={(_, { value }) => set({ secret: value })}
          autoComplete="new-password"
        />
      </Line>
      <Line label={t.signOn.scopes} hint={t.signOn.scopesHint} fault={missing(draft.scopes)}>
        <Input value={draft.scopes} onChange={(_, { value }) => set({ scopes: value })} spellCheck={false} />
      </Line>
    </>
  )
}

function Line(props: { label: string; hint?: string; fault?: string | null; children: ReactNode & object }) {
  return (
    <Field
      label={props.label}
      hint={props.hint ?? null}
      validationState={props.fault ? 'error' : 'none'}
      validationMessage={props.fault ?? null}
    >
      {props.children as never}
    </Field>
  )
}

function Addresses({ id, provider }: { id: string; provider: IdentityProvider | null }) {
  const { t } = useText()
  const below = `${location.origin}/api/v1/sign-on/${id || '…'}`
  return (
    <dl className={styles.addresses}>
      <Address name={t.signOn.callback} url={provider?.callbackUrl ?? `${below}/callback`} />
      <Address name={t.signOn.signedOut} url={provider?.signedOutUrl ?? `${location.origin}/sign-in`} />
      <Address name={t.signOn.backChannel} url={provider?.backChannelUrl ?? `${below}/backchannel-logout`} />
    </dl>
  )
}

function Address({ name, url }: { name: string; url: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{url}</code>
        <CopyButton text={url} />
      </dd>
    </div>
  )
}

/** What the provider tells of itself, stage by stage. */
function Check({ issuer, tenant }: { issuer: string; tenant: string | null }) {
  const { t } = useText()
  const check = useMutation({ mutationFn: () => checkIssuer({ issuer, tenant }) })
  return (
    <div className={styles.check}>
      <Button onClick={() => check.mutate()} disabledFocusable={issuer === '' || check.isPending}>
        {t.signOn.check}
      </Button>
      {check.isError ? <ErrorNotice error={check.error} /> : null}
      <div role="status">{check.data ? <Checked check={check.data} /> : null}</div>
    </div>
  )
}

function Checked({ check }: { check: IssuerCheck }) {
  const { t } = useText()
  if (check.ok) return <p className={styles.good}>{t.signOn.checkGood}</p>
  const words = { passed: t.signOn.passed, failed: '', not_reached: t.signOn.notReached }
  return (
    <dl className={styles.steps}>
      {check.steps.map(({ stage, state, message, mend }) => (
        <div key={stage} data-state={state}>
          <dt>{t.signOn.stages[stage]}</dt>
          <dd>
            {state === 'failed' ? message : words[state]}
            {mend ? <span className={styles.rowText}> {mend}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  )
}
