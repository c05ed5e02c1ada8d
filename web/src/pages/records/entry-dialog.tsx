import { Button } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import type { ChangeableField, RecordDetail } from '../../api/records.ts'
import { ApiError } from '../../api/request.ts'
import { keepWrite } from '../../api/writes.ts'
import { ConsentOutcome } from '../../parts/consent-outcome.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import type { KeptEntry } from '../../parts/kept-entry.ts'
import { MainButton, Modal } from '../../parts/modal.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { changedOf, faultOf, textOf, valuesOf } from './entry.ts'
import styles from './entry-dialog.module.css'
import { EntryField } from './entry-field.tsx'
import { groupOf, groups, inOrder } from './field-groups.ts'

interface Props {
  record: RecordDetail
  fields: readonly ChangeableField[]
  entry: Pick<KeptEntry, 'mark' | 'typed'>
  /** With what the CRM's window sent the browser back. */
  outcome: string | null
  onType(typed: Record<string, string>): void
  /** The CRM wants their own account first. */
  onNeeded(connection: { id: string; name: string }): void
  onClose(): void
}

/** Writes what was changed, as long as the CRM still holds the version that was looked at. */
export function EntryDialog({ record, fields, entry, outcome, onType, onNeeded, onClose }: Props) {
  const { t } = useText()
  const toasts = useToasts()
  const [tried, setTried] = useState(false)
  const { mark, typed } = entry
  const changed = changedOf(record, fields, typed)
  const textIn = (field: string) => typed[field] ?? textOf(record.fields[field])
  const fault = (field: ChangeableField) => (changed.includes(field) ? faultOf(textIn(field.field), field, t) : null)
  const save = useMutation({
    mutationFn: () =>
      keepWrite({
        ...{ operation: 'update', record: record.id, fields: valuesOf(changed, typed) },
        ...(mark === null ? {} : { expectedMark: mark }),
      }),
    onSuccess: () => {
      toasts.done(t.ownAccounts.kept)
      void client.invalidateQueries({ queryKey: ['writes'] })
      onClose()
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.body.code !== 'linked_account.needed') return
      const [connection] = error.body.connections ?? []
      if (connection) onNeeded(connection)
    },
  })
  function submit(): void {
    setTried(true)
    if (changed.length > 0 && !changed.some(fault)) save.mutate()
  }
  return (
    <Modal
      title={t.ownAccounts.changeTitle(record.name ?? t.records.noName)}
      surface={styles.surface}
      content={styles.content}
      held
      onClose={onClose}
      onSubmit={submit}
      acts={
        <>
          <Button onClick={onClose}>{t.act.cancel}</Button>
          <MainButton type="submit" busy={save.isPending} disabledFocusable={changed.length === 0}>
            {t.ownAccounts.write}
          </MainButton>
        </>
      }
    >
      <ConsentOutcome came={outcome} done={t.ownAccounts.backDone} doneText={t.ownAccounts.backText} />
      {save.isError ? <ErrorNotice error={save.error} subject={record.name} /> : null}
      <p className={styles.faint}>{t.ownAccounts.changeText}</p>
      {groups.map((group) => (
        <Group key={group} title={t.record.groups[group]}>
          {fields
            .filter(({ field }) => groupOf(field) === group)
            .toSorted((a, b) => inOrder(group, a.field, b.field))
            .map((field) => (
              <EntryField
                key={field.field}
                field={field}
                text={textIn(field.field)}
                fault={tried ? fault(field) : null}
                onChange={(text) => onType({ ...typed, [field.field]: text })}
              />
            ))}
        </Group>
      ))}
    </Modal>
  )
}

function Group({ title, children }: { title: string; children: React.ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <fieldset className={styles.group}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}
