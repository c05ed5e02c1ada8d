import { queryOptions } from '@tanstack/react-query'
import type { DesktopSettings, Embedding, FrameTicket } from '../../../src/server/contract/desktop-settings.ts'
import type { SoftphoneEventTaken } from '../../../src/server/contract/softphone.ts'
import type { SoftphoneEvent } from '../../client/messages.ts'
import { act, get, meantFor } from './request.ts'
import type { Session } from './session.ts'

export type { DesktopSettings }

/** Whose messages the panel heeds. */
export const embeddingQuery = queryOptions({
  queryKey: ['embedding'],
  queryFn: ({ signal }) => get<Embedding>('/desktop/embedding', {}, signal),
  staleTime: 60_000,
})

/** Of the agent whose panel heard it: not of whoever signed in to the browser since. */
export const takeSoftphoneEvent = (person: string, event: SoftphoneEvent) =>
  act<SoftphoneEventTaken>('POST', '/desktop/softphone-events', event, { headers: meantFor(person) })

export const makeFrameTicket = () => act<FrameTicket>('POST', '/desktop/frame-tickets')

export const signInFrame = (ticket: string) => act<Session>('POST', '/session/frame', { ticket })

/** Which sites may embed the panel. */
export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) => get<DesktopSettings>('/desktop/settings', {}, signal),
})

export const saveSites = (settings: DesktopSettings) => act<DesktopSettings>('PUT', '/desktop/settings', settings)
