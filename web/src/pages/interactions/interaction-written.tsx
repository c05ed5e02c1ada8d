import type { Interaction } from '../../api/interactions.ts'
import { useMay } from '../../api/session.ts'
import { ButtonLink } from '../../parts/button-link.tsx'
import { ProblemNotice } from '../../parts/error-notice.tsx'
import { type Health, HealthDot } from '../../parts/health.tsx'
import link from '../../parts/link.module.css'
import { humanise, useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SendAgain } from '../../parts/send-again.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { pageAddress } from '../desktop/who.ts'
import styles from './interaction.module.css'

type Target = Interaction['memorialized']['targets'][number]

const healthOf: Record<Target['state'], Health> = {
  waiting: 'busy',
  done: 'ok',
  failed: 'bad',
  unknown: 'warn',
  cancelled: 'idle',
}

/** Each record of the CRM that was written of it, and what to do about those that were not. */
export function InteractionWritten({ interaction }: { interaction: Interaction }) {
  const { t } = useText()
  const mayEdit = useMay('edit:integrations')
  const { state, problem, targets } = interaction.memorialized
  const { hints } = t.interactions
  const hint = state === 'none' || state === 'open' || state === 'nothing_linked' ? hints[state] : null
  return (
    <>
      {problem ? <ProblemNotice problem={problem} subject={t.desk.written.failed} /> : null}
      <Section title={t.interactions.written}>
        {hint ? (
          <div className={styles.hint}>
            <p>{hint}</p>
            {mayEdit && state !== 'open' ? (
              <ButtonLink to="/configurations" size="small">
                {t.nav.configurations}
              </ButtonLink>
            ) : null}
          </div>
        ) : null}
        {targets.length > 0 ? (
          <ul>
            {targets.map((target) => (
              <li key={`${target.target} ${target.entity}`} className={styles.target}>
                <TargetRow target={target} />
              </li>
            ))}
          </ul>
        ) : null}
      </Section>
    </>
  )
}

function TargetRow({ target }: { target: Target }) {
  const { t, f } = useText()
  const names = useNames()
  const { fromProblem } = useProblem()
  const url = pageAddress(target.url)
  const name = names.one(target.entity)
  const lines = target.problem ? fromProblem(target.problem) : null
  return (
    <>
      <HealthDot health={healthOf[target.state]} />
      <div className={styles.words}>
        <p>
          {url ? (
            <a href={url} target="_blank" rel="noopener noreferrer" className={link.inText}>
              {name}
            </a>
          ) : (
            name
          )}{' '}
          <span className={styles.faint}>{t.desk.written[target.state]}</span>
        </p>
        {target.cut.length > 0 ? (
          <p className={styles.faint}>{t.desk.written.cut(f.list(target.cut.map(humanise)))}</p>
        ) : null}
        {lines ? <p>{lines.what}</p> : null}
        {lines?.mend ? <p className={styles.faint}>{lines.mend}</p> : null}
      </div>
      {target.state === 'failed' && target.write ? <SendAgain write={target.write} name={name} /> : null}
      {target.state === 'unknown' ? (
        <ButtonLink to="/attention" size="small">
          {t.nav.attention}
        </ButtonLink>
      ) : null}
    </>
  )
}
