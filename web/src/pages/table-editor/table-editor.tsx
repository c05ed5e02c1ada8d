import { useQuery } from '@tanstack/react-query'
import { useEffect, useReducer, useState } from 'react'
import { client } from '../../api/client.ts'
import { ApiError } from '../../api/request.ts'
import { samplesQuery, type TableDetail, type TableRules, tableQuery, tableRulesQuery } from '../../api/tables.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { Conflict } from './conflict.tsx'
import { type Editing, EditingContext, type Offered, OfferedContext } from './context.tsx'
import { changeOf, countChanges, type Draft, draftOf, type History, rebase, takeStep } from './draft.ts'
import { FilterEditor } from './filter-editor.tsx'
import { GeneralEditor } from './general-editor.tsx'
import { GoneColumns } from './gone-columns.tsx'
import { MappingEditor } from './mapping-editor.tsx'
import { OtherColumns } from './other-columns.tsx'
import { PreviewDialog } from './preview-dialog.tsx'
import { Roles } from './roles.tsx'
import { SaveBar } from './save-bar.tsx'

interface Kept {
  base: TableDetail
  history: History
}

/** Drafts outlive a walk to another page: nobody loses work by looking something up. */
const kept = new Map<string, Kept>()

function useDraft(table: TableDetail) {
  const key = `${table.connectionId} ${table.entity}`
  const [base, setBase] = useState(() => kept.get(key)?.base ?? table)
  const [history, step] = useReducer(takeStep, null, () => kept.get(key)?.history ?? { past: [], now: draftOf(table) })
  const { change, faults } = changeOf(history.now, base)
  const dirty = Object.keys(change).length > 0
  useEffect(() => {
    if (dirty) kept.set(key, { base, history })
    else kept.delete(key)
  }, [key, base, history, dirty])
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [dirty])
  const begin = (from: TableDetail, draft: Draft = draftOf(from)) => {
    setBase(from)
    step({ begin: draft })
  }
  // What others changed is taken over while nothing of one's own stands against it.
  const changedByOthers = table.version !== base.version
  useEffect(() => {
    if (!changedByOthers || dirty) return
    setBase(table)
    step({ begin: draftOf(table) })
  }, [changedByOthers, dirty, table])
  return { base, history, step, change, faults, dirty, begin, changedByOthers: changedByOthers && dirty }
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
  const samples = useQuery(samplesQuery(table.connectionId, table.entity))
  const { base, history, step, change, faults, dirty, begin, changedByOthers } = useDraft(table)
  const [previewing, setPreviewing] = useState(false)
  const refusal = useRefusal(table)
  function discard(): void {
    begin(table)
    toasts.done(t.editor.discarded, () => begin(base, history.now))
  }
  const editing: Editing = {
    table: base,
    rules,
    samples: samples.data?.columns ?? {},
    looked: samples.data?.looked ?? 0,
    draft: history.now,
    faults,
    refused: refusal.refused,
    put: (changed) => {
      refusal.clear()
      step({ put: changed })
    },
  }
  const { fields } = base
  const { samples: seen, looked } = editing
  const offered: Offered = { fields, copied: history.now.columns, samples: seen, looked }
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

/** Where the hub refused a change: said at that column or field, until the next edit. */
function useRefusal(table: TableDetail) {
  const { fromError } = useProblem()
  const [error, setError] = useState<unknown>(null)
  const field = error instanceof ApiError ? error.body.field : undefined
  return {
    refused: field === undefined ? null : { field, text: fromError(error).what },
    clear: () => setError(null),
    note(problem: unknown): void {
      setError(problem)
      void client.invalidateQueries({ queryKey: tableQuery(table.connectionId, table.entity).queryKey })
    },
  }
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
