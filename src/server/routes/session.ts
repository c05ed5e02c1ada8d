import type { CookieSerializeOptions } from '@fastify/cookie'
import { z } from 'zod'
import { fullSight } from '#model/sight.ts'
import { permissions } from '#people/permission.ts'
import type { Principal } from '#people/principal.ts'
import { endSession, signIn } from '#people/session.ts'
import { allow } from '../access.ts'
import { type Api, failures } from '../api.ts'
import { Session, SignInInput } from '../contract/session.ts'
import type { Hub } from '../hub.ts'
import { cookieName, isSecure, refuseForged } from '../plugins/sign-in.ts'
import { time, timeOrNull } from '../shown.ts'
import { shownSight } from './roles.ts'

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
    { ...allow('open'), schema: { body: SignInInput, response: { 200: Session, ...failures } } },
    async (request, reply) => {
      refuseForged(request, publicUrl)
      const session = await signIn(hub.pool, request.body.token)
      hub.log.info('signed in', { name: session.name, from: request.ip })
      // No end in the cookie: the session's own end moves on with its use, and closing the browser signs out.
      reply.setCookie(cookieName(request, publicUrl), session.token, cookie)
      const may = { permissions: [...permissions], sight: shownSight(fullSight) }
      return { kind: 'person' as const, name: session.name, ...may, expiresAt: time(session.expiresAt) }
    },
  )

  app.get('/session', { ...allow('signed in'), schema: { response: { 200: Session, ...failures } } }, async (request) =>
    asSession(request.principal!),
  )

  app.delete(
    '/session',
    { ...allow('signed in'), schema: { response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const name = cookieName(request, publicUrl)
      const token = request.cookies[name]
      if (token !== undefined) await endSession(hub.pool, token)
      hub.credentials.forget()
      return reply.clearCookie(name, cookie).code(204).send(null)
    },
  )
}

function asSession({ kind, name, permissions: granted, sight, expiresAt }: Principal): Session {
  return { kind, name, permissions: [...granted], sight: shownSight(sight), expiresAt: timeOrNull(expiresAt) }
}
