import { Button } from '@fluentui/react-components'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, keepSaved } from '../../api/client.ts'
import type { Connection } from '../../api/connections.ts'
import { changeDefinition, type Definition, definitionQuery } from '../../api/http-apis.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { Section } from '../../parts/page.tsx'
import { SkeletonBlock } from '../../parts/skeletons.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ApiFields, TablesEditor } from './definition-editor.tsx'
import { FormContext } from './definition-field.tsx'
import styles from './http-api.module.css'
import { Presets } from './presets.tsx'
import { PushSection } from './push-addresses.tsx'
import { ReplacedNotice } from './replaced-notice.tsx'
import { TryPanel } from './try-panel.tsx'
import { useDefinition } from './use-definition.ts'

/** What a connected API is like, to be changed, and where it posts its changes. */
export function HttpApiSections({ connection }: { connection: Connection }) {
  const { t } = useText()
  const query = useQuery({ ...definitionQuery(connection.id), refetchOnWindowFocus: false })
  return (
    <>
      <PushSection connection={connection.id} />
      <Section title={t.http.definition} text={t.http.definitionText}>
        <details className={styles.body}>
          <summary>{t.http.openDefinition}</summary>
          {query.isPending ? <SkeletonBlock height={320} /> : null}
          {query.isError ? <ErrorNotice error={query.error} onRetry={() => void query.refetch()} /> : null}
          {query.data ? <Editor key={JSON.stringify(query.data)} connection={connection} stored={query.data} /> : null}
        </details>
      </Section>
    </>
  )
}

function Editor({ connection, stored }: { connection: Connection; stored: Definition }) {
  const { t } = useText()
  const toasts = useToasts()
  const [index, setIndex] = useState(0)
  const { form, ready, note } = useDefinition({ definition: stored, replaced: null })
  const changed = JSON.stringify(form.definition) !== JSON.stringify(stored)
  const save = useMutation({
    mutationFn: async () => {
      const definition = ready()
      return definition ? changeDefinition(connection.id, definition) : null
    },
    onSuccess: (saved) => {
      if (!saved) return
      note(null)
      keepSaved(['definitions', connection.id], saved)
      for (const queryKey of [['status'], ['push-addresses'], ['connections']])
        void client.invalidateQueries({ queryKey })
      toasts.done(t.http.definitionSaved)
    },
    onError: note,
  })
  function input() {
    const definition = ready()
    if (!definition) return null
    const { defaultCountry } = connection.settings
    const url = String(definition.baseUrl)
    return { url, authentication: { id: connection.authenticationId }, settings: { definition, defaultCountry } }
  }
  return (
    <FormContext value={form}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (changed) save.mutate()
        }}
      >
        <Presets onTaken={() => setIndex(0)} />
        <ReplacedNotice onSwapped={() => setIndex(0)} />
        <div className={styles.work}>
          <div>
            <ApiFields standing />
            <TablesEditor index={index} onIndex={setIndex} />
          </div>
          <TryPanel crm={connection.crm} index={index} input={input} onFault={note} />
        </div>
        {save.isError ? <ErrorNotice error={save.error} subject={connection.name} /> : null}
        <div className={styles.acts}>
          <Button disabledFocusable={!changed} onClick={() => form.change(stored)}>
            {t.act.undo}
          </Button>
          <Button type="submit" appearance="primary" disabledFocusable={!changed || save.isPending}>
            {t.http.saveDefinition}
          </Button>
        </div>
      </form>
    </FormContext>
  )
}
