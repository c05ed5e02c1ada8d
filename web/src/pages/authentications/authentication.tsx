import { Button, Field, Input } from '@fluentui/react-components'
import { Delete20Regular } from '@fluentui/react-icons/svg/delete'
import { Key20Regular } from '@fluentui/react-icons/svg/key'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useParams } from 'react-router'
import {
  type Authentication,
  authenticationsQuery,
  changeAuthentication,
  refreshAuthentications,
} from '../../api/authentications.ts'
import { useAuditLink } from '../../parts/audit-link.tsx'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ConsentOutcome, useConsentReturn } from '../../parts/consent-outcome.tsx'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { ErrorNotice, ProblemNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthDot, HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { MainButton } from '../../parts/modal.tsx'
import { PageHeader, Pair, Pairs, Section, SideBySide } from '../../parts/page.tsx'
import { SignInWindow } from '../../parts/sign-in-window.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { connectionHealth } from '../connections/connection-health.ts'
import { SecretDialog } from '../connections/secret-dialog.tsx'
import { useVendorWords } from '../connections/vendor-words.ts'
import { authenticationHealth } from './authentication-health.ts'
import styles from './authentications.module.css'
import { DeleteDialog } from './delete-dialog.tsx'
import { TokenEnd } from './token-end.tsx'

export function AuthenticationPage() {
  const { t } = useText()
  const { id = '' } = useParams()
  const came = useConsentReturn()
  const all = useQuery(authenticationsQuery)
  const [open, setOpen] = useState<'secret' | 'delete' | null>(null)
  const authentication = all.data?.find((each) => each.id === id)
  const crumbs = [{ to: '/authentications', text: t.authentications.title }]
  if (all.data && !authentication) {
    return <PageHeader title={t.authentications.gone} tab={t.authentications.title} crumbs={crumbs} />
  }
  if (!authentication) {
    return (
      <>
        <PageHeader
          title={<Bar width={220} height={22} />}
          tab={t.authentications.title}
          crumbs={crumbs}
          health={<Bar width={180} />}
        />
        {all.isError ? (
          <ErrorNotice error={all.error} onRetry={() => void all.refetch()} />
        ) : (
          <SkeletonBlock height={240} />
        )}
      </>
    )
  }
  const { name, crm, problem } = authentication
  const close = () => setOpen(null)
  return (
    <>
      <PageHeader
        title={name}
        tab={name}
        crumbs={crumbs}
        mark={<CrmMark crm={crm} size={32} />}
        health={<About authentication={authentication} />}
        actions={
          <>
            <Button icon={<Key20Regular />} onClick={() => setOpen('secret')}>
              {t.authentications.replace}
            </Button>
            <Button icon={<Delete20Regular />} onClick={() => setOpen('delete')}>
              {t.authentications.remove}
            </Button>
          </>
        }
      />
      {problem ? (
        <ProblemNotice
          problem={problem}
          subject={name}
          action={
            problem.code === 'authentication.consent_over' ? null : (
              <Button size="small" appearance="primary" onClick={() => setOpen('secret')}>
                {t.connection.newSecret}
              </Button>
            )
          }
        />
      ) : null}
      <ConsentOutcome came={came} done={t.ownAccounts.signedIn} doneText={t.ownAccounts.signedInText} />
      <ByWindow authentication={authentication} />
      <Users authentication={authentication} />
      <SideBySide>
        <SignsIn authentication={authentication} />
        <Named key={name} authentication={authentication} />
      </SideBySide>
      {open === 'secret' ? <SecretDialog authentication={id} crm={crm} subject={name} onClose={close} /> : null}
      {open === 'delete' ? <DeleteDialog authentication={authentication} onClose={close} /> : null}
    </>
  )
}

function About({ authentication }: { authentication: Authentication }) {
  const { t } = useText()
  const acts = useAuditLink(authentication.id)
  const { connections, isOwn } = authentication
  return (
    <HealthLine health={authenticationHealth(authentication)}>
      <Facts>
        {connections.length > 0 ? t.authentications.inUse(connections.length) : t.authentications.unused}
        {isOwn ? t.authentications.ownText : t.authentications.withText}
        {acts}
      </Facts>
    </HealthLine>
  )
}

/** Where a person signs in for the hub: whether one has, and the way to do it (again). */
function ByWindow({ authentication: { id, consent, problem } }: { authentication: Authentication }) {
  const { t } = useText()
  if (consent === null) return null
  const isDue = consent === 'waiting' || problem?.code === 'authentication.consent_over'
  return (
    <Section title={t.ownAccounts.windowTitle} text={isDue ? t.ownAccounts.waitingText : t.ownAccounts.signedInText}>
      <div className={styles.window}>
        <SignInWindow
          authentication={id}
          returnTo={`/authentications/${id}`}
          calm={!isDue}
          text={consent === 'waiting' ? t.ownAccounts.signIn : t.ownAccounts.signInAnew}
        />
      </div>
    </Section>
  )
}

function Users({ authentication: { connections } }: { authentication: Authentication }) {
  const { t } = useText()
  if (connections.length === 0) {
    return (
      <Section
        title={t.authentications.usedBy}
        actions={
          <May needs="create:integrations">
            <ButtonLink to="/connections/new" size="small">
              {t.connections.connect}
            </ButtonLink>
          </May>
        }
      >
        <p className={styles.empty}>{t.authentications.unusedText}</p>
      </Section>
    )
  }
  return (
    <Section title={t.authentications.usedBy} text={t.authentications.usedByText} bare>
      <DataTable
        label={t.authentications.usedBy}
        rows={connections}
        rowKey={(row) => row.id}
        href={(row) => `/connections/${row.id}`}
        tone={(row) => (row.state === 'needs_attention' ? 'bad' : undefined)}
        under={(row) => <ConnectionState state={row.state} />}
        columns={[
          { key: 'name', head: t.connection.name, cell: (row) => row.name },
          {
            key: 'state',
            head: t.authentications.state,
            rank: 2,
            width: '45%',
            cell: (row) => <ConnectionState state={row.state} />,
          },
        ]}
      />
    </Section>
  )
}

function ConnectionState({ state }: Pick<Authentication['connections'][number], 'state'>) {
  const { t } = useText()
  return (
    <span className={styles.state}>
      <HealthDot health={connectionHealth({ state, tables: [] })} />
      {t.state[state]}
    </span>
  )
}

function SignsIn({ authentication }: { authentication: Authentication }) {
  const { t } = useText()
  const words = useVendorWords(authentication.crm)
  const settings = Object.entries(authentication.settings).filter(([, value]) => value !== '')
  return (
    <Section title={t.authentications.signsIn}>
      <Pairs>
        {settings.map(([name, value]) => (
          <Pair key={name} name={words.label(name)}>
            {words.value(name, value)}
          </Pair>
        ))}
        <Pair name={t.authentications.tokenEnds}>
          <TokenEnd at={authentication.tokenExpiresAt} />
          {authentication.tokenExpiresAt ? <p className={styles.note}>{t.authentications.tokenEndsText}</p> : null}
        </Pair>
      </Pairs>
    </Section>
  )
}

function Named({ authentication }: { authentication: Authentication }) {
  const { t } = useText()
  const toasts = useToasts()
  const [name, setName] = useState(authentication.name)
  const isChanged = name.trim() !== authentication.name
  const save = useMutation({
    mutationFn: () => changeAuthentication(authentication.id, { name: name.trim() }),
    onSuccess: async () => {
      await refreshAuthentications()
      toasts.done(t.authentications.saved)
    },
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (isChanged && name.trim()) save.mutate()
  }
  return (
    <Section title={t.connection.settings}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <Field
          label={t.authentications.name}
          validationState={name.trim() ? 'none' : 'error'}
          validationMessage={name.trim() ? null : t.wizard.missing}
        >
          <Input value={name} onChange={(_, { value }) => setName(value)} input={{ maxLength: 200 }} />
        </Field>
        {save.isError ? <ErrorNotice error={save.error} subject={authentication.name} /> : null}
        <MainButton type="submit" busy={save.isPending} disabledFocusable={!isChanged}>
          {t.act.save}
        </MainButton>
      </form>
    </Section>
  )
}
