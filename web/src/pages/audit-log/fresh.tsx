import { Button } from '@fluentui/react-components'
import { ArrowUp16Regular } from '@fluentui/react-icons/svg/arrow-up'
import { useQuery } from '@tanstack/react-query'
import { type ActFilter, type AuditedAct, newActsQuery } from '../../api/audit-log.ts'
import { useText } from '../../text/use-text.tsx'

/** How many acts came since the list was read. They come into it when they are asked for: nothing moves by itself. */
export function FreshActs(props: { filter: ActFilter; acts: readonly AuditedAct[]; loading: boolean; onShow(): void }) {
  const { t } = useText()
  const { data: newest = [] } = useQuery(newActsQuery(props.filter))
  const known = new Set(props.acts.map(({ id }) => id))
  const fresh = newest.filter(({ id }) => !known.has(id)).length
  if (fresh === 0) return null
  const isAll = fresh === newest.length && props.acts.length > 0
  const said = isAll ? t.auditLog.freshMany(fresh) : t.auditLog.fresh(fresh)
  return (
    <Button size="small" icon={<ArrowUp16Regular />} disabledFocusable={props.loading} onClick={props.onShow}>
      {said} · {t.auditLog.show}
    </Button>
  )
}
