import { queryOptions } from '@tanstack/react-query'
import type { KeyFields } from '../../../src/server/contract/key-fields.ts'
import { act, get } from './request.ts'

export type { KeyFields }

export const keyFieldsQuery = (id: string) =>
  queryOptions({
    queryKey: ['key-fields', id],
    queryFn: ({ signal }) => get<KeyFields>(`/connections/${id}/key-fields`, {}, signal),
  })

/** Gives the consent, makes the field where it is missing, and looks again. */
export const consentToKeyFields = (id: string) => act<KeyFields>('POST', `/connections/${id}/key-fields`)
