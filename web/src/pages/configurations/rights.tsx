import { useQuery } from '@tanstack/react-query'
import { configurationFieldsQuery, type NeededRights, neededRightsQuery } from '../../api/configurations.ts'
import { Tag } from '../../parts/badge.tsx'
import { DataTable } from '../../parts/data-table.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useText } from '../../text/use-text.tsx'
import editor from '../configuration-parts/editor.module.css'
import { useEntityWords } from '../configuration-parts/entity-words.ts'

type Right = NeededRights['rights'][number]

const tones = { granted: 'ok', missing: 'bad', unknown: 'warn' } as const
const weight = { missing: 0, unknown: 1, granted: 2 }

/** Where it stands in its page. */
export const rightsPlace = 'rights'

/** What the CRM's user must be able to do for what is configured; what is missing stands first. */
export function Rights({ configuration }: { configuration: string }) {
  const { t } = useText()
  const { data, isPending, isError, error, refetch } = useQuery(neededRightsQuery(configuration))
  const words = t.configurations.rights
  const rights = data?.rights.toSorted((a, b) => weight[a.state] - weight[b.state]) ?? []
  const missing = rights.filter(({ state }) => state === 'missing').length
  const allThere = rights.length > 0 && rights.every(({ state }) => state === 'granted')
  const text = missing > 0 ? words.missing(missing) : allThere ? words.allThere : words.text
  return (
    <Section title={words.title} text={text} bare={rights.length > 0} place={rightsPlace}>
      {isPending ? <SkeletonBlock height={120} /> : null}
      {isError ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
      {data && rights.length === 0 ? <p className={editor.none}>{words.none}</p> : null}
      {rights.length > 0 ? <RightsTable {...{ configuration, rights }} /> : null}
    </Section>
  )
}

function RightsTable({ configuration, rights }: { configuration: string; rights: Right[] }) {
  const { t, f } = useText()
  const { data: offered } = useQuery(configurationFieldsQuery(configuration))
  const entityWords = useEntityWords(offered)
  const words = t.configurations.rights
  const fieldsOf = ({ entity, fields }: Right) =>
    fields.length > 0 ? f.list(fields.map((field) => entityWords.field(entity, field))) : words.whole
  const state = (one: Right) => <Tag tone={tones[one.state]}>{words.states[one.state]}</Tag>
  return (
    <DataTable
      label={words.title}
      rows={rights}
      rowKey={({ entity, right, fields, state: so }) => `${entity} ${right} ${fields.join()} ${so}`}
      tone={({ state: so }) => (so === 'missing' ? 'bad' : undefined)}
      under={(one) => (
        <>
          {words.rights[one.right]} · {fieldsOf(one)} · {state(one)}
        </>
      )}
      columns={[
        {
          key: 'table',
          head: words.table,
          cell: (one) => (
            <>
              {entityWords.one(one.entity)}
              {one.mend && one.state !== 'granted' ? <span className={editor.text}>{one.mend}</span> : null}
            </>
          ),
        },
        { key: 'right', head: words.right, rank: 2, width: '100px', cell: ({ right }) => words.rights[right] },
        { key: 'fields', head: words.fields, rank: 3, width: '28%', cell: fieldsOf },
        { key: 'needed', head: words.needed, rank: 3, width: '24%', cell: ({ neededBy }) => f.list(neededBy) },
        { key: 'state', head: words.state, rank: 2, width: '110px', cell: state },
      ]}
    />
  )
}
