import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useMay } from '../api/session.ts'
import { useText } from '../text/use-text.tsx'
import link from './link.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

/** The way from a thing to the acts done to it, for who may read them. */
export function useAuditLink(subject: string): ReactNode {
  const { t } = useText()
  const may = useMay('read:audit')
  return may ? <Link to={`/audit-log?subject=${subject}`}>{t.auditLog.doneToIt}</Link> : null
}

/** What was said of a thing, leading to the acts behind it: those done to it, or its own. */
export function AuditedSince(props: { subject?: string; actor?: string; children: ReactNode }) {
  const { t } = useText()
  const may = useMay('read:audit')
  if (!may) return props.children
  const [to, said] =
    props.subject === undefined
      ? [`/audit-log?actor=${props.actor}`, t.auditLog.itDid]
      : [`/audit-log?subject=${props.subject}`, t.auditLog.doneToIt]
  return (
    <Link to={to} className={link.quiet} title={said}>
      {props.children}
      <VisuallyHidden>: {said}</VisuallyHidden>
    </Link>
  )
}
