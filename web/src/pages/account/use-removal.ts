import { useState } from 'react'
import { refreshAccount } from '../../api/account.ts'
import { NotProven, useProof } from '../../parts/proof.tsx'
import { useToasts } from '../../parts/toasts.tsx'

/** What is taken away can be had back until the toast is gone; the proof for it is asked for at once. */
export function useRemoval(): {
  gone: ReadonlySet<string>
  remove(key: string, text: string, act: () => Promise<unknown>): void
} {
  const toasts = useToasts()
  const { ensure } = useProof()
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const restore = (key: string) => setGone((before) => new Set([...before].filter((each) => each !== key)))
  function remove(key: string, text: string, act: () => Promise<unknown>): void {
    ensure().then(
      () => {
        setGone((before) => new Set([...before, key]))
        const done = async () => {
          await act()
          await refreshAccount()
          restore(key)
        }
        toasts.later(text, done, () => restore(key))
      },
      (error: unknown) => {
        if (!(error instanceof NotProven)) toasts.failed(error)
      },
    )
  }
  return { gone, remove }
}
