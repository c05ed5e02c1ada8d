import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#core/errors.ts'
import type { Permission } from '#model/permission.ts'
import type { CredentialCheck } from '#people/credential-check.ts'
import type { Principal } from '#people/principal.ts'
import { digest } from '#people/token.ts'
import { type Access, neededFor } from '../access.ts'

export interface SignInOptions {
  credentials: CredentialCheck
  /** Where browsers reach the hub, when it differs from what the request says (a proxy in front). */
  publicUrl: string | undefined
  /** In-process calls of the CLI carry this key; it is made anew for each process and never leaves it. */
  operator?: { digest: Buffer; principal: Principal }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The cookie's name. `__Host-` binds it to this host over https; plain http needs the port in the name, since browsers
 * share cookies between the ports of a machine and two hubs would sign each other out.
 */
export function cookieName(request: FastifyRequest, publicUrl: string | undefined): string {
  return isSecure(publicUrl) ? '__Host-jackfield' : `jackfield-${request.socket.localPort ?? 0}`
}

/** Of a panel in another site's page. */
export const frameCookieName = (request: FastifyRequest, publicUrl: string | undefined) =>
  `${cookieName(request, publicUrl)}-frame`

/**
 * Of the browser's session. The frame's cookie goes out with whatever the page around it asks of us too, and counts for
 * our own pages alone: browsers say which it is, and no page can say otherwise.
 */
export function sessionTokenOf(request: FastifyRequest, publicUrl: string | undefined): string | undefined {
  const cookies = request.cookies ?? {}
  const own = cookies[cookieName(request, publicUrl)]
  if (own !== undefined) return own
  return request.headers['sec-fetch-site'] === 'same-origin' ? cookies[frameCookieName(request, publicUrl)] : undefined
}

export function isSecure(publicUrl: string | undefined): boolean {
  return publicUrl?.startsWith('https:') ?? false
}

/** A route that says not who may use it is refused when it is registered. */
export function demandRules(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config, prefix }) => {
    if (config?.access === undefined) throw new Error(`${method} ${url} says not who may use it`)
    // Rules are enforced below the API's prefix; elsewhere doors are open, or ask by themselves.
    if (config.access !== 'open' && prefix !== '/api/v1')
      throw new Error(`Nobody enforces the rule of ${method} ${url}`)
  })
}

/** Finds out who asks, and refuses who may not. */
export function registerSignIn(app: FastifyInstance, options: SignInOptions): void {
  app.decorateRequest('principal', null)
  app.addHook('onRequest', (request, _reply, done) => {
    const { access } = request.routeOptions.config
    if (access === undefined || access === 'open') return done()
    try {
      const found = identify(request, options)
      // The look-up door lives here: a key that is known costs no turn of the event loop.
      if (!(found instanceof Promise)) return done(admit(request, access, found))
      found.then((principal) => done(admit(request, access, principal)), done)
    } catch (error) {
      done(error as Error)
    }
  })
}

function admit(request: FastifyRequest, access: Access, principal: Principal): HubError | undefined {
  request.principal = principal
  if (principal.inFrame === true && access === 'signed in' && !isOfFrame(request)) return notInFrame()
  const needed = neededFor(access)
  if (needed.length === 0 || needed.some((permission) => principal.permissions.has(permission))) return undefined
  return denied(principal, needed)
}

/** A panel in another site's page knows whose it is, and signs out; all else of one's account is done elsewhere. */
const isOfFrame = (request: FastifyRequest) => request.routeOptions.url === '/api/v1/session'

const notInFrame = () =>
  new HubError('auth.denied', 'This is not done from within another site’s page', {
    mend: 'Open the hub in a window of its own.',
  })

/** Says what is missing, and who can give it. */
export function denied({ kind, name }: Principal, needed: readonly Permission[]): HubError {
  const what = needed.join(' or ')
  const mend =
    kind === 'key'
      ? `Use a key with this scope: jackfield key create --scope ${needed[0]}`
      : 'Whoever manages people can give you a role that has it.'
  return new HubError('auth.denied', `This needs the permission ${what}, which “${name}” does not have`, { mend })
}

/** Who asks; throws auth.required. */
export function identify(request: FastifyRequest, options: SignInOptions): Principal | Promise<Principal> {
  const bearer = bearerOf(request)
  if (bearer === undefined) return identifyBySession(request, options)
  const { operator } = options
  const given = digest(bearer)
  if (operator && timingSafeEqual(given, operator.digest)) return operator.principal
  const known = options.credentials.key(given)
  return known instanceof Promise ? known.then(knownKey) : knownKey(known)
}

function knownKey(principal: Principal | null): Principal {
  if (!principal) throw notSignedIn('The API key is unknown or revoked')
  return principal
}

async function identifyBySession(request: FastifyRequest, options: SignInOptions): Promise<Principal> {
  // Cookies are read below the API alone.
  const token = sessionTokenOf(request, options.publicUrl)
  const principal = token === undefined ? null : await options.credentials.session(digest(token))
  if (!principal) throw notSignedIn('Nobody is signed in')
  refuseForged(request, options.publicUrl)
  refuseMistaken(request, principal)
  return principal
}

const forHeader = 'x-jackfield-for'

/** Whose line it is: a page that somebody else signed in to meanwhile hears nothing by it. */
export const forWhom = ({ kind, id }: Principal) => ({ [forHeader]: `${kind}:${id}` })

/** What a page kept for one person and sends by itself is not taken for another's who signed in to the browser since. */
function refuseMistaken({ headers }: FastifyRequest, principal: Principal): void {
  const meant = headers[forHeader]
  if (meant === undefined || meant === forWhom(principal)[forHeader]) return
  throw notSignedIn('Somebody else is signed in to this browser by now')
}

function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization
  if (header === undefined) return undefined
  if (header.length > 500 || header.slice(0, 7).toLowerCase() !== 'bearer ') {
    throw notSignedIn('The Authorization header is not of the form “Bearer <key>”')
  }
  return header.slice(7).trim()
}

function notSignedIn(message: string): HubError {
  return new HubError('auth.required', message, {
    mend: 'Send an API key in the Authorization header, as a bearer token, or sign in by the one-time link that the hub prints.',
  })
}

/**
 * A page of another site can make a browser send our cookie (an old browser that knows no SameSite, a sibling subdomain),
 * but it can neither add a header of its own without our consent, which is never given, nor forge Origin.
 */
export function refuseForged(request: FastifyRequest, publicUrl: string | undefined): void {
  if (safeMethods.has(request.method) || request.headers['x-jackfield'] !== undefined) return
  const { origin } = request.headers
  if (origin !== undefined && isOwnOrigin(origin, request.headers.host, publicUrl)) return
  throw new HubError('auth.denied', 'The request does not come from a page of this hub', {
    mend: 'Programs that use the cookie send the header “x-jackfield: 1”.',
  })
}

function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return true
  return host !== undefined && new URL(origin).host === host.toLowerCase()
}
