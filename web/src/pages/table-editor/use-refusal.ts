import type { QueryKey } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { ApiError } from '../../api/request.ts'
import { useProblem } from '../../parts/use-problem.ts'

/** Where the hub refused a change: said at that column or field, until the next edit. */
export function useRefusal(edited: { queryKey: QueryKey }) {
  const { fromError } = useProblem()
  const [error, setError] = useState<unknown>(null)
  const field = error instanceof ApiError ? error.body.field : undefined
  return {
    refused: field === undefined ? null : { field, text: fromError(error).what },
    clear: () => setError(null),
    note(problem: unknown): void {
      setError(problem)
      void client.invalidateQueries({ queryKey: edited.queryKey })
    },
  }
}
