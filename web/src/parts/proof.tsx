import { useMutation } from '@tanstack/react-query'
import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo, useState } from 'react'
import { accountQuery } from '../api/account.ts'
import { client } from '../api/client.ts'
import { ApiError } from '../api/request.ts'

const ProofDialog = lazy(async () => ({ default: (await import('./proof-dialog.tsx')).ProofDialog }))

/** Whoever was asked closed the question: what they wanted is not done, and nothing has gone wrong. */
export class NotProven extends Error {}

interface Proof {
  /** Does it; where the hub first wants a proof, asks for one and does it again. */
  proven<T>(act: () => Promise<T>): Promise<T>
  /** Asks now for what an act that can still be undone will need later. */
  ensure(): Promise<void>
}

/** A proof that ends while an act waits to be undone would be asked for when nobody expects it. */
const SPARE_MS = 30_000

const ProofContext = createContext<Proof | null>(null)

export function ProofRoom({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<PromiseWithResolvers<void> | null>(null)
  const proof = useMemo<Proof>(() => {
    let open: PromiseWithResolvers<void> | null = null
    const ask = () => {
      if (!open) {
        open = Promise.withResolvers<void>()
        const ended = () => {
          open = null
          setAsked(null)
        }
        open.promise.then(ended, ended)
        setAsked(open)
      }
      return open.promise
    }
    return {
      async proven(act) {
        try {
          return await act()
        } catch (error) {
          if (!(error instanceof ApiError) || error.body.code !== 'auth.proof_needed') throw error
          await ask()
          return act()
        }
      },
      async ensure() {
        const { hasPassword, passkeys, provenUntil } = await client.fetchQuery({ ...accountQuery, staleTime: 0 })
        const nothingToShow = !hasPassword && passkeys.length === 0
        if (nothingToShow || (provenUntil && Date.parse(provenUntil) > Date.now() + SPARE_MS)) return
        await ask()
      },
    }
  }, [])
  return (
    <ProofContext.Provider value={proof}>
      {children}
      {asked ? (
        <Suspense>
          <ProofDialog onProven={asked.resolve} onClose={() => asked.reject(new NotProven())} />
        </Suspense>
      ) : null}
    </ProofContext.Provider>
  )
}

export function useProof(): Proof {
  const proof = useContext(ProofContext)
  if (!proof) throw new Error('useProof outside ProofRoom')
  return proof
}

/** An act for which the hub may want a proof: what it waits for, gave, or failed with. */
export function useProven<Input, Output>(
  act: (input: Input) => Promise<Output>,
  on: { done?(output: Output, input: Input): void; failed?(error: unknown): void } = {},
) {
  const { proven } = useProof()
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: (input: Input) => proven(() => act(input)),
    onSuccess: (output, input) => on.done?.(output, input),
    onError: (failure) => {
      if (!(failure instanceof NotProven)) on.failed?.(failure)
    },
  })
  const withdrawn = error instanceof NotProven
  return { run: mutate, reset, data, busy: isPending, error: withdrawn ? null : error, withdrawn }
}
