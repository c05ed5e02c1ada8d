import { Input, Select } from '@fluentui/react-components'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from '../table-editor/column-picker.tsx'
import type { Memorialization } from './definitions.ts'
import styles from './editor.module.css'
import { useDataWords, useEntityWords, useGround } from './entity-words.ts'
import { Cell, FieldNotices, RemoveButton } from './row-parts.tsx'

type Row = Memorialization['entities'][number]['rows'][number]

interface Props {
  entity: string
  /** Of the mapping: a row of one channel takes nothing of the other. */
  channel: Memorialization['channel']
  row: Row
  onChange(row: Row): void
  onRemove(): void
}

const froms = ['voice', 'digital', 'script'] as const

/** One field of a record, and what of the interaction it takes. */
export function MemorializationRow({ entity, channel, row, onChange, onRemove }: Props) {
  const { t } = useText()
  const { offered, tried } = useGround()
  const words = t.configurationParts
  const entityWords = useEntityWords(offered)
  const name = row.field ? entityWords.field(entity, row.field) : words.newField
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend would be read before each of its fields
    <div role="group" aria-label={name} className={styles.row}>
      <div className={`${styles.cells} ${styles.mapped}`}>
        <Cell label={words.externalField}>
          <ColumnButton
            label={words.externalField}
            column={row.field}
            types={null}
            invalid={tried && row.field === ''}
            onPick={(field) => onChange({ ...row, field })}
          />
        </Cell>
        <Cell label={words.memorialization.selectChannel}>
          <Select
            aria-label={words.memorialization.selectChannel}
            value={row.from}
            onChange={(_, { value }) => onChange(withFrom(row, value as Row['from'], offered.data))}
          >
            {froms
              .filter((from) => channel === 'both' || from === row.from || from === channel || from === 'script')
              .map((from) => (
                <option key={from} value={from}>
                  {words.memorialization.from[from]}
                </option>
              ))}
          </Select>
        </Cell>
        <DataCell row={row} onChange={onChange} />
        <span className={styles.acts}>
          <RemoveButton label={words.removeField(name)} onRemove={onRemove} />
        </span>
      </div>
      <FieldNotices entity={entity} field={row.field} />
    </div>
  )
}

/** What the other channel tells as well stays chosen. */
export function withFrom(row: Row, from: Row['from'], data: readonly { name: string; channels: string[] }[]): Row {
  const told = data.some(({ name, channels }) => name === row.data && channels.includes(from))
  return { ...row, from, data: told ? row.data : '' }
}

function DataCell({ row, onChange }: Pick<Props, 'row' | 'onChange'>) {
  const { t } = useText()
  const { offered, tried } = useGround()
  const dataWords = useDataWords()
  const words = t.configurationParts.memorialization
  const invalid = tried && row.data.trim() === ''
  if (row.from === 'script') {
    return (
      <Cell label={words.variable}>
        <Input
          aria-label={words.variable}
          aria-invalid={invalid}
          title={words.variableHint}
          value={row.data}
          autoComplete="off"
          spellCheck={false}
          input={{ maxLength: 200 }}
          // Scripts hand their variables over in lower case, however they are written there.
          onChange={(_, { value }) => onChange({ ...row, data: value.toLowerCase() })}
        />
      </Cell>
    )
  }
  const from = row.from
  const fitting = offered.data
    .filter(({ name, channels }) => channels.includes(from) || name === row.data)
    .map(({ name }) => ({ name, text: dataWords(name) }))
    .sort((a, b) => a.text.localeCompare(b.text))
  return (
    <Cell label={words.data}>
      <Select
        aria-label={words.data}
        aria-invalid={invalid}
        value={row.data}
        onChange={(_, { value }) => onChange({ ...row, data: value })}
      >
        <option value="">{words.pickData}</option>
        {fitting.map(({ name, text }) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </Select>
    </Cell>
  )
}
