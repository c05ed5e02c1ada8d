import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './request.ts'

/** Answers are kept a while, so that going back shows at once what was there. */
export const client: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 600_000,
      retry: (failures, error) => error instanceof ApiError && error.body.code === 'offline' && failures < 2,
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
  queryCache: new QueryCache({
    onError(error, query) {
      // The session ended while the page was open: the frame sees it and asks to sign in.
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'session') {
        void client.invalidateQueries({ queryKey: ['session'] })
      }
    },
  }),
})
