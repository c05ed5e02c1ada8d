import { Button } from '@fluentui/react-components'
import type { FluentIcon } from '@fluentui/react-icons'
import { ArrowSyncDismiss20Regular } from '@fluentui/react-icons/svg/arrow-sync-dismiss'
import { ArrowUpload20Regular } from '@fluentui/react-icons/svg/arrow-upload'
import { ChevronDown16Regular } from '@fluentui/react-icons/svg/chevron-down'
import { DeleteDismiss20Regular } from '@fluentui/react-icons/svg/delete-dismiss'
import { DocumentError20Regular } from '@fluentui/react-icons/svg/document-error'
import { Headset20Regular } from '@fluentui/react-icons/svg/headset'
import { PlugDisconnected20Regular } from '@fluentui/react-icons/svg/plug-disconnected'
import { QuestionCircle20Regular } from '@fluentui/react-icons/svg/question-circle'
import { useId, useState } from 'react'
import { Link } from 'react-router'
import { type AttentionItem, type AttentionKind, dropParked, refreshAttention } from '../../api/attention.ts'
import { useMay } from '../../api/session.ts'
import { DetailList } from '../../parts/error-notice.tsx'
import link from '../../parts/link.module.css'
import { RelativeTime } from '../../parts/time.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { AttentionAct } from './attention-act.tsx'
import styles from './attention-row.module.css'
import { ParkedBody } from './parked-body.tsx'
import { useItemWords } from './use-item-words.ts'
import { useSubject } from './use-subject.ts'

const icons: Record<AttentionKind, FluentIcon> = {
  connection: PlugDisconnected20Regular,
  configuration: Headset20Regular,
  run: ArrowSyncDismiss20Regular,
  sweep: DeleteDismiss20Regular,
  unknown_write: QuestionCircle20Regular,
  failed_write: ArrowUpload20Regular,
  parked: DocumentError20Regular,
}

/** One thing that waits for a person: what happened, to what, what to do, and the button that does it. */
export function AttentionRow({ item, brief }: { item: AttentionItem; brief?: boolean }) {
  const { t } = useText()
  const subjectOf = useSubject()
  const [open, setOpen] = useState(false)
  const [gone, setGone] = useState(false)
  const id = useId()
  const toasts = useToasts()
  const mayDrop = useMay('manage:sync')
  const mayRead = useMay('read:records')
  const Icon = icons[item.kind]
  const { name, what, field, mend, crmSays, details } = useItemWords(item)
  if (gone) return null

  function drop(): void {
    setGone(true)
    toasts.later(
      t.attention.dropped,
      async () => {
        await dropParked(item.id)
        refreshAttention()
      },
      () => setGone(false),
    )
  }

  return (
    <article
      className={styles.row}
      data-kind={item.kind}
      aria-label={[t.attention.kinds[item.kind][0], name, what].filter(Boolean).join(': ')}
    >
      <Icon aria-hidden="true" className={styles.icon ?? ''} />
      <div className={styles.words}>
        {name ? (
          <p className={styles.name}>
            {item.recordId ? (
              <Link to={`/records/${item.recordId}`} className={link.quiet}>
                {name}
              </Link>
            ) : (
              name
            )}
          </p>
        ) : null}
        <p className={name ? styles.why : styles.name}>{what}</p>
        <p className={styles.subject}>
          <span>{t.attention.kinds[item.kind][0]}</span>
          <span>{subjectOf(item)}</span>
          {field ? <span>{field}</span> : null}
          {item.times > 1 && !brief ? <span>{t.attention.seen(item.times)}</span> : null}
          <span>
            <RelativeTime at={item.at} />
          </span>
        </p>
        {item.kind === 'failed_write' && crmSays ? (
          <p className={styles.mend}>
            {t.error.crmSays} · {crmSays}
          </p>
        ) : null}
        {mend && !brief ? <p className={styles.mend}>{mend}</p> : null}
        {open ? (
          <div id={id} className={styles.open}>
            <DetailList details={details} />
            {item.kind === 'parked' && mayRead ? <ParkedBody id={item.id} /> : null}
          </div>
        ) : null}
      </div>
      <div className={styles.acts}>
        {item.kind === 'parked' && !brief && mayDrop ? (
          <Button size="small" appearance="subtle" onClick={drop}>
            {t.attention.drop}
          </Button>
        ) : null}
        <AttentionAct item={item} />
        {brief ? null : (
          <Button
            size="small"
            appearance="subtle"
            className={styles.fold}
            icon={<ChevronDown16Regular />}
            aria-expanded={open}
            aria-controls={id}
            aria-label={open ? t.act.hideDetails : t.act.details}
            onClick={() => setOpen(!open)}
          />
        )}
      </div>
    </article>
  )
}
