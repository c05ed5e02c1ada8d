import type { Card } from '../../api/desktop.ts'
import type { Interaction } from '../../api/interactions.ts'
import { useMay } from '../../api/session.ts'
import { type Health, HealthDot } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { humanise, useNames } from '../../parts/names.ts'
import { SendAgain } from '../../parts/send-again.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { pageAddress } from './who.ts'
import written from './written.module.css'

type Memorialized = Interaction['memorialized']

const healthOf = {
  waiting: 'busy',
  done: 'ok',
  failed: 'bad',
  unknown: 'warn',
  cancelled: 'idle',
  nothing_linked: 'warn',
} as const satisfies Record<string, Health>

/** What became of what was to be written: each activity and record in words. */
export function Written({ memorialized }: { memorialized: Memorialized }) {
  const { t } = useText()
  const { state, targets } = memorialized
  if (state === 'none' || state === 'open') return null
  const hadNothing = state === 'done' && targets.length === 0
  return (
    <section className={styles.part}>
      <div role="status">
        <p className={written.outcome}>
          <HealthDot health={hadNothing ? 'idle' : healthOf[state]} />
          {hadNothing ? t.desk.written.nothing : t.desk.written[state]}
        </p>
        <Trouble problem={memorialized.problem} />
      </div>
      <ul>
        {targets.map((target, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: of those that may not be seen nothing tells them apart
          <li key={`${target.target} ${target.entity} ${at}`}>
            <Target target={target} overall={state} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Target({ target, overall }: { target: Memorialized['targets'][number]; overall: string }) {
  const { t, f } = useText()
  const names = useNames()
  const url = pageAddress(target.url)
  const name = names.one(target.entity)
  return (
    <>
      <p className={styles.work}>
        {url ? (
          <a href={url} target="_blank" rel="noopener noreferrer" className={link.coloured}>
            {name}
          </a>
        ) : (
          name
        )}
        {target.state === overall ? null : <span className={styles.faint}>{t.desk.written[target.state]}</span>}
      </p>
      {target.cut.length > 0 ? (
        <p className={styles.faint}>{t.desk.written.cut(f.list(target.cut.map(humanise)))}</p>
      ) : null}
      <Trouble problem={target.problem} />
      {target.state === 'failed' && target.write ? (
        <div className={written.again}>
          <SendAgain write={target.write} name={name} />
        </div>
      ) : null}
    </>
  )
}

/** Workflows that wait for a record which the CRM has yet to make, and those that waited for nothing. */
export function Waiting({ waiting }: Pick<Card, 'waiting'>) {
  const { t } = useText()
  if (waiting.length === 0) return null
  return (
    <section className={styles.part} role="status">
      {waiting.map(({ workflow, name, problem }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one workflow may have been asked for twice
        <div key={`${workflow} ${at}`}>
          <p className={written.outcome}>
            <HealthDot health={problem ? 'bad' : 'busy'} />
            {problem ? t.desk.didNotRun(name) : t.desk.waits(name)}
          </p>
          <Trouble problem={problem} />
        </div>
      ))}
    </section>
  )
}

/** Rights, mappings and credentials are no agent's to mend. */
const administrators = /^(?:authentication|connection|mapping)\.|^crm\.(?:no_user|privilege_missing|tls)$/

function Trouble({ problem }: { problem: Memorialized['problem'] }) {
  const { t } = useText()
  const { fromProblem } = useProblem()
  const administers = useMay('edit:integrations')
  if (!problem) return null
  const lines = fromProblem(problem)
  const { what } = lines
  const mend = administers || !administrators.test(problem.code) ? lines.mend : t.desk.tellAdministrator
  return (
    <>
      <p className={written.reason}>{what}</p>
      {mend ? <p className={styles.faint}>{mend}</p> : null}
    </>
  )
}
