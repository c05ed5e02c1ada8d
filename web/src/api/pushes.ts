import { queryOptions } from '@tanstack/react-query'
import type { PushAct, PushResult, PushState, PushStep } from '../../../src/server/contract/pushes.ts'
import { client } from './client.ts'
import { streamed } from './connections.ts'
import { address, get, send } from './request.ts'

export type Act = PushAct['act']
export type { PushState, PushStep }

export const pushStateQuery = (id: string) =>
  queryOptions({
    queryKey: ['pushes', id],
    queryFn: ({ signal }) => get<PushState>(`/connections/${id}/push`, {}, signal),
    // Its line to the CRM comes and goes by itself.
    refetchInterval: 20_000,
  })

/** Hanging up cancels the work in the CRM. */
export const actOnPush = (id: string, act: Act, onStep: (step: PushStep) => void, signal: AbortSignal) =>
  streamed<PushResult, PushStep>(`/connections/${id}/push`, { act }, onStep, signal)

/** Holds the secret, so that it is asked for only when a person wants it. */
export const unsignedAddress = (id: string) => get<{ url: string }>(`/connections/${id}/push/address`)

export async function pushPackage(id: string): Promise<{ name: string; bytes: Blob }> {
  const response = await send(address(`/connections/${id}/push/package`), {})
  const name = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'push.zip'
  return { name, bytes: await response.blob() }
}

export function refreshPush(id: string): void {
  for (const queryKey of [['pushes', id], ['connections', id], ['status']]) void client.invalidateQueries({ queryKey })
}
