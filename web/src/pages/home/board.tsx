import { ArrowUpload20Regular } from '@fluentui/react-icons/svg/arrow-upload'
import { Code20Regular } from '@fluentui/react-icons/svg/code'
import { PersonCall20Regular } from '@fluentui/react-icons/svg/person-call'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Fragment } from 'react'
import { Link } from 'react-router'
import { keysQuery } from '../../api/keys.ts'
import { useMay } from '../../api/session.ts'
import type { ConnectionStatus, Status } from '../../api/status.ts'
import { neededAt } from '../../frame/rooms.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { type Health, HealthDot } from '../../parts/health.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useQuotaWaiting } from '../../parts/use-quota-waiting.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './board.module.css'
import { Cord, Fan, type Flow } from './cords.tsx'
import { TableLine } from './table-line.tsx'

/** The jackfield: sources on the left, the hub in the middle, what uses it on the right, and the cords between them. */
export function Board({ status }: { status: Status }) {
  const { t } = useText()
  return (
    <div className={styles.board}>
      <p className={styles.head}>{t.home.sources}</p>
      <p className={styles.headHub}>{t.home.hub}</p>
      <p className={styles.headUses}>{t.home.uses}</p>
      <div className={styles.lines}>
        {status.connections.map((connection) => (
          <Line key={connection.id} connection={connection} />
        ))}
      </div>
      <Uses status={status} />
    </div>
  )
}

function Line({ connection }: { connection: ConnectionStatus }) {
  const flow = flowOf(connection)
  const label = useCordLabel(connection, flow)
  return (
    <Fragment>
      <SourceCard connection={connection} />
      <Cord flow={flow} label={label} />
      <div className={styles.hub}>
        {connection.tables
          .filter((table) => table.enabled)
          .map((table) => (
            <TableLine key={table.entity} table={table} connection={connection} />
          ))}
      </div>
    </Fragment>
  )
}

function SourceCard({ connection }: { connection: ConnectionStatus }) {
  const waiting = useQuotaWaiting(connection.id)
  const { t } = useText()
  return (
    <div className={styles.source} data-state={connection.state}>
      <CrmMark crm={connection.crm} size={32} />
      <div className={styles.sourceText}>
        <p className={styles.sourceName}>
          <Link to={`/connections/${connection.id}`}>{connection.name}</Link>
        </p>
        <p className={styles.sourceState}>
          <HealthDot health={stateHealth[connection.state]} />
          <span>
            {connection.state === 'active' ? (waiting ?? new URL(connection.url).host) : t.state[connection.state]}
          </span>
        </p>
      </div>
    </div>
  )
}

const stateHealth: Record<ConnectionStatus['state'], Health> = {
  connecting: 'busy',
  active: 'ok',
  needs_attention: 'bad',
  paused: 'idle',
  removed: 'idle',
}

function flowOf(connection: ConnectionStatus): Flow {
  if (connection.state === 'needs_attention') return 'broken'
  if (connection.state === 'paused' || connection.state === 'removed') return 'paused'
  const moving = connection.tables.some((table) => table.run?.state === 'running')
  return moving || connection.changesPerMinute > 0 ? 'flowing' : 'quiet'
}

function useCordLabel(connection: ConnectionStatus, flow: Flow): string {
  const { t, f } = useText()
  if (flow === 'broken' || flow === 'paused') return t.state[connection.state]
  const rate = connection.tables.reduce(
    (sum, table) =>
      sum + (table.run?.state === 'running' && table.run.kind !== 'incremental' ? (table.run.rate ?? 0) : 0),
    0,
  )
  if (rate > 0) return t.unit.perSecond(f.count(Math.round(rate)))
  if (flow === 'flowing' && connection.changesPerMinute === 0) return t.home.reading
  return connection.changesPerMinute > 0 ? t.home.changes(connection.changesPerMinute) : t.home.noChanges
}

function Uses({ status }: { status: Status }) {
  const { t } = useText()
  const { data: keys } = useQuery(keysQuery)
  const live = keys?.filter((key) => !key.revokedAt) ?? []
  const lastUsed =
    live
      .map((key) => key.lastUsedAt)
      .filter((at) => at !== null)
      .sort()
      .at(-1) ?? null
  const writes = status.connections.reduce((sum, connection) => sum + connection.writesOpen, 0)
  const recently = lastUsed !== null && Date.parse(status.asOf) - Date.parse(lastUsed) < 300_000
  return (
    <>
      <Fan
        flows={['quiet', recently ? 'flowing' : live.length > 0 ? 'quiet' : 'ghost', writes > 0 ? 'flowing' : 'quiet']}
      />
      <div className={styles.uses}>
        <Use to="/records" icon={<PersonCall20Regular />} title={t.home.lookUp} text={t.home.lookUpText} />
        <Use
          to="/keys"
          icon={<Code20Regular />}
          title={t.home.programs}
          text={
            lastUsed ? (
              <>
                {t.home.programsText(live.length)} · <RelativeTime at={lastUsed} />
              </>
            ) : keys ? (
              t.home.programsText(live.length)
            ) : null
          }
        />
        <Use
          to="/writes"
          icon={<ArrowUpload20Regular />}
          title={t.home.writeBack}
          text={t.home.writeBackText(writes)}
        />
      </div>
    </>
  )
}

function Use(props: { to: string; icon: ReactNode; title: string; text: ReactNode }) {
  const mayGo = useMay(...(neededAt(props.to) ?? []))
  return (
    <div className={styles.use}>
      <span className={styles.useIcon} aria-hidden="true">
        {props.icon}
      </span>
      <div className={styles.sourceText}>
        <p className={styles.sourceName}>{mayGo ? <Link to={props.to}>{props.title}</Link> : props.title}</p>
        <p className={styles.useText}>{props.text}</p>
      </div>
    </div>
  )
}

/** The board before anything is plugged in. */
export function GhostBoard() {
  const { t } = useText()
  return (
    <div className={styles.board} data-ghost="true">
      <p className={styles.head}>{t.home.sources}</p>
      <p className={styles.headHub}>{t.home.hub}</p>
      <p className={styles.headUses}>{t.home.uses}</p>
      <div className={styles.lines}>
        <div className={styles.source} data-state="ghost">
          <CrmMark crm="+" size={32} />
          <div className={styles.sourceText}>
            <p className={styles.sourceName}>
              <Link to="/connections/new">{t.home.ghostName}</Link>
            </p>
            <p className={styles.useText}>{t.home.ghostText}</p>
          </div>
        </div>
        <Cord flow="ghost" />
        <div className={styles.hub}>
          <div className={styles.ghostTable}>{t.entity.account?.[1]}</div>
          <div className={styles.ghostTable}>{t.entity.contact?.[1]}</div>
        </div>
      </div>
      <Fan flows={['ghost', 'ghost', 'ghost']} />
      <div className={styles.uses}>
        <Use to="/records" icon={<PersonCall20Regular />} title={t.home.lookUp} text={t.home.lookUpText} />
        <Use to="/keys" icon={<Code20Regular />} title={t.home.programs} text={t.home.programsText(0)} />
        <Use to="/writes" icon={<ArrowUpload20Regular />} title={t.home.writeBack} text={t.home.writeBackText(0)} />
      </div>
    </div>
  )
}
