import { queryOptions } from '@tanstack/react-query'
import type {
  CheckResult,
  CheckStep,
  ConnectInput,
  Connection,
  ConnectionChange,
  ConnectionList,
} from '../../../src/server/contract/connections.ts'
import { readMessages } from './event-stream.ts'
import { ApiError, act, address, get, pageHeader, send } from './request.ts'
import { mayNow } from './rights.ts'

export type { CheckResult, CheckStep, ConnectInput, Connection, ConnectionChange }

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => (await get<ConnectionList>('/connections', {}, signal)).connections,
  enabled: () => mayNow('read:status'),
})

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['connections', id],
    queryFn: ({ signal }) => get<Connection>(`/connections/${id}`, {}, signal),
  })

export const changeConnection = (id: string, change: ConnectionChange) =>
  act<Connection>('PATCH', `/connections/${id}`, change)
export const removeConnection = (id: string) => act('DELETE', `/connections/${id}`)

/** Checks and connects, telling each tick as it is made. */
export const connect = (input: ConnectInput, onStep: (step: CheckStep) => void, signal?: AbortSignal) =>
  streamed<Connection>('/connections', input, onStep, signal)

export const checkConnection = (id: string, onStep: (step: CheckStep) => void, signal?: AbortSignal) =>
  streamed<CheckResult>(`/connections/${id}/check`, undefined, onStep, signal)

/** An act that tells each of its steps as it is made. */
export async function streamed<T, Step = CheckStep>(
  path: string,
  body: unknown,
  onStep: (step: Step) => void,
  signal?: AbortSignal,
): Promise<T> {
  const headers: Record<string, string> = { ...pageHeader, accept: 'text/event-stream' }
  const init: RequestInit = { method: 'POST', headers }
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(body)
  }
  if (signal) init.signal = signal
  const response = await send(address(path), init)
  // A hub that answers at once rather than in ticks is understood as well.
  if (!response.headers.get('content-type')?.includes('text/event-stream') || !response.body) {
    const result = await response.json()
    for (const step of result.steps ?? []) onStep(step)
    return result as T
  }
  let result: T | undefined
  await readMessages(response.body, (message) => {
    const data = JSON.parse(message.data)
    if (message.event === 'step') onStep(data as Step)
    else if (message.event === 'result') result = data as T
    else if (message.event === 'error') throw new ApiError(409, data.error)
  })
  if (result === undefined) throw new ApiError(0, { code: 'offline', message: 'The check ended without a result' })
  return result
}
