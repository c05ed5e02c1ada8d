import type { CookieSerializeOptions } from '@fastify/cookie'
import { z } from 'zod'
import { ownerOf } from '#audit/act.ts'
import type { Principal } from '#people/scope.ts'
import { scopes } from '#people/scope.ts'
import { endSession, signIn } from '#people/session.ts'
import { digest } from '#people/token.ts'
import { allow } from '../access.ts'
import { noteAct, personalOf, sessionIdOf } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import { Session, SignInInput } from '../contract/session.ts'
import type { Hub } from '../hub.ts'
import { cookieName, isSecure, refuseForged } from '../plugins/sign-in.ts'
import { time, timeOrNull } from '../shown.ts'

export function sessionRoutes(app: Api, hub: Hub): void {
  const { publicUrl } = hub
  const cookie: CookieSerializeOptions = {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure(publicUrl),
    path: '/',
  }

  app.post(
    '/session',
    { ...allow('open', 'person.sign_in'), schema: { body: SignInInput, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      const session = await signIn(hub.pool, request.body.token)
      const id = sessionIdOf(digest(session.token).toString('hex'))
      const actor = { kind: 'session' as const, id }
      const owner = ownerOf(actor)!
      // Until now it was nobody's: from where they came belongs to who signed in.
      const from = personalOf(request, { actor, sessionId: id })[owner]
      noteAct(request, { actor, sessionId: id, personal: { [owner]: { ...from, name: session.name } } })
      hub.log.info('signed in', { name: session.name, from: request.ip })
      // No end in the cookie: the session's own end moves on with its use, and closing the browser signs out.
      reply.setCookie(cookieName(request, publicUrl), session.token, cookie)
      return { kind: 'session' as const, name: session.name, scopes: [...scopes], expiresAt: time(session.expiresAt) }
    },
  )

  app.get('/session', { ...allow('signed in'), schema: { response: { 200: Session, ...failures } } }, async (request) =>
    asSession(request.principal!),
  )

  app.delete(
    '/session',
    { ...allow('signed in', 'person.sign_out'), schema: { response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const name = cookieName(request, publicUrl)
      const token = request.cookies[name]
      if (token !== undefined) await endSession(hub.pool, token)
      hub.credentials.forget()
      return reply.clearCookie(name, cookie).code(204).send(null)
    },
  )
}

function asSession({ kind, name, scopes: granted, expiresAt }: Principal): Session {
  return { kind, name, scopes: [...granted], expiresAt: timeOrNull(expiresAt) }
}
