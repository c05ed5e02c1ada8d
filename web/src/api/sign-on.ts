import { queryOptions } from '@tanstack/react-query'
import type {
  IdentityList,
  IdentityProvider,
  IdentityProviderChange,
  IdentityProviderInput,
  IdentityProviderList,
  IssuerCheck,
  IssuerInput,
  LinkStart,
  SignedOut,
  SignOnList,
} from '../../../src/server/contract/sign-on.ts'
import { client } from './client.ts'
import { act, get } from './request.ts'

export type { IdentityProvider, IssuerCheck }

/** For the sign-in page: whoever asks is nobody yet. */
export const signOnQuery = queryOptions({
  queryKey: ['sign-on'],
  queryFn: async ({ signal }) => (await get<SignOnList>('/sign-on/providers', {}, signal)).providers,
  staleTime: 60_000,
})

export const providersQuery = queryOptions({
  queryKey: ['identity-providers'],
  queryFn: async ({ signal }) => (await get<IdentityProviderList>('/identity-providers', {}, signal)).providers,
})

export const ownIdentitiesQuery = queryOptions({
  queryKey: ['me', 'identities'],
  queryFn: async ({ signal }) => (await get<IdentityList>('/me/identities', {}, signal)).identities,
})

export const startOf = (id: string, to: string) => `/api/v1/sign-on/${id}/start?${new URLSearchParams({ return: to })}`

export async function refreshProviders(): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['identity-providers'] }),
    client.invalidateQueries({ queryKey: ['sign-on'] }),
  ])
}

export const addProvider = (input: IdentityProviderInput) => act<IdentityProvider>('POST', '/identity-providers', input)
export const changeProvider = (id: string, change: IdentityProviderChange) =>
  act<IdentityProvider>('PATCH', `/identity-providers/${id}`, change)
export const removeProvider = (id: string) => act('DELETE', `/identity-providers/${id}`)
export const checkIssuer = (input: IssuerInput) => act<IssuerCheck>('POST', '/identity-providers/check', input)

export const linkProvider = (provider: string) =>
  act<LinkStart>('POST', '/me/identities', { provider, return: '/account' })
export const unlinkIdentity = (id: string) => act('DELETE', `/me/identities/${id}`)

export const signOut = () => act<SignedOut>('POST', '/sign-on/sign-out')
