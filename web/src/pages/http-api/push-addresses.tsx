import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { keepSaved } from '../../api/client.ts'
import { pushQuery, renewPushSecret } from '../../api/http-apis.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { SkeletonRows } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import { PushToday } from '../push/push-today.tsx'
import styles from './http-api.module.css'

/** Where the CRM is to post what changes, to be copied there; the secret is shown when it is made, and never again. */
export function PushSection({ connection }: { connection: string }) {
  const { t } = useText()
  const names = useNames()
  const query = useQuery(pushQuery(connection))
  const renew = useMutation({
    mutationFn: () => renewPushSecret(connection),
    onSuccess: ({ secret: _secret, ...addresses }) => keepSaved(['push-addresses', connection], addresses),
  })
  const rows = query.data
    ? [
        ...query.data.addresses.map(({ entity, operation, url }) => ({
          url,
          title: t.http.pushOf(names.one(entity), t.http.operations[operation]),
        })),
        { url: query.data.url, title: t.http.pushAll },
      ]
    : []
  return (
    <Section title={t.http.pushTitle} text={t.http.pushText}>
      {query.isPending ? <SkeletonRows rows={7} height={40} /> : null}
      {query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
      <ul className={styles.addresses}>
        {rows.map(({ url, title }) => (
          <li key={url}>
            <span>{title}</span>
            <code>{url}</code>
            <CopyButton text={url} />
          </li>
        ))}
      </ul>
      {query.data ? (
        <div className={styles.secret} aria-live="polite">
          <p className={styles.note}>{query.data.hasSecret ? t.http.hasSecret : t.http.noSecret}</p>
          {renew.data ? (
            <div className={styles.once}>
              <strong>{t.http.secretOnce}</strong>
              <code>{renew.data.secret}</code>
              <CopyButton text={renew.data.secret} />
            </div>
          ) : null}
          {renew.isError ? <ErrorNotice error={renew.error} /> : null}
          <Button size="small" disabledFocusable={renew.isPending} onClick={() => renew.mutate()}>
            {query.data.hasSecret ? t.http.renewSecret : t.http.makeSecret}
          </Button>
        </div>
      ) : null}
      <PushToday connection={connection} />
    </Section>
  )
}
