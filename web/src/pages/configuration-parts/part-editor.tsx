import { Field, Switch, Textarea } from '@fluentui/react-components'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { client, keepSaved } from '../../api/client.ts'
import {
  changePart,
  createPart,
  type Part,
  type PartInput,
  type PartNotice,
  partCheckQuery,
  partQuery,
  partsQuery,
} from '../../api/configuration-parts.ts'
import type { Configuration, ConfigurationFields } from '../../api/configurations.ts'
import { refreshConfigurations } from '../../api/configurations.ts'
import { useMay } from '../../api/session.ts'
import { NameField } from '../../parts/name-field.tsx'
import { Section } from '../../parts/page.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { DynamicDataEditor } from './dynamic-data-editor.tsx'
import { useEditing } from './editing.ts'
import styles from './editor.module.css'
import { EditorForm } from './editor-form.tsx'
import { PartContext } from './entity-words.ts'
import { MemorializationEditor } from './memorialization-editor.tsx'
import { draftOf, missingOf, trimmed } from './part-state.ts'
import { CreateEditor, UpdateEditor } from './record-editor.tsx'
import { Notice } from './row-parts.tsx'
import { SearchEditor } from './search-editor.tsx'

interface Props {
  part: Part
  configuration: Configuration
  offered: ConfigurationFields
  /** The address of the list that it belongs to. */
  list: string
}

/** A part while it is edited, with what the hub says of it meanwhile. */
export function PartEditor({ part, configuration, offered, list }: Props) {
  const { t } = useText()
  const editing = useEditing(`part ${configuration.id} ${part.id || `new ${part.kind}`}`, part, {
    draftOf,
    save: (draft, base) => save(configuration.id, base, trimmed(draft)),
    done: useDone(list),
    queryKey: partQuery(configuration.id, part.id).queryKey,
  })
  const { draft } = editing
  const missing = missingOf(draft)
  const notices = useNotices(configuration.id, part, { draft, whole: missing === 0 })
  const words = t.configurationParts
  const put = (change: { [Key in keyof PartInput]?: unknown }) => editing.put(change as Partial<PartInput>)
  const titles = { name: words.name, description: words.description, active: words.active }
  return (
    <EditorForm editing={editing} subject={draft.name} missing={missing} titles={titles} help={useHelp(part.kind)}>
      {(tried) => (
        <PartContext value={{ configuration, offered, notices, tried }}>
          <Named draft={draft} tried={tried} onChange={put} />
          <Definition draft={draft} onChange={(definition) => put({ definition })} />
          <Unplaced draft={draft} notices={notices} />
        </PartContext>
      )}
    </EditorForm>
  )
}

function save(configuration: string, base: Part, draft: PartInput): Promise<Part> {
  return base.version === 0
    ? createPart(configuration, draft)
    : changePart(configuration, base.id, { version: base.version, part: draft })
}

/** It stands in its list then; a mapping of one channel asks there for its twin. */
function useDone(list: string): (stored: Part) => void {
  const { t } = useText()
  const toasts = useToasts()
  const navigate = useNavigate()
  return (stored) => {
    const { id, configurationId, kind, definition, name, active } = stored
    const hasTwin = kind === 'memorialization' && definition.channel !== 'both'
    keepSaved(partQuery(configurationId, id).queryKey, stored)
    void client.invalidateQueries({ queryKey: partsQuery(configurationId).queryKey, exact: true })
    void refreshConfigurations()
    toasts.done(active ? t.configurationParts.saved(name) : t.configurationParts.savedOff(name))
    void navigate(list, { state: hasTwin ? { twinOf: id } : null })
  }
}

function useHelp(kind: PartInput['kind']): readonly string[] {
  const { memorialization, dynamic, search, records } = useText().t.configurationParts
  return {
    memorialization: memorialization.help,
    dynamic_data: dynamic.help,
    search: search.help,
    create: records.createHelp,
    update: records.updateHelp,
  }[kind]
}

/** Typing is not followed letter by letter. */
const restMs = 350

/** What the hub would say of it as it stands now; of what is not whole it is not asked. */
function useNotices(
  configuration: string,
  part: Part,
  { draft, whole }: { draft: PartInput; whole: boolean },
): readonly PartNotice[] {
  const [rested, setRested] = useState(draft)
  const may = useMay('edit:integrations')
  useEffect(() => {
    const timer = setTimeout(() => setRested(draft), restMs)
    return () => clearTimeout(timer)
  }, [draft])
  const { data } = useQuery({
    ...partCheckQuery(configuration, trimmed(rested)),
    enabled: may && whole && missingOf(rested) === 0,
    placeholderData: keepPreviousData,
  })
  return data ?? part.notices
}

function Named(props: { draft: PartInput; tried: boolean; onChange(change: Partial<PartInput>): void }) {
  const { t } = useText()
  const { draft, onChange } = props
  const words = t.configurationParts
  return (
    <Section title={t.configurations.about}>
      <div className={styles.fields}>
        <NameField label={words.name} value={draft.name} tried={props.tried} onChange={(name) => onChange({ name })} />
        <Field label={words.description}>
          <Textarea
            value={draft.description}
            textarea={{ maxLength: 2000, rows: 2 }}
            onChange={(_, { value }) => onChange({ description: value })}
          />
        </Field>
        <Field hint={words.activeHint}>
          <Switch
            label={words.active}
            checked={draft.active}
            onChange={(_, { checked }) => onChange({ active: checked })}
          />
        </Field>
      </div>
    </Section>
  )
}

function Definition({ draft, onChange }: { draft: PartInput; onChange(definition: PartInput['definition']): void }) {
  switch (draft.kind) {
    case 'search':
      return <SearchEditor value={draft.definition} onChange={onChange} />
    case 'dynamic_data':
      return <DynamicDataEditor value={draft.definition} onChange={onChange} />
    case 'memorialization':
      return <MemorializationEditor value={draft.definition} onChange={onChange} />
    case 'create':
      return <CreateEditor value={draft.definition} onChange={onChange} />
    case 'update':
      return <UpdateEditor value={draft.definition} onChange={onChange} />
  }
}

/** What is said of no field that is shown. */
function Unplaced({ draft, notices }: { draft: PartInput; notices: readonly PartNotice[] }) {
  const { t } = useText()
  const shown = JSON.stringify(draft.definition)
  const rest = notices.filter(({ field }) => field === null || !shown.includes(JSON.stringify(field)))
  if (rest.length === 0) return null
  return (
    <Section title={t.configurationParts.checking}>
      <div className={styles.notices}>
        {rest.map((notice) => (
          <Notice key={`${notice.code} ${notice.entity} ${notice.field}`} notice={notice} />
        ))}
      </div>
    </Section>
  )
}
