import type { InfiniteData } from '@tanstack/react-query'
import type { AttentionList } from './attention.ts'
import { keepChange } from './change-log.ts'
import { client } from './client.ts'
import type { Connection } from './connections.ts'
import { type LiveEvent, onLive } from './live.ts'
import { keepRate } from './rate-log.ts'
import type { Run, RunList } from './runs.ts'
import type { Status } from './status.ts'

/** Lets live events flow into what the pages show: in place where a row is known, by asking again where not. */
export function feedCache(): () => void {
  return onLive((event) => {
    handlers[event.event]?.(event)
  })
}

const handlers: Record<string, (event: LiveEvent) => void> = {
  run: (event) => event.event === 'run' && takeRun(event.data),
  connection: (event) => event.event === 'connection' && takeConnection(event.data),
  quota: (event) => event.event === 'quota' && client.setQueryData(['quota', event.data.connectionId], event.data),
  attention: (event) => {
    if (event.event !== 'attention') return
    client.setQueryData<Status>(['status'], (status) => status && { ...status, attention: event.data })
    askAgain(['attention'])
    client.setQueriesData<InfiniteData<AttentionList>>({ queryKey: ['attention', 'list'] }, (list) =>
      list ? { ...list, pages: list.pages.map((page) => ({ ...page, counts: event.data })) } : list,
    )
  },
  change: (event) => {
    if (event.event !== 'change') return
    keepChange(event.data)
    if (client.getQueryData(['records', 'one', event.data.recordId])) askAgain(['records', 'one', event.data.recordId])
    askAgain(['ledger'])
  },
  reset: () => void client.invalidateQueries(),
}

function takeRun(run: Run): void {
  keepRate(run)
  client.setQueryData<Run>(['runs', 'one', run.id], run)
  client.setQueryData<Run[]>(['runs', 'latest'], (runs) => runs && withRun(runs, run))
  let known = false
  client.setQueriesData<InfiniteData<RunList>>({ queryKey: ['runs', 'list'] }, (list) => {
    if (!list) return list
    const pages = list.pages.map((page) => {
      if (!page.runs.some((one) => one.id === run.id)) return page
      known = true
      return { ...page, runs: page.runs.map((one) => (one.id === run.id ? run : one)) }
    })
    return { ...list, pages }
  })
  if (!known) askAgain(['runs', 'list'])
  const over = run.state === 'done' || run.state === 'failed' || run.state === 'cancelled'
  client.setQueryData<Status>(['status'], (status) => status && withStatusRun(status, run, over))
  if (over) {
    askAgain(['status'])
    askAgain(['tables'])
    askAgain(['records', 'list'])
  }
}

function withRun(runs: Run[], run: Run): Run[] {
  return runs.some((one) => one.id === run.id) ? runs.map((one) => (one.id === run.id ? run : one)) : [run, ...runs]
}

function withStatusRun(status: Status, run: Run, over: boolean): Status {
  return {
    ...status,
    connections: status.connections.map((connection) =>
      connection.id !== run.connectionId
        ? connection
        : {
            ...connection,
            tables: connection.tables.map((table) =>
              table.entity !== run.entity
                ? table
                : // A run that ended stays shown until the counts are asked for again: no figure jumps back and forth.
                  { ...table, run: over && table.run?.id !== run.id ? table.run : run },
            ),
          },
    ),
  }
}

function takeConnection(connection: Connection): void {
  client.setQueryData<Connection[]>(['connections'], (all) =>
    all?.some((one) => one.id === connection.id)
      ? all.map((one) => (one.id === connection.id ? connection : one))
      : all && [...all, connection],
  )
  client.setQueryData(['connections', connection.id], connection)
  // They wait, and come back, with their connection.
  askAgain(['configurations'])
  askAgain(['status'])
  askAgain(['attention'])
}

const waiting = new Map<string, ReturnType<typeof setTimeout>>()
/** A burst of events asks once. */
const GATHER_MS = 1500

function askAgain(queryKey: string[]): void {
  const key = queryKey.join('/')
  if (waiting.has(key)) return
  const timer = setTimeout(() => {
    waiting.delete(key)
    void client.invalidateQueries({ queryKey })
  }, GATHER_MS)
  waiting.set(key, timer)
}
