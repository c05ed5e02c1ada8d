import type { Destination, DestinationList, Readiness } from '../server/contract/destinations.ts'
import type { Api } from './api.ts'
import { Failure } from './failure.ts'

/** Names the organisation as destination of all others' accounts and contacts, and begins to write or goes on. */
export async function openDestination(api: Api, connection: string): Promise<Destination> {
  const { destinations } = await api.get<DestinationList>('/destinations')
  const known = destinations.find(({ connectionId }) => connectionId === connection)
  const { id } = known ?? (await api.post<Destination>('/destinations', { connection }))
  if (!known) refuseUnready(await api.post<Readiness>(`/destinations/${id}/columns`, { consent: true }))
  return await api.post<Destination>(`/destinations/${id}/start`)
}

function refuseUnready({ ready, requirements }: Readiness): void {
  if (ready) return
  const lacking = requirements.find(({ state, blocks }) => state === 'unmet' && blocks)
  const message = `Nothing can be written into the destination: ${lacking?.message ?? 'it is not ready'}`
  throw new Failure({ code: 'internal', message, ...(lacking?.mend ? { mend: lacking.mend } : {}) })
}

/** Everything that the hub holds stands there, or waits for something that time alone does not mend. */
export const isWritten = ({ progress, problem }: Destination) =>
  (progress.filled && progress.due === 0) || (problem !== null && problem.retryAt === null)
