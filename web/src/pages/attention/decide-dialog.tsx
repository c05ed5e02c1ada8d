import { Button, Link } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type AttentionItem, refreshAttention } from '../../api/attention.ts'
import { recordQuery } from '../../api/records.ts'
import { actOnRun } from '../../api/runs.ts'
import { type Decision, settleWrite } from '../../api/writes.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Modal } from '../../parts/modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './decide-dialog.module.css'
import { useItemWords } from './use-item-words.ts'
import { useSubject } from './use-subject.ts'

/** What only a person can know: was the write done; are these records really gone. */
export function DecideDialog({ item, onClose }: { item: AttentionItem; onClose(): void }) {
  const { t } = useText()
  const subjectOf = useSubject()
  const words = useItemWords(item)
  const toasts = useToasts()
  const sweep = item.kind === 'sweep'
  const decide = useMutation<unknown, Error, Decision | 'approve' | 'cancel'>({
    mutationFn: (choice) =>
      choice === 'approve' || choice === 'cancel' ? actOnRun(item.id, choice) : settleWrite(item.id, choice),
    onSuccess: (_, choice) => {
      toasts.done(
        choice === 'approve' ? t.runs.approved1 : choice === 'cancel' ? t.runs.cancelled1 : t.attention.settled,
      )
      refreshAttention()
      onClose()
    },
  })
  const choices: { value: Decision | 'approve' | 'cancel'; title: string; text: string }[] = sweep
    ? [
        { value: 'cancel', title: t.attention.sweepNo, text: '' },
        { value: 'approve', title: t.attention.sweepYes, text: '' },
      ]
    : [
        { value: 'written', title: t.attention.isWritten, text: t.attention.isWrittenText },
        { value: 'not_written', title: t.attention.notWritten, text: t.attention.notWrittenText },
        { value: 'repeat', title: t.attention.repeat, text: t.attention.repeatText },
      ]
  return (
    <Modal
      title={sweep ? t.attention.sweepTitle : t.attention.unknownTitle}
      surface={styles.surface}
      onClose={onClose}
      acts={<Button onClick={onClose}>{t.act.cancel}</Button>}
    >
      <p className={styles.subject}>{[words.name, subjectOf(item)].filter(Boolean).join(' · ')}</p>
      <p className={styles.message}>{words.what}</p>
      <p>{sweep ? t.attention.sweepText : t.attention.unknownText}</p>
      {item.recordId ? <LookInCrm recordId={item.recordId} /> : null}
      <div className={styles.choices}>
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="button"
            className={styles.choice}
            disabled={decide.isPending}
            onClick={() => decide.mutate(choice.value)}
          >
            <strong>{choice.title}</strong>
            {choice.text ? <span>{choice.text}</span> : null}
          </button>
        ))}
      </div>
      {decide.isError ? <ErrorNotice error={decide.error} subject={subjectOf(item)} /> : null}
    </Modal>
  )
}

function LookInCrm({ recordId }: { recordId: string }) {
  const { t } = useText()
  const { data } = useQuery(recordQuery(recordId))
  if (!data) return null
  return (
    <p className={styles.look}>
      <Link href={data.source.url} target="_blank" rel="noreferrer">
        {t.attention.lookInCrm}
        {data.name ? ` · ${data.name}` : ''}
      </Link>
    </p>
  )
}
