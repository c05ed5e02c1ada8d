import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Browser } from '#people/context.ts'
import { deviceDays } from '#people/known-device.ts'
import { renewToken } from '#people/session.ts'
import { pendingMinutes } from '#people/sign-on-pending.ts'
import { digest } from '#people/token.ts'
import type { Hub } from '../hub.ts'
import { cookieName, frameCookieName, isSecure, sessionTokenOf } from './sign-in.ts'

type PublicUrl = string | undefined

const options = (publicUrl: PublicUrl): CookieSerializeOptions => ({
  httpOnly: true,
  sameSite: 'strict',
  secure: isSecure(publicUrl),
  path: '/',
})

/** No end in the cookie: the session's own end moves on with its use, and closing the browser signs out. */
export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, at: PublicUrl, token: string): void {
  reply.setCookie(cookieName(request, at), token, options(at))
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply, at: PublicUrl): void {
  reply.clearCookie(cookieName(request, at), options(at))
  reply.clearCookie(frameCookieName(request, at), frameOptions)
}

/**
 * A browser sends a cookie from within another site's page only where it says None, and keeps it only where it says
 * Partitioned: then each site in whose pages the panel stands has one of its own. Browsers take Secure on loopback too.
 */
const frameOptions: CookieSerializeOptions = {
  httpOnly: true,
  sameSite: 'none',
  secure: true,
  partitioned: true,
  path: '/',
}

export function setFrameCookie(request: FastifyRequest, reply: FastifyReply, at: PublicUrl, token: string): void {
  reply.setCookie(frameCookieName(request, at), token, frameOptions)
}

const deviceCookieName = (request: FastifyRequest, at: PublicUrl) => `${cookieName(request, at)}-device`

/** It signs nobody in; it only tells a browser that was used before from a stranger's. */
export function setDeviceCookie(request: FastifyRequest, reply: FastifyReply, at: PublicUrl, token: string): void {
  reply.setCookie(deviceCookieName(request, at), token, { ...options(at), maxAge: deviceDays * 86_400 })
}

/** Ways that lead over another site and back: to a provider of sign-ins, or to a window of a CRM. */
export type Journey = 'sign-on' | 'consent'

const journeyCookieName = (request: FastifyRequest, at: PublicUrl, journey: Journey) =>
  `${cookieName(request, at)}-${journey}`

/** Lax: another site sends the browser back, and the strict ones stay behind then. */
const journeyOptions = (at: PublicUrl): CookieSerializeOptions => ({ ...options(at), sameSite: 'lax' })

interface JourneyCookie {
  request: FastifyRequest
  at: PublicUrl
  journey: Journey
}

/** Binds a journey that is under way to the browser that began it. */
export function setJourneyCookie(reply: FastifyReply, { request, at, journey }: JourneyCookie, token: string): void {
  const maxAge = pendingMinutes * 60
  reply.setCookie(journeyCookieName(request, at, journey), token, { ...journeyOptions(at), maxAge })
}

export function clearJourneyCookie(reply: FastifyReply, { request, at, journey }: JourneyCookie): void {
  reply.clearCookie(journeyCookieName(request, at, journey), journeyOptions(at))
}

export const journeyTokenOf = ({ request, at, journey }: JourneyCookie): string | null =>
  tokenIn(request.cookies[journeyCookieName(request, at, journey)])

/** No token of the hub's own is longer. */
const longestToken = 100
const tokenIn = (text: string | undefined) => (text !== undefined && text.length <= longestToken ? text : null)

export function browserOf(request: FastifyRequest, at: PublicUrl): Browser {
  return {
    address: request.ip,
    agent: request.headers['user-agent'] ?? null,
    sessionToken: tokenIn(sessionTokenOf(request, at)),
    deviceToken: tokenIn(request.cookies[deviceCookieName(request, at)]),
  }
}

/** Brings a session a new token now and then, so that a copied cookie is worth little for long. */
export function registerRenewal(app: FastifyInstance, hub: Hub): void {
  app.addHook('onRequest', (request, reply, done) => {
    const renewAt = request.principal?.renewAt
    // The head of a stream is written past the hooks that set cookies.
    const isStream = request.routeOptions.config.crowd === 'live'
    if (renewAt === undefined || isStream || renewAt.getTime() > hub.clock.now()) return done()
    renew(request, reply, hub).then(
      () => done(),
      (error: unknown) => {
        hub.log.debug('a session keeps its token for now', { error })
        done()
      },
    )
  })
}

async function renew(request: FastifyRequest, reply: FastifyReply, hub: Hub): Promise<void> {
  const { sessionToken } = browserOf(request, hub.publicUrl)
  if (sessionToken === null) return
  const token = await renewToken(hub.people.pool, digest(sessionToken))
  if (token === null) return
  hub.credentials.forget()
  const set = request.principal?.inFrame === true ? setFrameCookie : setSessionCookie
  set(request, reply, hub.publicUrl, token)
}
