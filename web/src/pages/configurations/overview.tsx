import { Field, Textarea } from '@fluentui/react-components'
import { Link } from 'react-router'
import { keepSaved } from '../../api/client.ts'
import {
  type Configuration,
  changeConfiguration,
  configurationQuery,
  refreshConfigurations,
} from '../../api/configurations.ts'
import { useMay } from '../../api/session.ts'
import link from '../../parts/link.module.css'
import { Changeable } from '../../parts/may.tsx'
import { NameField } from '../../parts/name-field.tsx'
import { Pair, Pairs, Section } from '../../parts/page.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { useEditing } from '../configuration-parts/editing.ts'
import editor from '../configuration-parts/editor.module.css'
import { EditorForm } from '../configuration-parts/editor-form.tsx'
import { originOf } from '../connections/wizard-state.ts'
import { DomainField } from './domain-field.tsx'
import { Rights } from './rights.tsx'
import { UsersPicker } from './users.tsx'

type Draft = Pick<Configuration, 'name' | 'description' | 'screenPopDomain' | 'teamIds' | 'personIds'>

const draftOf = ({ name, description, screenPopDomain, teamIds, personIds }: Configuration): Draft => ({
  ...{ name, description, screenPopDomain, teamIds, personIds },
})

/** What it is called, where records open, who uses it, and what it needs in the CRM. */
export function Overview({ configuration }: { configuration: Configuration }) {
  const { t } = useText()
  const toasts = useToasts()
  const { id } = configuration
  const { queryKey } = configurationQuery(id)
  const editing = useEditing<Configuration, Draft>(`configuration ${id}`, configuration, {
    draftOf,
    save: (draft, { version }) => changeConfiguration(id, { ...whole(draft), version }),
    done: (stored) => {
      keepSaved(queryKey, stored)
      void refreshConfigurations()
      toasts.done(t.configurations.saved)
    },
    queryKey,
  })
  const { draft } = editing
  const words = t.configurations
  const missing = (draft.name.trim() ? 0 : 1) + (originOf(draft.screenPopDomain) ? 0 : 1)
  const titles = {
    ...{ name: words.name, description: words.description, screenPopDomain: words.domain },
    ...{ teamIds: words.teams, personIds: words.people },
  }
  const { connection, rights, domain, users } = words.wizard.help
  return (
    <>
      <Changeable needs="edit:integrations">
        <EditorForm
          editing={editing}
          subject={configuration.name}
          missing={missing}
          titles={titles}
          help={[connection, rights, domain, users]}
        >
          {(tried) => (
            <>
              <About draft={draft} tried={tried} put={editing.put} />
              <Section title={words.users}>
                <div className={editor.fields}>
                  <UsersPicker users={draft} onChange={editing.put} />
                </div>
              </Section>
              <Connected configuration={configuration} />
            </>
          )}
        </EditorForm>
      </Changeable>
      <Rights configuration={id} />
    </>
  )
}

const whole = (draft: Draft): Draft => ({
  ...draft,
  name: draft.name.trim(),
  description: draft.description.trim(),
  screenPopDomain: originOf(draft.screenPopDomain) ?? draft.screenPopDomain.trim(),
})

function About({ draft, tried, put }: { draft: Draft; tried: boolean; put(change: Partial<Draft>): void }) {
  const { t } = useText()
  const words = t.configurations
  return (
    <Section title={words.about}>
      <div className={editor.fields}>
        <NameField label={words.name} value={draft.name} tried={tried} onChange={(name) => put({ name })} />
        <Field label={words.description}>
          <Textarea
            value={draft.description}
            textarea={{ maxLength: 2000, rows: 2 }}
            onChange={(_, { value }) => put({ description: value })}
          />
        </Field>
        <DomainField
          value={draft.screenPopDomain}
          tried={tried}
          onChange={(screenPopDomain) => put({ screenPopDomain })}
        />
      </div>
    </Section>
  )
}

function Connected({ configuration }: { configuration: Configuration }) {
  const { t } = useText()
  const { connectionId, connectionName, authentication } = configuration
  const mayEdit = useMay('edit:integrations')
  return (
    <Section title={t.configurations.usesConnection}>
      <Pairs>
        <Pair name={t.configurations.connection}>
          <Link className={link.coloured} to={`/connections/${connectionId}`}>
            {connectionName}
          </Link>
        </Pair>
        <Pair name={t.authentications.one}>
          {mayEdit ? (
            <Link className={link.coloured} to={`/authentications/${authentication.id}`}>
              {authentication.name}
            </Link>
          ) : (
            authentication.name
          )}
        </Pair>
      </Pairs>
    </Section>
  )
}
