import { Button, Checkbox, Field, Select } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import type { InteractionDatum } from '../../api/configurations.ts'
import { Section } from '../../parts/page.tsx'
import { useText } from '../../text/use-text.tsx'
import type { Memorialization } from './definitions.ts'
import styles from './editor.module.css'
import { EntityAdder, EntityFields } from './entity-fields.tsx'
import { useEntityWords, useGround } from './entity-words.ts'
import { MemorializationRow, withFrom } from './memorialization-row.tsx'
import { RemoveButton } from './row-parts.tsx'

type Mapped = Memorialization['entities'][number]

const targets = ['activity', 'linked', 'related'] as const

interface Props {
  value: Memorialization
  onChange(value: Memorialization): void
}

/** Which fields of which records take what of an interaction. */
export function MemorializationEditor({ value, onChange }: Props) {
  const { t } = useText()
  const { offered } = useGround()
  const words = t.configurationParts
  const { entities, channel } = value
  const first = channel === 'digital' ? 'digital' : 'voice'
  const put = (change: Partial<Memorialization>) => onChange({ ...value, ...change })
  const row = { field: '', from: first, data: '' } as const
  /** Of activities the interaction's own comes first to mind. */
  function add(entity: string): void {
    const isActivity = offered.entities.some((one) => one.entity === entity && one.activity)
    put({ entities: [...entities, { entity, target: isActivity ? 'activity' : 'linked', rows: [row] }] })
  }
  return (
    <>
      <Section title={words.memorialization.section}>
        <div className={styles.fields}>
          <Field label={words.memorialization.channel} hint={words.memorialization.channelHint}>
            <Select
              value={channel}
              onChange={(_, data) =>
                onChange(withChannel(value, data.value as Memorialization['channel'], offered.data))
              }
            >
              {(['voice', 'digital', 'both'] as const).map((one) => (
                <option key={one} value={one}>
                  {words.memorialization.channels[one]}
                </option>
              ))}
            </Select>
          </Field>
          <Field hint={words.memorialization.keepTypedHint}>
            <Checkbox
              label={words.memorialization.keepTyped}
              checked={value.keepTyped}
              onChange={(_, { checked }) => put({ keepTyped: checked === true })}
            />
          </Field>
        </div>
      </Section>
      {entities.map((mapped, index) => (
        <MappedEntity
          // biome-ignore lint/suspicious/noArrayIndexKey: one entity may stand for two targets, and a target changes in place
          key={index}
          {...{ mapped, channel, first }}
          onChange={(next) =>
            put({ entities: entities.flatMap((each, at) => (at !== index ? [each] : next ? [next] : [])) })
          }
        />
      ))}
      <Section title={words.addEntity}>
        {entities.length === 0 ? <p className={styles.none}>{words.noEntity}</p> : null}
        <EntityAdder without={entities.map(({ entity }) => entity)} onAdd={add} />
      </Section>
    </>
  )
}

/** Rows go along with the channel, where it tells the same. */
function withChannel(
  value: Memorialization,
  channel: Memorialization['channel'],
  data: InteractionDatum[],
): Memorialization {
  if (channel === 'both') return { ...value, channel }
  const row = (one: Mapped['rows'][number]) => (one.from === 'script' ? one : withFrom(one, channel, data))
  return { ...value, channel, entities: value.entities.map((each) => ({ ...each, rows: each.rows.map(row) })) }
}

function MappedEntity(props: {
  mapped: Mapped
  channel: Memorialization['channel']
  first: 'voice' | 'digital'
  onChange(next: Mapped | null): void
}) {
  const { t } = useText()
  const { offered } = useGround()
  const { mapped, onChange } = props
  const { rows } = mapped
  const words = t.configurationParts
  const entityWords = useEntityWords(offered)
  const name = entityWords.one(mapped.entity)
  const isActivity = entityWords.find(mapped.entity)?.activity ?? false
  const set = (next: Mapped['rows']) => onChange(next.length > 0 ? { ...mapped, rows: next } : null)
  const writable = mapped.target === 'activity' ? 'creatable' : 'updatable'
  return (
    <Section title={name} actions={<RemoveButton label={words.removeEntity(name)} onRemove={() => onChange(null)} />}>
      <EntityFields
        entity={mapped.entity}
        only={(field) => field[writable] || rows.some((row) => row.field === field.field)}
      >
        <div className={styles.rows}>
          {rows.map((row, index) => (
            <MemorializationRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, as long as it names no field
              key={index}
              {...{ entity: mapped.entity, channel: props.channel, row }}
              onChange={(next) => set(rows.with(index, next))}
              onRemove={() => set(rows.filter((_, at) => at !== index))}
            />
          ))}
        </div>
        <div className={styles.foot}>
          <Button
            size="small"
            icon={<Add16Regular />}
            onClick={() => set([...rows, { field: '', from: props.first, data: '' }])}
          >
            {words.addField}
          </Button>
          <span className={styles.target}>
            <span aria-hidden="true">{words.memorialization.target}</span>
            <Select
              aria-label={words.memorialization.target}
              value={mapped.target}
              onChange={(_, data) => onChange({ ...mapped, target: data.value as Mapped['target'] })}
            >
              {targets
                .filter((target) => target !== 'activity' || isActivity || target === mapped.target)
                .map((target) => (
                  <option key={target} value={target}>
                    {words.memorialization.targets[target]}
                  </option>
                ))}
            </Select>
          </span>
        </div>
      </EntityFields>
    </Section>
  )
}
