import { Button, Field, Select } from '@fluentui/react-components'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { ConfiguredEntity } from '../../api/configurations.ts'
import { samplesQuery } from '../../api/tables.ts'
import { useText } from '../../text/use-text.tsx'
import { OfferedContext } from '../table-editor/context.tsx'
import styles from './editor.module.css'
import { useEntityWords, useGround, useSourceFields } from './entity-words.ts'

/** Lets the pickers inside choose among the fields of an entity, with real values where the hub copies it. */
export function EntityFields(props: {
  entity: string
  /** Which of them; all where it is left out. */
  only?: (field: ConfiguredEntity['fields'][number]) => boolean
  children: ReactNode
}) {
  const { offered, configuration } = useGround()
  const entity = offered.entities.find((each) => each.entity === props.entity)
  const chosen = props.only && entity ? { ...entity, fields: entity.fields.filter(props.only) } : entity
  const fields = useSourceFields(chosen)
  const samples = useQuery(samplesQuery(entity?.copied ? configuration.connectionId : '', props.entity))
  return (
    <OfferedContext
      value={{
        fields,
        copied: fields.map(({ name }) => name),
        samples: samples.data?.columns ?? {},
        looked: samples.data?.looked ?? 0,
      }}
    >
      {props.children}
    </OfferedContext>
  )
}

/** Entities to choose from, by name; custom ones say so. */
export function EntityOptions({
  without = [],
  only = () => true,
}: {
  without?: readonly string[]
  only?: (entity: ConfiguredEntity) => boolean
}) {
  const { t } = useText()
  const { offered } = useGround()
  const words = useEntityWords(offered)
  return offered.entities
    .filter((one) => !without.includes(one.entity) && only(one))
    .map(({ entity, custom }) => ({ entity, custom, text: words.one(entity) }))
    .sort((a, b) => Number(a.custom) - Number(b.custom) || a.text.localeCompare(b.text))
    .map(({ entity, custom, text }) => (
      <option key={entity} value={entity}>
        {custom ? t.configurationParts.custom(text) : text}
      </option>
    ))
}

/** One more kind of record. */
export function EntityAdder({ without, onAdd }: { without: readonly string[]; onAdd(entity: string): void }) {
  const { t } = useText()
  const [entity, setEntity] = useState('')
  function add(): void {
    if (entity) onAdd(entity)
    setEntity('')
  }
  return (
    <div className={styles.adder}>
      <Field label={t.configurationParts.entityType}>
        <Select value={entity} onChange={(_, { value }) => setEntity(value)}>
          <option value="">{t.configurationParts.pickEntity}</option>
          <EntityOptions without={without} />
        </Select>
      </Field>
      <Button disabledFocusable={entity === ''} onClick={add}>
        {t.configurationParts.addEntity}
      </Button>
    </div>
  )
}

/** An entity that has to be chosen. */
export function EntitySelect(props: { label: string; value: string; onChange(entity: string): void }) {
  const { t } = useText()
  const { tried } = useGround()
  const missing = tried && props.value === ''
  return (
    <Field
      label={props.label}
      required
      validationState={missing ? 'error' : 'none'}
      validationMessage={missing ? t.configurationParts.missing : null}
    >
      <Select value={props.value} onChange={(_, { value }) => props.onChange(value)}>
        <option value="">{t.configurationParts.pickEntity}</option>
        <EntityOptions />
      </Select>
    </Field>
  )
}
