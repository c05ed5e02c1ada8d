import { type InferDataFromTag, QueryCache, QueryClient, type QueryKey, type Updater } from '@tanstack/react-query'
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

type Held<Key extends QueryKey> = InferDataFromTag<unknown, Key> | undefined

/**
 * Puts a save's answer where the pages read it. An answer that was on its way may be older, and would take the save back on
 * the screen: it is dropped. What it was asked for may be newer than the save, so it is asked for anew.
 */
export function keepSaved<Key extends QueryKey>(queryKey: Key, saved: Updater<Held<Key>, Held<Key>>): void {
  const query = { queryKey, exact: true }
  const isOnItsWay = client.isFetching(query) > 0
  // Cancelled at once: what its promise waits for is that those who asked have heard of it.
  void client.cancelQueries(query)
  client.setQueryData(queryKey, saved)
  if (isOnItsWay) void client.invalidateQueries(query)
}
