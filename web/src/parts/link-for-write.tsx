import { Link } from 'react-router'
import { useMay } from '../api/session.ts'
import type { Write } from '../api/writes.ts'
import { useText } from '../text/use-text.tsx'
import link from './link.module.css'

/** From a write that failed for want of somebody's own account to where that is linked; it is then tried again. */
export function LinkForWrite({ write }: { write: Pick<Write, 'state' | 'problem'> }) {
  const { t } = useText()
  const may = useMay('write:records')
  if (!may || write.state !== 'failed' || write.problem?.code !== 'linked_account.needed') return null
  return (
    <>
      {' · '}
      <Link to="/account/crm" className={link.inText}>
        {t.ownAccounts.linkNow}
      </Link>
    </>
  )
}
