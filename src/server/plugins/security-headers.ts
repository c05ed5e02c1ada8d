import type { FastifyInstance } from 'fastify'
import type { FrameOrigins } from '#desktop/frame-settings.ts'

/**
 * Fluent UI writes its styles into style elements of its own making, hence 'unsafe-inline' for styles; nothing but our own
 * files may run, load or be framed, save the CRM's pages on the domains of configurations that show them in a frame.
 */
const policyOf = ({ framed, ancestors }: { framed: readonly string[]; ancestors: readonly string[] }) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    `frame-src ${framed.join(' ') || "'none'"}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors.join(' ') || "'none'"}`,
  ].join('; ')

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': policyOf({ framed: [], ancestors: [] }),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

/** Fewer than for pages, since a ringing phone waits for each of them. */
const ofTheApi = {
  // Answers of the API hold people's data and must not stay in a cache.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // An answer that a browser is made to show as a page runs nothing and stands in no frame.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** The one page that may stand in others' pages. */
const panel = '/desktop/panel'
/** Opened by the panel from within another site's page, to which it speaks: the browser must not part the two. */
const letIn = '/desktop/let-in'

interface Options {
  secure: boolean
  frames: Pick<FrameOrigins, 'origins' | 'framed'>
}

/** The client for softphones, which any page may load; it holds nothing of this hub. */
const client = /^\/client\/jackfield-desktop\.(js|d\.ts)$/
const ofTheClient = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' }
/** What is asked while the database is away is answered without it. */
const noPage = /^\/(api\/|livez|readyz|metrics)|\.[a-z0-9]{1,10}$/i

export function registerSecurityHeaders(app: FastifyInstance, { secure, frames }: Options): void {
  const headers = secure ? { ...always, 'strict-transport-security': 'max-age=31536000' } : always
  const { 'x-frame-options': _, ...shared } = headers
  const spoken = { ...headers, 'cross-origin-opener-policy': 'unsafe-none' }
  /** Each page may become the desktop without being loaded anew, so each may frame what the desktop does. */
  const ofPage = async (path: string) => {
    const framed = await frames.framed()
    if (path !== panel) return { ...headers, 'content-security-policy': policyOf({ framed, ancestors: [] }) }
    const ancestors = ["'self'", ...(await frames.origins())]
    return { ...shared, 'content-security-policy': policyOf({ framed, ancestors }) }
  }
  app.addHook('onRequest', (request, reply, done) => {
    // What CRMs push is answered without a body, by the thousand.
    if (request.url.startsWith('/hooks/')) return done()
    const path = request.url.split('?', 1)[0]!
    if (path !== letIn && !noPage.test(path)) {
      ofPage(path).then((own) => {
        reply.headers(own)
        done()
      }, done)
      return
    }
    reply.headers(path.startsWith('/api/v1/') ? ofTheApi : path === letIn ? spoken : headers)
    if (client.test(path)) reply.headers(ofTheClient)
    done()
  })
}
