import { queryOptions } from '@tanstack/react-query'
import type { Change, ChangeOperation, LatestChanges } from '../../../src/server/contract/changes.ts'
import { get } from './request.ts'

export type { Change, ChangeOperation }

/** What came in before the page was opened; what comes after it comes live. */
export const latestChangesQuery = queryOptions({
  queryKey: ['changes', 'latest'],
  queryFn: async ({ signal }) => (await get<LatestChanges>('/changes/latest', { limit: 20 }, signal)).changes,
})
