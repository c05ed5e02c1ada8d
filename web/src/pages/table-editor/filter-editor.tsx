import { Button, Select } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { Delete16Regular } from '@fluentui/react-icons/svg/delete'
import { FilterDismiss16Regular } from '@fluentui/react-icons/svg/filter-dismiss'
import { GroupListRegular } from '@fluentui/react-icons/svg/group-list'
import { useRef } from 'react'
import { flushSync } from 'react-dom'
import { useText } from '../../text/use-text.tsx'
import { useColumns, useEditing } from './context.tsx'
import { ConditionRow } from './filter-condition.tsx'
import styles from './filter-editor.module.css'
import { filterSentence } from './filter-sentence.ts'
import { type Group, newCondition, newGroup, type Part, readTree, replacePart } from './filter-tree.ts'

/** Which rows are copied: a tree of groups and conditions, said in one sentence above it. */
export function FilterEditor() {
  const { t } = useText()
  const { draft, table, put } = useEditing()
  const columns = useColumns(table.fields)
  const box = useRef<HTMLDivElement>(null)
  const { tree } = draft
  const { filter, faults } = readTree(tree, table.fields)
  const sentence =
    faults.size > 0 ? t.editor.unfinished(faults.size) : filterSentence(filter, t.editor.sentence, columns)

  function change(next: Group | null): void {
    put({ tree: next !== null && next.parts.length === 0 ? null : next })
  }
  /** What was just made takes the focus, and what replaced something removed; at once, before the next key comes. */
  function changeAndFocus(next: Group | null, selector: string): void {
    flushSync(() => change(next))
    box.current?.querySelector<HTMLElement>(selector)?.focus()
  }
  function add(group: Group, part: Part): void {
    const next = { ...group, parts: [...group.parts, part] }
    const first = part.kind === 'group' ? part.parts[0]! : part
    const whole = tree === null || group.id === tree.id ? next : replacePart(tree, group.id, next)
    changeAndFocus(whole, `[data-part="${first.id}"] button`)
  }
  function replace(id: number, next: Part | null): void {
    if (tree === null) return
    const whole = id === tree.id ? (next as Group | null) : replacePart(tree, id, next)
    if (next === null) changeAndFocus(whole, '[data-add]')
    else change(whole)
  }
  return (
    <div ref={box} className={styles.editor}>
      <p className={styles.sentence} data-unfinished={faults.size > 0} aria-live="polite">
        {sentence}
      </p>
      {tree === null ? (
        <Button
          className={styles.begin ?? ''}
          icon={<Add16Regular />}
          data-add
          onClick={() => add(newGroup('all'), newCondition())}
        >
          {t.editor.beginFilter}
        </Button>
      ) : (
        <>
          <GroupBox group={tree} depth={1} acts={{ add, replace }} />
          <Button
            className={styles.off ?? ''}
            appearance="subtle"
            size="small"
            icon={<FilterDismiss16Regular />}
            onClick={() => changeAndFocus(null, '[data-add]')}
          >
            {t.editor.switchOff}
          </Button>
        </>
      )}
    </div>
  )
}

interface Acts {
  add(group: Group, part: Part): void
  replace(id: number, next: Part | null): void
}

/** The hub takes ten levels; more than four nobody reads. */
const deepest = 4

function GroupBox({ group, depth, acts }: { group: Group; depth: number; acts: Acts }) {
  const { t } = useText()
  const { faults } = useEditing()
  const name = t.editor.groups[group.of]
  return (
    <fieldset className={styles.group} data-of={group.of}>
      <legend className={styles.legend}>{t.editor.groupLegend(name)}</legend>
      <div className={styles.head}>
        <Select
          size="small"
          aria-label={t.editor.groupOf}
          value={group.of}
          onChange={(_, data) => acts.replace(group.id, { ...group, of: data.value as Group['of'] })}
        >
          {(['all', 'any', 'not all', 'none'] as const).map((of) => (
            <option key={of} value={of}>
              {t.editor.groups[of]}
            </option>
          ))}
        </Select>
        {depth > 1 ? (
          <Button
            size="small"
            appearance="subtle"
            icon={<Delete16Regular />}
            aria-label={t.editor.removeGroup}
            onClick={() => acts.replace(group.id, null)}
          />
        ) : null}
      </div>
      <ul className={styles.parts}>
        {group.parts.map((part) => (
          <li key={part.id} className={styles.part} data-part={part.id}>
            {part.kind === 'group' ? (
              <GroupBox group={part} depth={depth + 1} acts={acts} />
            ) : (
              <ConditionRow
                condition={part}
                onChange={(next) => acts.replace(part.id, next)}
                onRemove={() => acts.replace(part.id, null)}
              />
            )}
          </li>
        ))}
      </ul>
      {faults.get(group.id) === 'empty' ? <p className={styles.fault}>{t.editor.faults.empty}</p> : null}
      <div className={styles.adds}>
        <Button
          size="small"
          appearance="subtle"
          icon={<Add16Regular />}
          data-add={depth === 1 ? true : undefined}
          onClick={() => acts.add(group, newCondition())}
        >
          {t.editor.addCondition}
        </Button>
        {depth < deepest ? (
          <Button
            size="small"
            appearance="subtle"
            icon={<GroupListRegular />}
            onClick={() => acts.add(group, newGroup(group.of === 'any' ? 'all' : 'any', [newCondition()]))}
          >
            {t.editor.addGroup}
          </Button>
        ) : null}
      </div>
    </fieldset>
  )
}
