import { Button, Switch } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { client, keepSaved } from '../../api/client.ts'
import { type DesktopSettings, saveSites, sitesQuery } from '../../api/frames.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { PageHeader, Section } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { VisuallyHidden } from '../../parts/visually-hidden.tsx'
import { useText } from '../../text/use-text.tsx'
import { SiteForm } from './site-form.tsx'
import styles from './sites.module.css'

/** In whose pages the agents' panel may stand. */
export function Sites() {
  const { t } = useText()
  const { data, isPending, isError, error, refetch } = useQuery(sitesQuery)
  return (
    <>
      <PageHeader
        title={t.sites.title}
        tab={t.sites.title}
        health={data ? <Summary settings={data} /> : <Bar width={220} />}
      />
      {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {isPending ? <SkeletonBlock height={200} /> : null}
      {data ? <Lists settings={data} /> : null}
      <Section title={t.sites.means}>
        <ul className={styles.means}>
          {t.sites.meaning.map((line) => (
            <li key={line}>{line}</li>
          ))}
          <li>
            {t.sites.more} <code>docs/softphones.md</code>
          </li>
        </ul>
      </Section>
    </>
  )
}

function Summary({ settings: { frameOrigins, teams } }: { settings: DesktopSettings }) {
  const { t } = useText()
  if (frameOrigins.length === 0 && !teams) return <HealthLine health="none">{t.sites.none}</HealthLine>
  return (
    <HealthLine health="ok">
      <Facts>
        {frameOrigins.length > 0 ? t.sites.health(frameOrigins.length) : null}
        {teams ? t.sites.teamsOn : null}
      </Facts>
    </HealthLine>
  )
}

function Lists({ settings }: { settings: DesktopSettings }) {
  const { t } = useText()
  const { listed, add, remove, setTeams, busy } = useSites(settings)
  return (
    <>
      <Section title={t.sites.list} text={t.sites.listText}>
        <SiteForm listed={listed} busy={busy} onAdd={add} />
        {listed.length === 0 ? <p className={styles.empty}>{t.sites.empty}</p> : null}
      </Section>
      {listed.length > 0 ? (
        <div className={styles.table}>
          <DataTable
            label={t.sites.list}
            rows={listed.map((origin) => ({ origin }))}
            rowKey={({ origin }) => origin}
            columns={columnsOf(t.sites.site, {
              head: t.act.remove,
              cell: (origin) => (
                <Button
                  size="small"
                  appearance="subtle"
                  aria-label={t.sites.remove(origin)}
                  disabledFocusable={busy}
                  onClick={() => remove(origin)}
                >
                  {t.act.remove}
                </Button>
              ),
            })}
          />
        </div>
      ) : null}
      <Section title={t.sites.teams} text={t.sites.teamsText}>
        <div className={styles.teams}>
          <Switch label={t.sites.teamsOn} checked={settings.teams} onChange={(_, { checked }) => setTeams(checked)} />
        </div>
      </Section>
    </>
  )
}

function columnsOf(site: string, act: { head: string; cell(origin: string): ReactNode }): Column<{ origin: string }>[] {
  return [
    { key: 'origin', head: site, cell: ({ origin }) => <span className={styles.origin}>{origin}</span> },
    {
      key: 'act',
      head: <VisuallyHidden>{act.head}</VisuallyHidden>,
      figure: true,
      width: '130px',
      cell: ({ origin }) => act.cell(origin),
    },
  ]
}

/** Each change acts at once, upon the settings that were seen; a removal can be taken back. */
function useSites(settings: DesktopSettings) {
  const { t } = useText()
  const toasts = useToasts()
  const listed = [...settings.frameOrigins].sort()
  const save = useMutation({
    // One after another: what is pressed while a change is under way waits for its answer.
    scope: { id: 'sites' },
    mutationFn: (change: (now: DesktopSettings) => Partial<DesktopSettings>) => {
      // By the time that somebody takes a removal back, another version may stand.
      const now = client.getQueryData<DesktopSettings>(sitesQuery.queryKey) ?? settings
      return saveSites({ ...now, ...change(now) })
    },
    onSuccess: (changed) => keepSaved(sitesQuery.queryKey, changed),
    onError: (error) => {
      toasts.failed(error, t.sites.title)
      void client.invalidateQueries({ queryKey: sitesQuery.queryKey })
    },
  })
  const add = (origin: string, done?: () => void) =>
    save.mutate(({ frameOrigins }) => ({ frameOrigins: [...frameOrigins, origin] }), {
      onSuccess: () => {
        toasts.done(t.sites.added(origin))
        done?.()
      },
    })
  const remove = (origin: string) =>
    save.mutate(({ frameOrigins }) => ({ frameOrigins: frameOrigins.filter((one) => one !== origin) }), {
      onSuccess: () => toasts.done(t.sites.removed(origin), () => add(origin)),
    })
  return { listed, add, remove, setTeams: (teams: boolean) => save.mutate(() => ({ teams })), busy: save.isPending }
}
