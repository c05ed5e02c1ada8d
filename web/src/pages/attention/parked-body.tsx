import { useQuery } from '@tanstack/react-query'
import { parkedQuery } from '../../api/attention.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { Moment } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './parked-body.module.css'

/** The row as the CRM sent it, laid out for reading where it is JSON. */
export function ParkedBody({ id }: { id: string }) {
  const { t } = useText()
  const parked = useQuery(parkedQuery(id))
  if (parked.isPending) return <SkeletonBlock height={140} />
  if (parked.isError) return <ErrorNotice error={parked.error} onRetry={() => void parked.refetch()} />
  const { body, firstSeenAt } = parked.data
  return (
    <div className={styles.body}>
      <p className={styles.head}>
        <span>{t.attention.raw}</span>
        <span>
          {t.attention.first} <Moment at={firstSeenAt} />
        </span>
        {body ? <CopyButton text={body} /> : null}
      </p>
      {body ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by key
        <pre className={styles.raw} tabIndex={0}>
          {laidOut(body)}
        </pre>
      ) : (
        <p>{t.attention.rawNone}</p>
      )}
    </div>
  )
}

function laidOut(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
