import type { Session } from '../../../src/server/contract/session.ts'
import { client } from './client.ts'

export type Permission = Session['permissions'][number]

export const sessionKey = ['session'] as const

export const mayAny = (session: Session | undefined, permissions: readonly Permission[]) =>
  permissions.some((permission) => session?.permissions.includes(permission))

/** For questions that nobody need ask who may not; the session is there before any room is. */
export const mayNow = (...permissions: Permission[]) => mayAny(client.getQueryData<Session>(sessionKey), permissions)

/** Who is signed in; one within another site's page hears less. */
export function whoIsIn(): string {
  const session = client.getQueryData<Session>(sessionKey)
  return session ? `${session.kind}:${session.id}` : ''
}

/** Tells once that somebody else is signed in by now, whoever found it out. */
export function onSomebodyElse(who: string, tell: () => void): () => void {
  const stop = client.getQueryCache().subscribe(() => {
    if (whoIsIn() === who || whoIsIn() === '') return
    stop()
    tell()
  })
  return stop
}
