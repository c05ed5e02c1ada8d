import { useInfiniteQuery } from '@tanstack/react-query'
import { attentionQuery } from '../../api/attention.ts'
import type { Status } from '../../api/status.ts'
import { ProblemNotice } from '../../parts/error-notice.tsx'
import { AttentionAct } from '../attention/attention-act.tsx'
import { useSubject } from '../attention/use-subject.ts'
import styles from './next-step.module.css'

/** The one thing to do first, with the button that does it. */
export function NextStep({ status }: { status: Status }) {
  const { data } = useInfiniteQuery(attentionQuery({}))
  const subjectOf = useSubject()
  const item = data?.pages[0]?.items.find((each) => each.kind !== 'parked' && each.kind !== 'failed_write')
  const connection = status.connections.find((each) => each.problem)
  if (item) {
    return (
      <div className={styles.step}>
        <ProblemNotice
          problem={item.problem}
          subject={[item.name, subjectOf(item)].filter(Boolean).join(' · ')}
          action={<AttentionAct item={item} primary />}
        />
      </div>
    )
  }
  if (!connection?.problem) return null
  return (
    <div className={styles.step}>
      <ProblemNotice problem={connection.problem} subject={connection.name} />
    </div>
  )
}
