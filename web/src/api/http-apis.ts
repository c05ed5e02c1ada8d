import { queryOptions } from '@tanstack/react-query'
import type {
  PresetList,
  PushAddresses,
  PushSecret,
  Trial,
  TrialInput,
} from '../../../src/server/contract/http-apis.ts'
import { act, get } from './request.ts'

export type { PushAddresses, Trial, TrialInput }

/** What an API is like, as JSON: what a preset's file holds beyond this console's fields stays as it is. */
export type Definition = Record<string, unknown>

/** Reads one page by a definition; nothing is stored. */
export const tryTable = (crm: string, input: TrialInput) => act<Trial>('POST', `/connectors/${crm}/try`, input)

export type Preset = PresetList['presets'][number]

/** Those that come with the hub do not change while it runs. */
export const presetsQuery = (crm: string) =>
  queryOptions({
    queryKey: ['presets', crm],
    queryFn: async ({ signal }) => (await get<PresetList>(`/connectors/${crm}/presets`, {}, signal)).presets,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const definitionQuery = (id: string) =>
  queryOptions({
    queryKey: ['definitions', id],
    queryFn: ({ signal }) => get<Definition>(`/connections/${id}/definition`, {}, signal),
  })

export const changeDefinition = (id: string, definition: Definition) =>
  act<Definition>('PUT', `/connections/${id}/definition`, definition)

export const pushQuery = (id: string) =>
  queryOptions({
    queryKey: ['push-addresses', id],
    queryFn: ({ signal }) => get<PushAddresses>(`/connections/${id}/push-addresses`, {}, signal),
  })

export const renewPushSecret = (id: string) => act<PushSecret>('POST', `/connections/${id}/push-secret`, {})
