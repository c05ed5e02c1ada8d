import { queryOptions } from '@tanstack/react-query'
import type {
  Configuration,
  ConfigurationChange,
  ConfigurationFields,
  ConfigurationInput,
  ConfigurationList,
  NeededRights,
} from '../../../src/server/contract/configurations.ts'
import { client } from './client.ts'
import { act, get } from './request.ts'

export type { Configuration, ConfigurationFields, NeededRights }
export type ConfiguredEntity = ConfigurationFields['entities'][number]
export type InteractionDatum = ConfigurationFields['data'][number]

export const configurationsQuery = queryOptions({
  queryKey: ['configurations'],
  queryFn: async ({ signal }) => (await get<ConfigurationList>('/crm-configurations', {}, signal)).configurations,
})

export const configurationQuery = (id: string) =>
  queryOptions({
    queryKey: ['configurations', id],
    queryFn: ({ signal }) => get<Configuration>(`/crm-configurations/${id}`, {}, signal),
  })

/** What the CRM has and an interaction tells: neither changes while somebody edits. */
export const configurationFieldsQuery = (id: string) =>
  queryOptions({
    queryKey: ['configurations', id, 'fields'],
    queryFn: ({ signal }) => get<ConfigurationFields>(`/crm-configurations/${id}/fields`, {}, signal),
    staleTime: 300_000,
  })

export const neededRightsQuery = (id: string) =>
  queryOptions({
    queryKey: ['configurations', id, 'rights'],
    queryFn: ({ signal }) => get<NeededRights>(`/crm-configurations/${id}/rights`, {}, signal),
  })

export const refreshConfigurations = () => client.invalidateQueries({ queryKey: ['configurations'] })

/** What may be left out of an input is left to the hub. */
export type NewConfiguration = Pick<ConfigurationInput, 'name' | 'connectionId'> & Partial<ConfigurationInput>

export const createConfiguration = (input: NewConfiguration) => act<Configuration>('POST', '/crm-configurations', input)
export const changeConfiguration = (id: string, change: ConfigurationChange) =>
  act<Configuration>('PATCH', `/crm-configurations/${id}`, change)
export const removeConfiguration = (id: string) => act('DELETE', `/crm-configurations/${id}`)
