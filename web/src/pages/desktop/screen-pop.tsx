import { Button } from '@fluentui/react-components'
import { useEffect, useState } from 'react'
import type { Card } from '../../api/desktop.ts'
import { HealthDot } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'
import styles from './card.module.css'
import { duePop } from './due-pop.ts'

/** Opens the record in a tab of its own, once; where the browser holds it back, one press does it. */
export function ScreenPop({ card }: { card: Card }) {
  const { t } = useText()
  const [blocked, setBlocked] = useState(false)
  const url = card.screenPop.how === 'tab' ? duePop(card) : null
  const { id } = card.interaction
  useEffect(() => {
    if (!url) return
    let wanted = true
    void once(id, () => {
      if (wanted) setBlocked(!openTab(url))
    })
    return () => {
      wanted = false
    }
  }, [url, id])
  if (!blocked || !url) return null
  return (
    <p className={styles.pop} role="status">
      <HealthDot health="warn" />
      <span className={styles.grow}>{t.desk.popBlocked}</span>
      <Button
        as="a"
        size="small"
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        onClick={() => setBlocked(false)}
      >
        {t.desk.openRecord}
      </Button>
    </p>
  )
}

/** Told `noopener`, a browser does not tell whether it opened: so the tie is cut by hand. */
function openTab(url: string): boolean {
  const tab = window.open('about:blank', '_blank')
  if (!tab) return false
  tab.opener = null
  tab.location.href = url
  return true
}

const KEY = 'jackfield.popped'
const KEPT = 200

/** Two windows of the same agent open it once. */
async function once(id: string, open: () => void): Promise<void> {
  // Locks are for secure addresses alone; without them two windows that hear it in the same instant both open it.
  if (navigator.locks) await navigator.locks.request(KEY, () => claim(id) && open())
  else if (claim(id)) open()
}

function claim(id: string): boolean {
  try {
    const popped = JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[]
    if (popped.includes(id)) return false
    localStorage.setItem(KEY, JSON.stringify([...popped, id].slice(-KEPT)))
    return true
  } catch {
    // Storage is shut off: a press on the card opens it.
    return false
  }
}
