import { useQuery } from '@tanstack/react-query'
import { type HubSettings, settingsQuery } from '../../api/settings.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Pair, Pairs, Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './settings.module.css'

const variables: Record<keyof HubSettings, string> = {
  sessionIdleHours: 'JACKFIELD_SESSION_IDLE_HOURS',
  sessionDays: 'JACKFIELD_SESSION_DAYS',
  keepActsDays: 'JACKFIELD_KEEP_ACTS_DAYS',
  keepWritesDays: 'JACKFIELD_KEEP_WRITES_DAYS',
  keepInteractionsDays: 'JACKFIELD_KEEP_INTERACTIONS_DAYS',
  defaultCountry: 'JACKFIELD_DEFAULT_COUNTRY',
  publicUrl: 'JACKFIELD_PUBLIC_URL',
}

/** What is set where the hub is started, each with the name by which it is set there. */
export function StartedWith() {
  const { t } = useText()
  const { data, error, refetch } = useQuery(settingsQuery)
  const say = useSaid()
  return (
    <Section title={t.settings.started} text={t.settings.startedText}>
      {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <Pairs>
          {(Object.keys(variables) as (keyof HubSettings)[]).map((name) => (
            <Pair key={name} name={t.settings.set[name]}>
              {say(name, data)} <code className={styles.variable}>{variables[name]}</code>
            </Pair>
          ))}
        </Pairs>
      ) : error ? null : (
        <SkeletonRows rows={7} />
      )}
    </Section>
  )
}

function useSaid(): (name: keyof HubSettings, settings: HubSettings) => string {
  const { t, f } = useText()
  const hour = 3600
  return (name, settings) => {
    if (name === 'publicUrl') return settings.publicUrl ?? t.settings.notSet
    if (name === 'defaultCountry')
      return settings.defaultCountry ? f.country(settings.defaultCountry) : t.settings.notSet
    if (name === 'keepInteractionsDays' && settings[name] === 0) return t.settings.forEver
    return f.span(settings[name] * (name === 'sessionIdleHours' ? hour : 24 * hour))
  }
}
