import { Button } from '@fluentui/react-components'
import { Edit20Regular } from '@fluentui/react-icons/svg/edit'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { changeableQuery, type RecordDetail } from '../../api/records.ts'
import { sessionQuery } from '../../api/session.ts'
import { useConsentReturn } from '../../parts/consent-outcome.tsx'
import { dropEntry, type KeptEntry, keepEntry, keptEntry } from '../../parts/kept-entry.ts'
import { LinkDialog } from '../../parts/link-dialog.tsx'
import { useText } from '../../text/use-text.tsx'
import { EntryDialog } from './entry-dialog.tsx'

/** Changing a record in its CRM; whoever comes back from the CRM's window finds what they had typed. */
export function RecordChange({ record }: { record: RecordDetail }) {
  const { t } = useText()
  const came = useConsentReturn()
  const { data: session } = useQuery(sessionQuery)
  const { data: fields = [] } = useQuery(changeableQuery(record.id))
  const person = session?.id ?? ''
  const [kept] = useState(() => keptEntry(person, record.id))
  const [entry, setEntry] = useState<Pick<KeptEntry, 'mark' | 'typed'> | null>(kept)
  const [outcome, setOutcome] = useState(kept ? came : null)
  const [asking, setAsking] = useState<{ id: string; name: string } | null>(null)
  useEffect(() => {
    // Found or meant for somebody else: it has served.
    dropEntry()
  }, [])
  function close(): void {
    dropEntry()
    setEntry(null)
    setOutcome(null)
  }
  if (fields.length === 0) return null
  return (
    <>
      <Button icon={<Edit20Regular />} onClick={() => setEntry({ mark: record.mark, typed: {} })}>
        {t.ownAccounts.change}
      </Button>
      {entry && !asking ? (
        <EntryDialog
          record={record}
          fields={fields}
          entry={entry}
          outcome={outcome}
          onType={(typed) => setEntry({ ...entry, typed })}
          onNeeded={(connection) => {
            setOutcome(null)
            setAsking(connection)
          }}
          onClose={close}
        />
      ) : null}
      {entry && asking ? (
        <LinkDialog
          connection={asking}
          returnTo={`/records/${record.id}`}
          onLeave={() => keepEntry({ ...entry, person, record: record.id })}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </>
  )
}
