import { Button, Radio, RadioGroup } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../../api/session.ts'
import { statusQuery } from '../../api/status.ts'
import { setLanguage, setTheme, type ThemeChoice, usePreferences } from '../../frame/preferences.ts'
import { useSignOut } from '../../frame/use-sign-out.ts'
import { HealthLine } from '../../parts/health.tsx'
import { May } from '../../parts/may.tsx'
import { PageHeader, Pair, Pairs, Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { Moment } from '../../parts/time.tsx'
import { type Language, languages } from '../../text/language.ts'
import { useText } from '../../text/use-text.tsx'
import { ProviderSection } from '../sign-on/provider-section.tsx'
import { ownNames } from './own-names.ts'
import styles from './settings.module.css'
import { StartedWith } from './started-with.tsx'

const themes: ThemeChoice[] = ['system', 'light', 'dark']

export function Settings() {
  const { t } = useText()
  const { theme, language } = usePreferences()
  return (
    <>
      <PageHeader
        title={t.settings.title}
        tab={t.settings.title}
        health={<HealthLine health="none">{t.settings.health}</HealthLine>}
      />
      <div className={styles.column}>
        <Section title={t.settings.look}>
          <div className={styles.choices}>
            <fieldset>
              <legend>{t.settings.theme}</legend>
              <RadioGroup value={theme} onChange={(_, data) => setTheme(data.value as ThemeChoice)}>
                {themes.map((each) => (
                  <Radio key={each} value={each} label={t.settings[each]} />
                ))}
              </RadioGroup>
            </fieldset>
            <fieldset>
              <legend>{t.settings.language}</legend>
              <RadioGroup value={language} onChange={(_, data) => setLanguage(data.value as Language)}>
                {languages.map((each) => (
                  <Radio key={each} value={each} label={ownNames[each]} />
                ))}
              </RadioGroup>
              <p className={styles.hint}>{t.settings.languageText}</p>
            </fieldset>
          </div>
        </Section>
        <May needs="manage:people">
          <ProviderSection />
        </May>
        <May needs="read:status">
          <Hub />
          <StartedWith />
        </May>
        <SignedIn />
      </div>
    </>
  )
}

function Hub() {
  const { t } = useText()
  const { data } = useQuery(statusQuery)
  return (
    <Section title={t.settings.hub}>
      {data ? (
        <Pairs>
          <Pair name={t.settings.version}>{data.version}</Pair>
          <Pair name={t.settings.running}>
            <Moment at={data.startedAt} />
          </Pair>
          <Pair name={t.settings.role}>{t.settings.roles[data.role]}</Pair>
        </Pairs>
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Section>
  )
}

function SignedIn() {
  const { t } = useText()
  const { data } = useQuery(sessionQuery)
  const leave = useSignOut()
  return (
    <Section title={t.settings.session}>
      <Pairs>
        <Pair name={t.settings.as}>{data?.name ?? ''}</Pair>
        {data?.expiresAt ? (
          <Pair name={t.settings.until}>
            <Moment at={data.expiresAt} />
          </Pair>
        ) : null}
      </Pairs>
      <div className={styles.leave}>
        <Button onClick={() => leave.mutate()} disabledFocusable={leave.isPending}>
          {t.act.signOut}
        </Button>
      </div>
    </Section>
  )
}
