import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { ArrowUp16Regular } from '@fluentui/react-icons/svg/arrow-up'
import { Warning16Regular } from '@fluentui/react-icons/svg/warning'
import { humanise, useNames } from '../../parts/names.ts'
import { RemovableChip } from '../../parts/removable-chip.tsx'
import { useText } from '../../text/use-text.tsx'
import { ColumnButton } from './column-picker.tsx'
import { useColumns, useEditing } from './context.tsx'
import { type Mapping, same } from './draft.ts'
import styles from './roles.module.css'
import { lengthWarning, warningOf } from './warnings.ts'

type ListRole = 'phones' | 'emails' | 'country' | 'alsoSearched'
const listRoles: ListRole[] = ['phones', 'emails', 'country', 'alsoSearched']

/** What records are called, found by and tied with: columns in the order in which they count. */
export function Roles() {
  const { t } = useText()
  const { draft } = useEditing()
  return (
    <>
      <dl className={styles.roles}>
        <NameRole />
        {listRoles.map((role) => (
          <ListOf key={role} role={role} />
        ))}
        <ActiveRole mapping={draft.mapping} />
        <RelationRole mapping={draft.mapping} />
      </dl>
      <p className={styles.note}>{t.editor.orderCounts}</p>
    </>
  )
}

function Line(props: {
  title: string
  text: string
  differs?: boolean
  onReset?: () => void
  children: React.ReactNode
}) {
  const { t } = useText()
  return (
    <div className={styles.line}>
      <dt>
        {props.title}
        <span className={styles.text}>{props.text}</span>
      </dt>
      <dd>
        {props.children}
        {props.differs ? (
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowResetRegular />}
            aria-label={t.editor.resetField(props.title)}
            onClick={props.onReset}
          />
        ) : null}
      </dd>
    </div>
  )
}

function ListOf({ role }: { role: ListRole }) {
  const { t } = useText()
  const { draft, table, rules, put } = useEditing()
  const { mapping } = draft
  const list = mapping[role]
  const initial = table.defaults.mapping[role]
  const title = t.editor.roles[role]
  const set = (next: string[]) => put({ mapping: { ...mapping, [role]: next } })
  return (
    <Line title={title} text={t.editor.roleTexts[role]} differs={!same(list, initial)} onReset={() => set(initial)}>
      {list.map((column, index) => (
        <Chip
          key={column}
          column={column}
          use={role}
          types={rules.mapping[role]}
          onUp={index > 0 ? () => set(moved(list, index)) : undefined}
          onRemove={() => set(list.filter((each) => each !== column))}
        />
      ))}
      <AddColumn
        label={t.editor.addTo(title)}
        types={rules.mapping[role]}
        without={list}
        onPick={(column) => set([...list, column])}
      />
    </Line>
  )
}

function AddColumn(props: {
  label: string
  types: readonly string[]
  without: readonly string[]
  onPick(column: string): void
}) {
  const { t } = useText()
  return (
    <ColumnButton {...props} column={null} quiet>
      <Add16Regular aria-hidden="true" /> {t.editor.column}
    </ColumnButton>
  )
}

function Chip(props: {
  column: string
  use: ListRole | 'name'
  types: readonly string[]
  onUp?: (() => void) | undefined
  onRemove(): void
}) {
  const { t } = useText()
  const editing = useEditing()
  const columns = useColumns(editing.table.fields)
  const label = columns.label(props.column)
  const { refused } = editing
  const told = refused?.field === props.column ? { text: refused.text, soft: false } : null
  const measured =
    props.use === 'name' || props.use === 'phones' || props.use === 'emails'
      ? lengthWarning(props.use, columns.find(props.column), t.editor.warnings)
      : null
  const warning = told ?? warningOf(props, editing, t.editor.warnings) ?? measured
  return (
    <RemovableChip
      label={label}
      tone={warning && !warning.soft ? 'wrong' : undefined}
      title={warning?.text}
      mark={warning ? <Warning16Regular className={styles.warn ?? ''} aria-label={warning.text} /> : null}
      acts={
        props.onUp ? (
          <button type="button" aria-label={t.editor.moveUp(label)} onClick={props.onUp}>
            <ArrowUp16Regular aria-hidden="true" />
          </button>
        ) : null
      }
      removeLabel={t.editor.removeFrom(label, t.editor.roles[props.use])}
      onRemove={props.onRemove}
    />
  )
}

function moved<T>(list: readonly T[], index: number): T[] {
  const next = [...list]
  const [item] = next.splice(index, 1)
  if (item !== undefined) next.splice(index - 1, 0, item)
  return next
}

/** The first entry that is filled in names the record; columns of one entry are joined by a blank. */
function NameRole() {
  const { t } = useText()
  const { draft, table, rules, put } = useEditing()
  const { mapping } = draft
  const set = (name: string[][]) => put({ mapping: { ...mapping, name: name.filter((entry) => entry.length > 0) } })
  return (
    <Line
      title={t.editor.roles.name}
      text={t.editor.roleTexts.name}
      differs={!same(mapping.name, table.defaults.mapping.name)}
      onReset={() => set(table.defaults.mapping.name)}
    >
      {mapping.name.map((entry, index) => (
        <span key={entry.join('+')} className={styles.entry}>
          {index > 0 ? <span className={styles.else}>{t.editor.elseName}</span> : null}
          {entry.map((column, place) => (
            <Chip
              key={column}
              column={column}
              use="name"
              types={rules.mapping.name}
              onUp={index > 0 && place === 0 ? () => set(moved(mapping.name, index)) : undefined}
              onRemove={() =>
                set(mapping.name.map((each) => (each === entry ? each.filter((name) => name !== column) : each)))
              }
            />
          ))}
          <ColumnButton
            label={t.editor.joinTo(index + 1)}
            column={null}
            types={rules.mapping.name}
            without={entry}
            onPick={(column) => set(mapping.name.map((each) => (each === entry ? [...each, column] : each)))}
            quiet
          >
            <Add16Regular aria-hidden="true" />
          </ColumnButton>
        </span>
      ))}
      <AddColumn
        label={t.editor.addTo(t.editor.roles.name)}
        types={rules.mapping.name}
        without={mapping.name.filter((entry) => entry.length === 1).flat()}
        onPick={(column) => set([...mapping.name, [column]])}
      />
    </Line>
  )
}

function ActiveRole({ mapping }: { mapping: Mapping }) {
  const { t, f } = useText()
  const { table } = useEditing()
  const columns = useColumns(table.fields)
  const { active } = mapping
  return (
    <Line title={t.editor.roles.active} text={t.editor.roleTexts.active}>
      <span className={styles.words}>
        {active
          ? `${columns.label(active.field)}: ${f.list(active.values.map((value) => columns.value(active.field, value)))}`
          : t.editor.always}
      </span>
    </Line>
  )
}

function RelationRole({ mapping }: { mapping: Mapping }) {
  const { t, f } = useText()
  const { table } = useEditing()
  const columns = useColumns(table.fields)
  const names = useNames()
  return (
    <Line title={t.editor.roles.relations} text={t.editor.roleTexts.relations}>
      {mapping.relations.length === 0 ? <span className={styles.words}>{t.editor.noRelations}</span> : null}
      {mapping.relations.map(({ role, from, entities }) => (
        <span key={role} className={styles.relation}>
          {t.role[role] ?? humanise(role)}: {columns.label(from)} → {f.list(entities.map(names.one))}
        </span>
      ))}
    </Line>
  )
}
