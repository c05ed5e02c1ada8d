import { useDeferredValue, useState } from 'react'
import { Finder } from '../parts/finder.tsx'
import { useText } from '../text/use-text.tsx'
import styles from './palette.module.css'
import { type Entry, useEntries } from './palette-entries.tsx'

/** One field that finds pages, records, connections and acts. */
export function Palette({ onClose }: { onClose(): void }) {
  const { t } = useText()
  const [text, setText] = useState('')
  const groups = useEntries(useDeferredValue(text)).map(({ title, entries }) => ({
    title,
    options: entries.map((entry) => ({
      key: entry.key,
      content: <EntryLine entry={entry} />,
      choose(): void {
        onClose()
        entry.act()
      },
    })),
  }))
  return (
    <Finder
      label={t.palette.title}
      field={{ label: t.palette.title, placeholder: t.palette.placeholder }}
      {...{ text, groups, onClose }}
      onText={setText}
      none={
        <>
          <p className={styles.none}>{t.palette.none}</p>
          <p>{t.palette.noneHint}</p>
        </>
      }
      foot={
        <span className={styles.keys}>
          <kbd>↑</kbd> <kbd>↓</kbd> {t.palette.hint}
        </span>
      }
    />
  )
}

function EntryLine({ entry: { icon, text, hint } }: { entry: Entry }) {
  return (
    <span className={styles.entry}>
      {icon}
      <span className={styles.entryText}>{text}</span>
      {hint ? <span className={styles.hint}>{hint}</span> : null}
    </span>
  )
}
