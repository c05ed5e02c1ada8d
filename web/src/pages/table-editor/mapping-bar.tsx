import { Button } from '@fluentui/react-components'
import { Add16Regular } from '@fluentui/react-icons/svg/add'
import { ArrowResetRegular } from '@fluentui/react-icons/svg/arrow-reset'
import { Search16Regular } from '@fluentui/react-icons/svg/search'
import { useState } from 'react'
import { ToggleChip } from '../../parts/chips.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './mapping.module.css'

type Only = 'warned' | 'changed'

/** A line of a mapping as it is searched and narrowed down. */
export interface Sifted {
  /** All that a person might look for it by. */
  text: string
  warned: boolean
  changed: boolean
}

/** Which lines of a mapping are shown, and what chooses them. */
export function useSifting<K>(keys: readonly K[], sifted: (key: K) => Sifted) {
  const [search, setSearch] = useState('')
  const [only, setOnly] = useState<Only | null>(null)
  const all = keys.map((key) => ({ key, ...sifted(key) }))
  const wanted = search.trim().toLowerCase()
  const count = (which: Only) => all.filter((line) => line[which]).length
  return {
    shown: all
      .filter((line) => line.text.toLowerCase().includes(wanted) && (only === null || line[only]))
      .map(({ key }) => key),
    choice: { search, setSearch, only, setOnly, warned: count('warned'), changed: count('changed') },
  }
}

/** Search and choice of lines, one more line, and all as it was at first. */
export function MappingBar(props: {
  choice: ReturnType<typeof useSifting>['choice']
  searchLabel: string
  add: { text: string; act(): void }
  /** Null where nothing differs from the defaults. */
  onReset: (() => void) | null
}) {
  const { t } = useText()
  const { choice, searchLabel, add, onReset } = props
  const chip = (which: Only, text: string) => (
    <ToggleChip text={text} on={choice.only === which} onToggle={(on) => choice.setOnly(on ? which : null)} />
  )
  return (
    <div className={styles.bar}>
      <label className={styles.search}>
        <Search16Regular aria-hidden="true" />
        <input
          type="search"
          aria-label={searchLabel}
          placeholder={searchLabel}
          value={choice.search}
          onChange={(event) => choice.setSearch(event.target.value)}
        />
      </label>
      {chip('warned', t.editor.onlyWarned(choice.warned))}
      {chip('changed', t.editor.onlyChanged(choice.changed))}
      <span className={styles.barActs}>
        <Button size="small" icon={<Add16Regular />} onClick={add.act}>
          {add.text}
        </Button>
        <Button
          size="small"
          icon={<ArrowResetRegular />}
          disabledFocusable={onReset === null}
          onClick={() => onReset?.()}
        >
          {t.editor.resetAll}
        </Button>
      </span>
    </div>
  )
}
