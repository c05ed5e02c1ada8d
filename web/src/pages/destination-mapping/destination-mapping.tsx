import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useParams } from 'react-router'
import { destinationsQuery, type MappingPart, mappingPartQuery, type PartName } from '../../api/destinations.ts'
import { samplesQuery } from '../../api/tables.ts'
import { CrmMark } from '../../parts/crm-mark.tsx'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Facts, HealthLine } from '../../parts/health.tsx'
import { Changeable } from '../../parts/may.tsx'
import { humanise, useNames } from '../../parts/names.ts'
import { PageHeader } from '../../parts/page.tsx'
import { Bar, SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ConflictNotice } from '../table-editor/conflict.tsx'
import { type Offered, OfferedContext, useColumns } from '../table-editor/context.tsx'
import { same } from '../table-editor/draft.ts'
import { SaveBar } from '../table-editor/save-bar.tsx'
import { useKeptDraft } from '../table-editor/use-kept-draft.ts'
import { useRefusal } from '../table-editor/use-refusal.ts'
import { LinesContext, useColumnName } from './context.tsx'
import { useCrmTitle } from './crm-title.ts'
import { changedColumns, codeOf, type Line, rebase, sourcesOf } from './lines.ts'
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
      {part.data ? (
        <Changeable needs="edit:integrations">
          <Editor key={`${id} ${entity} ${crm}`} name={name} part={part.data} crm={title} />
        </Changeable>
      ) : null}
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

const drafting = {
  draftOf: ({ lines }: MappingPart) => lines,
  isDirty: (lines: Line[], base: MappingPart) => changedColumns(lines, base.lines).length > 0,
  differs: (part: MappingPart, base: MappingPart) => part.version !== base.version && !same(part.lines, base.lines),
}

function Editor({ name, part, crm }: { name: PartName; part: MappingPart; crm: string }) {
  const { t, f } = useText()
  const toasts = useToasts()
  const draft = useKeptDraft(`lines ${name.id} ${name.entity} ${name.crm}`, part, drafting)
  const { base, history, step, dirty, begin, changedByOthers } = draft
  const [previewing, setPreviewing] = useState(false)
  const { refused, clear, note } = useRefusal(mappingPartQuery(name))
  const { now } = history
  const title = useColumnName(part)
  function put(lines: Line[]): void {
    clear()
    step({ put: () => lines })
  }
  function discard(): void {
    begin(part)
    toasts.done(t.editor.discarded, () => begin(base, now))
  }
  function saved(stored: MappingPart): void {
    begin(stored)
    toasts.done(t.destination.saved)
  }
  return (
    <LinesContext value={{ name, crm, part: base, lines: now, refused, put }}>
      <WithSources part={base} entity={name.entity}>
        {changedByOthers ? (
          <ConflictNotice
            lines={[f.list(changedColumns(part.lines, base.lines).map(title))]}
            onTheirs={() => begin(part)}
            onMine={() => begin(part, rebase(now, base.lines, part.lines))}
          />
        ) : null}
        <LinesEditor />
        {dirty ? (
          <SaveBar
            {...{ changes: changedColumns(now, base.lines).length, faults: 0, blocked: changedByOthers }}
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
  const samples = useQuery(samplesQuery(first ?? '', entity))
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
