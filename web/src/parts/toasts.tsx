import {
  Link,
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  ToastTrigger,
  useId,
  useToastController,
} from '@fluentui/react-components'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { useText } from '../text/use-text.tsx'
import { isTyping } from './is-typing.ts'
import styles from './toasts.module.css'
import { useProblem } from './use-problem.ts'

/** How long an act can be undone. */
const UNDO_MS = 10_000
const READ_MS = 5000

let undos = 0

interface Toasts {
  done(text: string, undo?: () => void): void
  failed(error: unknown, subject?: string): void
  /** Says that it is done, and does it only when the time to undo is over. */
  later(text: string, act: () => Promise<unknown>, restore: () => void): void
}

const ToastsContext = createContext<Toasts | null>(null)

export function ToastRoom({ children }: { children: ReactNode }) {
  const toasterId = useId('toasts')
  const { dispatchToast } = useToastController(toasterId)
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const { t } = useText()
  const { fromError } = useProblem()
  const toasts = useMemo<Toasts>(() => {
    const done = (text: string, undo?: () => void) =>
      dispatchToast(
        <Toast>
          <ToastTitle
            action={
              undo ? (
                <ToastTrigger>
                  <Link data-undo={++undos} title={`${t.act.undo} (z)`} aria-keyshortcuts="z" onClick={undo}>
                    {t.act.undo}
                  </Link>
                </ToastTrigger>
              ) : null
            }
          >
            {text}
          </ToastTitle>
        </Toast>,
        { intent: 'success', timeout: undo ? UNDO_MS : READ_MS, politeness: 'polite', pauseOnHover: true },
      )
    const failed = (error: unknown, subject?: string) => {
      const lines = fromError(error)
      dispatchToast(
        <Toast>
          <ToastTitle>{lines.what}</ToastTitle>
          <ToastBody subtitle={subject ?? null}>{lines.mend}</ToastBody>
        </Toast>,
        { intent: 'error', timeout: 12_000, politeness: 'assertive', pauseOnHover: true },
      )
    }
    const later = (text: string, act: () => Promise<unknown>, restore: () => void) => {
      const run = () => {
        removeEventListener('pagehide', now)
        act().catch((error: unknown) => {
          restore()
          failed(error)
        })
      }
      const timer = setTimeout(run, UNDO_MS)
      // Leaving the page is no undoing.
      const now = () => {
        clearTimeout(timer)
        run()
      }
      addEventListener('pagehide', now)
      done(text, () => {
        clearTimeout(timer)
        removeEventListener('pagehide', now)
        restore()
      })
    }
    return { done, failed, later }
  }, [dispatchToast, fromError, t])
  useUndoKey()
  return (
    <ToastsContext.Provider value={toasts}>
      {children}
      <section ref={setPlace} className={styles.notices} aria-label={t.nav.notices} />
      {place ? <Toaster toasterId={toasterId} mountNode={place} position="bottom-end" limit={4} /> : null}
    </ToastsContext.Provider>
  )
}

/** Ten seconds are short for whoever comes to the toast by Tab. */
function useUndoKey(): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key !== 'z' || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const last = [...document.querySelectorAll<HTMLElement>('[data-undo]')]
        .sort((a, b) => Number(a.dataset.undo) - Number(b.dataset.undo))
        .at(-1)
      last?.click()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext)
  if (!toasts) throw new Error('useToasts outside ToastRoom')
  return toasts
}
