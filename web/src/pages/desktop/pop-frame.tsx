import { Button } from '@fluentui/react-components'
import { useEffect, useRef, useState } from 'react'
import type { Card } from '../../api/desktop.ts'
import { HealthDot } from '../../parts/health.tsx'
import { useText } from '../../text/use-text.tsx'
import { dueFrame } from './due-pop.ts'
import styles from './pop-frame.module.css'
import { whoOf } from './who.ts'

/** `elsewhere`: the CRM led to another domain; `stale`: the domain was set after this page was loaded. */
type Refusal = 'elsewhere' | 'stale'

/**
 * The record beside the cards, in the page itself. It is loaded once, when its card is first looked at, and stays as it is
 * while others are: what the agent typed in the CRM is not lost by going to another caller and back.
 */
export function PopFrame({ card, chosen }: { card: Card; chosen: boolean }) {
  const { t } = useText()
  const due = dueFrame(card)
  const [url, setUrl] = useState<string | null>(null)
  if (chosen && due && url === null) setUrl(due)
  const { refusal, settled } = useRefusal(url)
  const { used, frame } = useUsed()
  if (!due || !url) return null
  const { name } = whoOf(card, t)
  return (
    <aside className={styles.frame} aria-label={t.desk.frameTitle(name)} hidden={!chosen}>
      <p className={styles.bar} role="status">
        {refusal ? <HealthDot health="warn" /> : null}
        <span className={styles.words}>
          {refusal ? t.desk.frameRefused[refusal] : used ? t.desk.frameTitle(name) : t.desk.frameText}
        </span>
        {refusal === 'stale' ? (
          <Button size="small" onClick={() => location.reload()}>
            {t.act.reload}
          </Button>
        ) : null}
        <Button as="a" size="small" href={url} target="_blank" rel="noopener noreferrer">
          {t.act.openInCrm}
        </Button>
      </p>
      {refusal ? null : (
        <iframe
          ref={frame}
          onLoad={settled}
          title={t.desk.frameTitle(name)}
          src={url}
          referrerPolicy="no-referrer"
          // The CRM's own page, which signs people in and opens windows; never above this one.
          sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads"
        />
      )}
    </aside>
  )
}

/** No browser tells whether a page let itself be framed: whoever works in it has seen it. */
function useUsed() {
  const frame = useRef<HTMLIFrameElement>(null)
  const [used, setUsed] = useState(false)
  useEffect(() => {
    const look = () => {
      if (frame.current && document.activeElement === frame.current) setUsed(true)
    }
    addEventListener('blur', look)
    return () => removeEventListener('blur', look)
  }, [])
  return { used, frame }
}

/** Which frame a redirect was refused in is not told; it is told a moment after that frame has loaded nothing. */
const TOLD_WITHIN_MS = 1000

/** The page's own policy lets configured domains alone into frames. */
function useRefusal(url: string | null) {
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const loadedAt = useRef(Number.POSITIVE_INFINITY)
  useEffect(() => {
    if (!url) return
    const { origin } = new URL(url)
    const refuse = (event: SecurityPolicyViolationEvent) => {
      if (event.effectiveDirective !== 'frame-src') return
      const isNew = performance.now() - loadedAt.current < TOLD_WITHIN_MS
      if (!isNew && !event.blockedURI.startsWith(origin)) return
      setRefusal(event.originalPolicy.includes(origin) ? 'elsewhere' : 'stale')
    }
    document.addEventListener('securitypolicyviolation', refuse)
    return () => document.removeEventListener('securitypolicyviolation', refuse)
  }, [url])
  const settled = () => {
    loadedAt.current = performance.now()
  }
  return { refusal, settled }
}
