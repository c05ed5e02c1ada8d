import { queryOptions } from '@tanstack/react-query'
import type { Account, AccountPatch, FactorAdded, NewTotp, PasskeyAdded } from '../../../src/server/contract/account.ts'
import type { Passkey } from '../../../src/server/contract/passkeys.ts'
import type { SessionList, ShownSession } from '../../../src/server/contract/people.ts'
import { client } from './client.ts'
import { makePasskey, type PasskeyOptionsOf } from './passkeys.ts'
import { act, get } from './request.ts'

export type { Account, NewTotp, Passkey, PasskeyAdded, ShownSession }

export const accountQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Account>('/me', {}, signal),
  staleTime: 60_000,
})

export const ownSessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: async ({ signal }) => (await get<SessionList>('/me/sessions', {}, signal)).sessions,
})

/** After each change of oneself: account, sessions, and the name in the frame. */
export async function refreshAccount(): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['me'] }),
    client.invalidateQueries({ queryKey: ['session'] }),
    client.invalidateQueries({ queryKey: ['people'] }),
  ])
}

export const changeAccount = (patch: AccountPatch) => act<Account>('PATCH', '/me', patch)
export const setPassword = (password: string) => act('PUT', '/me/password', { password })

export const beginTotp = () => act<NewTotp>('POST', '/me/totp')
export const confirmTotp = (code: string) => act<FactorAdded>('POST', '/me/totp/confirm', { code })
export const removeTotp = () => act('DELETE', '/me/totp')
export const renewRecoveryCodes = () => act<FactorAdded>('POST', '/me/recovery-codes')

export async function addPasskey(name: string): Promise<PasskeyAdded> {
  const options = await act<PasskeyOptionsOf<'make'>>('POST', '/me/passkeys/options')
  return act('POST', '/me/passkeys', { name, response: await makePasskey(options) })
}
export const renamePasskey = (id: string, name: string) => act<Passkey>('PATCH', `/me/passkeys/${id}`, { name })
export const removePasskey = (id: string) => act('DELETE', `/me/passkeys/${id}`)

export const endOwnSession = (id: string) => act('DELETE', `/me/sessions/${id}`)
export const endOtherSessions = () => act('DELETE', '/me/sessions')
