import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { samplesQuery, type TableDetail, type TableRules, tableQuery, tableRulesQuery } from '../../api/tables.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { Conflict } from './conflict.tsx'
import { type Editing, EditingContext, type Offered, OfferedContext } from './context.tsx'
import { changeOf, countChanges, type Draft, draftOf, rebase, withChange } from './draft.ts'
import { FilterEditor } from './filter-editor.tsx'
import { GeneralEditor } from './general-editor.tsx'
import { GoneColumns } from './gone-columns.tsx'
import { MappingEditor } from './mapping-editor.tsx'
import { OtherColumns } from './other-columns.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { Roles } from './roles.tsx'
import { SaveBar } from './save-bar.tsx'
import { useKeptDraft } from './use-kept-draft.ts'
import { useRefusal } from './use-refusal.ts'

const drafting = {
  draftOf: (table: TableDetail) => draftOf(table),
  isDirty: (draft: Draft, base: TableDetail) => Object.keys(changeOf(draft, base).change).length > 0,
  differs: (table: TableDetail, base: TableDetail) => table.version !== base.version,
}

/** Everything that a person can set of a table, with a preview before it is saved. */
export function TableEditor({ table }: { table: TableDetail }) {
  const rules = useQuery(tableRulesQuery)
  if (rules.isError) return <ErrorNotice error={rules.error} onRetry={() => void rules.refetch()} />
  return rules.data ? <Editor table={table} rules={rules.data} /> : <SkeletonBlock height={320} />
}

function Editor({ table, rules }: { table: TableDetail; rules: TableRules }) {
  const { t } = useText()
  const toasts = useToasts()
  const { connectionId, entity } = table
  const { columns: samples = {}, looked = 0 } = useQuery(samplesQuery(connectionId, entity)).data ?? {}
  const draft = useKeptDraft(`table ${connectionId} ${entity}`, table, drafting)
  const { base, history, step, dirty, begin, changedByOthers } = draft
  const { change, faults } = changeOf(history.now, base)
  const [previewing, setPreviewing] = useState(false)
  const refusal = useRefusal(tableQuery(connectionId, entity))
  function discard(): void {
    begin(table)
    toasts.done(t.editor.discarded, () => begin(base, history.now))
  }
  const editing: Editing = {
    table: base,
    ...{ rules, samples, looked, faults },
    draft: history.now,
    refused: refusal.refused,
    put: (changed) => {
      refusal.clear()
      step({ put: (now) => withChange(now, changed) })
    },
  }
  const offered: Offered = { fields: base.fields, copied: history.now.columns, samples, looked }
  return (
    <EditingContext value={editing}>
      {changedByOthers ? (
        <Conflict
          base={base}
          theirs={table}
          onTheirs={() => begin(table)}
          onMine={() => begin(table, rebase(history.now, base, table))}
        />
      ) : null}
      <GoneColumns />
      <OfferedContext value={offered}>
        <Parts />
      </OfferedContext>
      {dirty ? (
        <SaveBar
          changes={countChanges(change, base)}
          faults={faults.size}
          blocked={changedByOthers}
          onUndo={history.past.length > 0 ? () => step({ undo: true }) : null}
          onDiscard={discard}
          onPreview={() => setPreviewing(true)}
        />
      ) : null}
      {previewing ? (
        <PreviewDialog
          table={base}
          change={change}
          onClose={() => setPreviewing(false)}
          onRefused={refusal.note}
          onSaved={(saved) => begin(saved)}
        />
      ) : null}
    </EditingContext>
  )
}

function Parts() {
  const { t } = useText()
  return (
    <>
      <Section title={t.editor.general}>
        <GeneralEditor />
      </Section>
      <Section title={t.table.filter} text={t.editor.filterText}>
        <FilterEditor />
      </Section>
      <Section title={t.table.mapping} text={t.editor.mappingText} bare>
        <MappingEditor />
      </Section>
      <Section title={t.editor.rolesTitle} text={t.editor.rolesText}>
        <Roles />
      </Section>
      <Section title={t.editor.others} text={t.editor.othersText}>
        <OtherColumns />
      </Section>
    </>
  )
}
