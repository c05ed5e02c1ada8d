import { queryOptions } from '@tanstack/react-query'
import type { Connector, ConnectorList, Discovery } from '../../../src/server/contract/connectors.ts'
import { act, get } from './request.ts'

export type { Connector, Discovery }

export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: async ({ signal }) => (await get<ConnectorList>('/connectors', {}, signal)).connectors,
  staleTime: Number.POSITIVE_INFINITY,
})

export const discover = (crm: string, url: string) => act<Discovery>('POST', `/connectors/${crm}/discover`, { url })
