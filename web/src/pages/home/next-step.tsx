import { useInfiniteQuery } from '@tanstack/react-query'
import { attentionQuery } from '../../api/attention.ts'
import type { Status } from '../../api/status.ts'
import { ProblemNotice } from '../../parts/error-notice.tsx'
import { AttentionAct } from '../attention/attention-act.tsx'
import { useSubject } from '../attention/use-subject.ts'

/** The one thing to do first, with the button that does it. */
export function NextStep({ status }: { status: Status }) {
  const { data } = useInfiniteQuery(attentionQuery({}))
  const subjectOf = useSubject()
  const item = data?.pages[0]?.items.find((each) => each.kind !== 'parked' && each.kind !== 'failed_write')
  const connection = status.connections.find((each) => each.problem)
  if (item) {
    return (
      <ProblemNotice
        problem={item.problem}
        subject={[item.name, subjectOf(item)].filter(Boolean).join(' · ')}
        action={<AttentionAct item={item} primary />}
      />
    )
  }
  if (!connection?.problem) return null
  return <ProblemNotice problem={connection.problem} subject={connection.name} />
}
