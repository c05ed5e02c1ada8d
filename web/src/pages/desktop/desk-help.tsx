import { lazy, Suspense, useEffect, useState } from 'react'
import { isTyping } from '../../parts/is-typing.ts'
import { useText } from '../../text/use-text.tsx'
import styles from './desk-help.module.css'

const KeyboardHelp = lazy(async () => ({ default: (await import('../../frame/keyboard-help.tsx')).KeyboardHelp }))

/** Opens the list of keys; in the panel, which has no console around it, by `?` too. */
export function DeskHelp({ alone = false }: { alone?: boolean }) {
  const { t } = useText()
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (!alone) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) setOpen(true)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [alone])
  return (
    <>
      <button type="button" className={styles.help} aria-keyshortcuts="?" onClick={() => setOpen(true)}>
        <span aria-hidden="true">?</span>
        {t.keyboard.title}
      </button>
      <Suspense>
        {open ? <KeyboardHelp onClose={() => setOpen(false)} {...(alone ? { only: 'desk' as const } : {})} /> : null}
      </Suspense>
    </>
  )
}
