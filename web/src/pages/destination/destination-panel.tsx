import { Button, Field, Select } from '@fluentui/react-components'
import { ArrowClockwise20Regular } from '@fluentui/react-icons/svg/arrow-clockwise'
import { Pause20Regular } from '@fluentui/react-icons/svg/pause'
import { Play20Regular } from '@fluentui/react-icons/svg/play'
import { ShieldCheckmark20Regular } from '@fluentui/react-icons/svg/shield-checkmark'
import { Wrench20Regular } from '@fluentui/react-icons/svg/wrench'
import { useMutation } from '@tanstack/react-query'
import { Link } from 'react-router'
import { client } from '../../api/client.ts'
import { actOnDestination, changeDestination, type Destination } from '../../api/destinations.ts'
import { useMay } from '../../api/session.ts'
import { ProblemNotice } from '../../parts/error-notice.tsx'
import { Figure } from '../../parts/figure.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { May } from '../../parts/may.tsx'
import { Meter } from '../../parts/meter.tsx'
import { Section } from '../../parts/page.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ProblemsSection } from './destination-problems.tsx'
import styles from './destinations.module.css'
import { MappingSection } from './mapping-list.tsx'
import { ReadinessSection } from './readiness.tsx'

export function DestinationPanel({ destination }: { destination: Destination }) {
  const { problem, progress, connectionName } = destination
  return (
    <>
      {problem && destination.state === 'active' ? (
        <ProblemNotice problem={problem} subject={connectionName} calm />
      ) : null}
      <Overview destination={destination} />
      <ReadinessSection id={destination.id} />
      {progress.parked > 0 ? (
        <May needs="read:records">
          <ProblemsSection destination={destination} />
        </May>
      ) : null}
      <MappingSection destination={destination} />
    </>
  )
}

const refresh = () => client.invalidateQueries({ queryKey: ['destinations'] })

function useActs({ id, connectionName }: Destination) {
  const toasts = useToasts()
  const onError = (error: unknown) => toasts.failed(error, connectionName)
  const act = useMutation({
    mutationFn: (what: Parameters<typeof actOnDestination>[1]) => actOnDestination(id, what),
    onSuccess: refresh,
    onError,
  })
  const change = useMutation({
    mutationFn: (onDelete: Destination['onDelete']) => changeDestination(id, { onDelete }),
    onSuccess: refresh,
    onError,
  })
  return { act, change }
}

function Overview({ destination }: { destination: Destination }) {
  const { t } = useText()
  const { act, change } = useActs(destination)
  const { state, onDelete, url, figureAskedAt } = destination
  const on = state === 'active'
  const mayEdit = useMay('edit:integrations')
  const acts = (
    <May needs="manage:sync">
      <Button
        appearance={on ? 'secondary' : 'primary'}
        icon={on ? <Pause20Regular /> : <Play20Regular />}
        disabledFocusable={act.isPending}
        onClick={() => act.mutate(on ? 'pause' : 'start')}
      >
        {on ? t.act.pause : t.destination.start}
      </Button>
      {on ? (
        <Button
          icon={<ShieldCheckmark20Regular />}
          disabledFocusable={figureAskedAt !== null}
          onClick={() => act.mutate('compare')}
        >
          {figureAskedAt === null ? t.destination.compare : t.destination.comparing}
        </Button>
      ) : null}
      <Mend destination={destination} mend={(what) => act.mutate(what)} />
    </May>
  )
  return (
    <Section title={destination.connectionName} text={new URL(url).host} actions={acts}>
      <div className={styles.inside}>
        <Progress destination={destination} />
        <FigureLine destination={destination} />
        <div className={styles.policy}>
          <Field label={t.destination.onDelete} hint={t.destination.onDeleteHint[onDelete]} size="small">
            <Select
              disabled={!mayEdit}
              value={onDelete}
              onChange={(_, data) => change.mutate(data.value as Destination['onDelete'])}
            >
              {(['deactivate', 'keep', 'delete'] as const).map((each) => (
                <option key={each} value={each}>
                  {t.destination.onDeleteNames[each]}
                </option>
              ))}
            </Select>
          </Field>
          <Link to={`/connections/${destination.connectionId}`} className={link.quiet}>
            {t.destination.toConnection}
          </Link>
        </div>
      </div>
    </Section>
  )
}

function Mend(props: { destination: Destination; mend(what: 'repair' | 'retry'): void }) {
  const { t } = useText()
  const { figure, progress, state } = props.destination
  if (state !== 'active') return null
  if (figure && figure.missing + figure.differing > figure.repaired) {
    return (
      <Button icon={<Wrench20Regular />} onClick={() => props.mend('repair')}>
        {t.destination.repair}
      </Button>
    )
  }
  if (progress.parked === 0) return null
  return (
    <Button icon={<ArrowClockwise20Regular />} onClick={() => props.mend('retry')}>
      {t.destination.retryParked}
    </Button>
  )
}

function Progress({ destination: { progress, state } }: { destination: Destination }) {
  const { t } = useText()
  const { rows, due, parked, filled } = progress
  const share = rows === 0 ? null : (rows - due) / rows
  const busy = state === 'active' && (due > 0 || !filled)
  return (
    <div className={styles.progress}>
      <HealthLine health={state === 'paused' ? 'idle' : busy ? 'busy' : parked > 0 ? 'warn' : 'ok'}>
        <Facts>
          {state === 'paused' ? t.destination.paused : busy ? t.destination.busy : t.destination.upToDate}
          {rows > 0 ? t.destination.rows(rows - due) : null}
          {due > 0 ? t.destination.due(due) : null}
          {parked > 0 ? t.destination.parked(parked) : null}
        </Facts>
      </HealthLine>
      {busy ? <Meter label={t.destination.busy} share={share} /> : null}
    </div>
  )
}

function FigureLine({ destination: { figure } }: { destination: Destination }) {
  const { t, f } = useText()
  if (!figure) return <p className={styles.faint}>{t.destination.noFigure}</p>
  const { held, records, missing, differing, extra, past, at } = figure
  const counts = { missing, differing, extra, past }
  return (
    <>
      <dl className={styles.figures}>
        <Figure name={t.destination.held} value={f.percent(held, records)} off={held < records} />
        <Figure name={t.destination.records} value={f.count(records)} />
        {(Object.keys(counts) as (keyof typeof counts)[]).map((kind) => (
          <Figure
            key={kind}
            name={t.destination.kinds[kind]}
            hint={t.destination.kindHints[kind]}
            value={f.count(counts[kind])}
            off={counts[kind] > 0 && kind !== 'past'}
          />
        ))}
      </dl>
      <p className={styles.faint}>
        <RelativeTime at={at} say={t.destination.compared} />
      </p>
    </>
  )
}
