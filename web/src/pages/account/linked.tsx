import { Button } from '@fluentui/react-components'
import { PersonKey20Regular } from '@fluentui/react-icons/svg/person-key'
import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { linkProvider, ownIdentitiesQuery, signOnQuery, unlinkIdentity } from '../../api/sign-on.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { useProven } from '../../parts/proof.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './account.module.css'
import { useRemoval } from './use-removal.ts'
import { WayRow } from './way-row.tsx'

/** Accounts of providers by which this person signs in; nothing where the hub knows no provider. */
export function Linked() {
  const { t } = useText()
  const { data: providers = [] } = useQuery(signOnQuery)
  const identities = useQuery(ownIdentitiesQuery)
  const { gone, remove } = useRemoval()
  const link = useProven(linkProvider, { done: ({ url }) => location.assign(url) })
  const known = identities.data?.filter(({ id }) => !gone.has(id)) ?? []
  const others = providers.filter(({ id }) => !known.some(({ provider }) => provider === id))
  if (providers.length === 0 && known.length === 0) return null
  return (
    <Section
      title={t.signOn.linked}
      text={known.length > 0 ? t.signOn.linkedText : null}
      actions={others.map(({ id, name }) => (
        <Button key={id} size="small" disabledFocusable={link.busy} onClick={() => link.run(id)}>
          {t.signOn.link(name)}
        </Button>
      ))}
    >
      <Failed error={link.error} />
      {known.length === 0 ? <p className={styles.note}>{t.signOn.linkedText}</p> : null}
      <ul>
        {known.map(({ id, providerName, usedAt }) => (
          <WayRow
            key={id}
            icon={<PersonKey20Regular aria-hidden="true" />}
            name={providerName}
            text={usedAt ? <RelativeTime at={usedAt} say={t.signOn.used} /> : t.signOn.unused}
            acts={
              <Button
                onClick={() => remove(id, t.signOn.unlinked(providerName), () => unlinkIdentity(id))}
                aria-label={`${t.signOn.unlink}: ${providerName}`}
              >
                {t.signOn.unlink}
              </Button>
            }
          />
        ))}
      </ul>
    </Section>
  )
}

/** What the hub refused now, or the provider a moment ago. */
function Failed({ error }: { error: unknown }) {
  const { t } = useText()
  const [search] = useSearchParams()
  const code = search.get('problem')
  if (error) return <ErrorNotice error={error} />
  if (code === null) return null
  const { what, mend } = t.problems[code] ?? { what: t.signOn.failed, mend: t.signOn.failedText }
  return (
    <p className={styles.note} role="alert">
      {what}. {mend}
    </p>
  )
}
