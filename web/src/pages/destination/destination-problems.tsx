import { useQuery } from '@tanstack/react-query'
import { type Destination, type DestinationProblems, destinationProblemsQuery } from '../../api/destinations.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { useNames } from '../../parts/names.ts'
import { Section } from '../../parts/page.tsx'
import { RelativeTime } from '../../parts/time.tsx'
import { useText } from '../../text/use-text.tsx'

type Problem = DestinationProblems['problems'][number]

/** Records that the destination does not take as they are: each with its reason, and a way to the record. */
export function ProblemsSection({ destination }: { destination: Destination }) {
  const { t } = useText()
  const names = useNames()
  const problems = useQuery(destinationProblemsQuery(destination.id))
  const columns: Column<Problem>[] = [
    { key: 'name', head: t.destination.record, width: '26%', cell: ({ name, rowId }) => name ?? rowId },
    { key: 'entity', head: t.destination.table, rank: 3, width: '110px', cell: ({ entity }) => names.one(entity) },
    { key: 'why', head: t.destination.why, rank: 2, cell: ({ message }) => message },
    {
      key: 'since',
      head: t.destination.since,
      rank: 4,
      width: '140px',
      cell: ({ since }) => <RelativeTime at={since} />,
    },
  ]
  const rows = problems.data?.problems
  if (!rows?.length) return null
  return (
    <Section title={t.destination.problems} text={t.destination.problemsText} bare>
      <DataTable
        label={t.destination.problems}
        columns={columns}
        rows={rows}
        rowKey={({ recordId }) => recordId}
        href={({ recordId }) => `/records/${recordId}`}
        under={({ message }) => message}
      />
    </Section>
  )
}
