import { Button } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useReducer, useState } from 'react'
import { useParams } from 'react-router'
import { client } from '../../api/client.ts'
import { destinationsQuery, type MappingPart, mappingPartQuery, type PartName } from '../../api/destinations.ts'
import { ApiError } from '../../api/request.ts'
import { samplesQuery } from '../../api/tables.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { humanise, useNames } from '../../parts/names.ts'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useProblem } from '../../parts/use-problem.ts'
import { useText } from '../../text/use-text.tsx'
import { type Offered, OfferedContext, useColumns } from '../table-editor/context.tsx'
import { same } from '../table-editor/draft.ts'
import general from '../table-editor/general.module.css'
import { SaveBar } from '../table-editor/save-bar.tsx'
import { LinesContext, useColumnName } from './context.tsx'
import { useCrmTitle } from './crm-title.ts'
import { changedColumns, codeOf, type Line, rebase, sourcesOf, takeStep } from './lines.ts'
import { LinesEditor } from './lines-editor.tsx'
import { LinesPreview } from './lines-preview.tsx'

/** What is written into a table of the destination from one kind of CRM. */
export function DestinationMappingPage() {
  const { t } = useText()
  const { id = '', entity = '', crm = '' } = useParams()
  const names = useNames()
  const title = useCrmTitle()(crm)
  const name: PartName = useMemo(() => ({ id, entity, crm }), [id, entity, crm])
  const part = useQuery(mappingPartQuery(name))
  const destinations = useQuery(destinationsQuery)
  const there = destinations.data?.find((one) => one.id === id)?.connectionName ?? '…'
  const tab = t.destination.partOf(names.many(entity), title)
  return (
    <>
      <PageHeader
        title={tab}
        tab={tab}
        mark={<CrmMark crm={crm} />}
        crumbs={[
          { to: '/destinations', text: t.destination.title },
          { to: '/destinations', text: there },
        ]}
        health={part.data ? <Health part={part.data} /> : part.isError ? null : <Bar width={300} />}
      />
      {part.isError ? <ErrorNotice error={part.error} onRetry={() => void part.refetch()} /> : null}
      {part.isPending ? <SkeletonBlock height={320} /> : null}
      {part.data ? <Editor key={`${id} ${entity} ${crm}`} name={name} part={part.data} crm={title} /> : null}
    </>
  )
}

function Health({ part }: { part: MappingPart }) {
  const { t } = useText()
  const { lines, left, defaults } = part
  // Of the vendor's own list not every organisation has all: nobody need do anything about that.
  const chosen = new Set(changedColumns(lines, defaults))
  return (
    <HealthLine health={left.some(({ to }) => chosen.has(to)) ? 'warn' : 'ok'}>
      <Facts>
        {t.destination.filled(lines.length - left.length)}
        {left.length > 0 ? t.destination.leftOut(left.length) : null}
        {chosen.size > 0 ? t.destination.changed : t.destination.asByDefault}
      </Facts>
    </HealthLine>
  )
}

/** Drafts outlive a walk to another page: nobody loses work by looking something up. */
const kept = new Map<string, { base: MappingPart; now: Line[] }>()

function useLinesDraft(name: PartName, part: MappingPart) {
  const key = `${name.id} ${name.entity} ${name.crm}`
  const [base, setBase] = useState(() => kept.get(key)?.base ?? part)
  const [history, step] = useReducer(takeStep, null, () => ({ past: [], now: kept.get(key)?.now ?? part.lines }))
  const changes = changedColumns(history.now, base.lines).length
  const dirty = changes > 0
  const byOthers = dirty && part.version !== base.version && !same(part.lines, base.lines)
  useEffect(() => {
    if (dirty) kept.set(key, { base, now: history.now })
    else kept.delete(key)
  }, [key, base, history, dirty])
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [dirty])
  useEffect(() => {
    if (part === base || byOthers) return
    // What others changed is taken over while nothing of one's own stands against it.
    setBase(part)
    if (!dirty) step({ begin: part.lines })
  }, [part, base, dirty, byOthers])
  function begin(from: MappingPart, lines: Line[]): void {
    setBase(from)
    step({ begin: lines })
  }
  return { base, history, step, changes, byOthers, begin }
}

/** Where the hub refused a change: said at that column, until the next edit. */
function useRefusal(name: PartName) {
  const { fromError } = useProblem()
  const [error, setError] = useState<unknown>(null)
  const field = error instanceof ApiError ? error.body.field : undefined
  return {
    refused: field === undefined ? null : { field, text: fromError(error).what },
    clear: () => setError(null),
    note(problem: unknown): void {
      setError(problem)
      void client.invalidateQueries({ queryKey: mappingPartQuery(name).queryKey })
    },
  }
}

function Editor({ name, part, crm }: { name: PartName; part: MappingPart; crm: string }) {
  const { t } = useText()
  const toasts = useToasts()
  const { base, history, step, changes, byOthers, begin } = useLinesDraft(name, part)
  const [previewing, setPreviewing] = useState(false)
  const { refused, clear, note } = useRefusal(name)
  const { now } = history
  function put(lines: Line[]): void {
    clear()
    step({ put: lines })
  }
  function discard(): void {
    begin(part, part.lines)
    toasts.done(t.editor.discarded, () => begin(base, now))
  }
  function saved(stored: MappingPart): void {
    begin(stored, stored.lines)
    toasts.done(t.destination.saved)
  }
  return (
    <LinesContext value={{ name, crm, part: base, lines: now, refused, put }}>
      <WithSources part={base} entity={name.entity}>
        {byOthers ? (
          <Conflict
            {...{ base, theirs: part }}
            onTheirs={() => begin(part, part.lines)}
            onMine={() => begin(part, rebase(now, base.lines, part.lines))}
          />
        ) : null}
        <LinesEditor />
        {changes > 0 ? (
          <SaveBar
            {...{ changes, faults: 0, blocked: byOthers }}
            onUndo={history.past.length > 0 ? () => step({ undo: true }) : null}
            onDiscard={discard}
            onPreview={() => setPreviewing(true)}
          />
        ) : null}
        {previewing ? <LinesPreview onClose={() => setPreviewing(false)} onRefused={note} onSaved={saved} /> : null}
      </WithSources>
    </LinesContext>
  )
}

/** What columns can be filled from, with real values of the first connection. */
function WithSources({ part, entity, children }: { part: MappingPart; entity: string; children: React.ReactNode }) {
  const { language } = useText()
  const columns = useColumns(part.fields)
  const [first] = part.connections
  const samples = useQuery({ ...samplesQuery(first ?? '', entity), enabled: first !== undefined })
  const { model, own, all } = sourcesOf(part, (name, from) =>
    // The hub's own names are English.
    language === 'en' || !from ? humanise(name) : columns.label(from.name),
  )
  const seen = samples.data?.columns ?? {}
  const from = (key: string) =>
    key.startsWith('model:') ? part.model.find(({ name }) => name === codeOf(key))?.from : codeOf(key)
  const isCopied = (column: string | undefined) => part.fields.some(({ name, copied }) => name === column && copied)
  const offered: Offered = {
    fields: all,
    copied: all.map(({ name }) => name).filter((key) => isCopied(from(key))),
    first: (part.lines.some((line) => 'model' in line) ? model : own).map(({ name }) => name),
    samples: Object.fromEntries(
      all.flatMap(({ name }) => (seen[from(name) ?? ''] ? [[name, seen[from(name)!]!]] : [])),
    ),
    looked: samples.data?.looked ?? 0,
    code: codeOf,
  }
  return <OfferedContext value={offered}>{children}</OfferedContext>
}

function Conflict(props: { base: MappingPart; theirs: MappingPart; onTheirs(): void; onMine(): void }) {
  const { t, f } = useText()
  const title = useColumnName(props.theirs)
  return (
    <section className={general.conflict} role="alert">
      <h2>{t.editor.conflict}</h2>
      <p>{t.editor.conflictText}</p>
      <ul>
        <li>{f.list(changedColumns(props.theirs.lines, props.base.lines).map(title))}</li>
      </ul>
      <div className={general.barActs}>
        <Button appearance="primary" onClick={props.onMine}>
          {t.editor.mineOnTop}
        </Button>
        <Button onClick={props.onTheirs}>{t.editor.takeTheirs}</Button>
      </div>
    </section>
  )
}
