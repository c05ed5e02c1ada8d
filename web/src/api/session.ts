import { queryOptions, useQuery } from '@tanstack/react-query'
import type { PasswordSignIn, ProofInput, Session, SignInAnswer } from '../../../src/server/contract/session.ts'
import { type PasskeyOptionsOf, type ShownPasskey, showPasskey } from './passkeys.ts'
import { act, get } from './request.ts'
import { mayAny, type Permission, sessionKey } from './rights.ts'

export type { Permission, Session }
export type SecondStep = Extract<SignInAnswer, { secondStep: unknown }>['secondStep']

export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: ({ signal }) => get<Session>('/session', {}, signal),
  staleTime: 300_000,
  retry: false,
})

/** Whether who is signed in may do it, by any of these. What they may not do is not offered. */
export function useMay(...permissions: Permission[]): boolean {
  const { data } = useQuery(sessionQuery)
  return mayAny(data, permissions)
}

export const signIn = (token: string) => act<Session>('POST', '/session', { token })

export const signInByPassword = (input: PasswordSignIn) => act<SignInAnswer>('POST', '/session/password', input)

/** `autofill`: the browser offers passkeys in the address field, and nothing is asked until one is chosen. */
export async function signInByPasskey(autofill: boolean): Promise<Session> {
  const options = await act<PasskeyOptionsOf<'show'>>('POST', '/session/passkey/options')
  return act('POST', '/session/passkey', { passkey: await showPasskey(options, autofill) })
}

export const finishByCode = (ticket: string, code: string) =>
  act<Session>('POST', '/session/second-step', { ticket, code })

export async function finishByPasskey(ticket: string): Promise<Session> {
  const options = await act<PasskeyOptionsOf<'show'>>('POST', '/session/second-step/options', { ticket })
  return act('POST', '/session/second-step', { ticket, passkey: await showPasskey(options) })
}

export const proveByPassword = (password: string) => prove({ password })

export async function proveByPasskey(): Promise<void> {
  const options = await act<PasskeyOptionsOf<'show'>>('POST', '/session/proof/options')
  await prove({ passkey: await showPasskey(options) })
}

const prove = (proof: Extract<ProofInput, { password: string }> | { passkey: ShownPasskey }) =>
  act('POST', '/session/proof', proof)
