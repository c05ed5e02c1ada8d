import type { FastifyInstance } from 'fastify'

/**
 * Fluent UI writes its styles into style elements of its own making, hence 'unsafe-inline' for styles; nothing but our own
 * files may run, load or be framed. What a desktop frames is the CRM's page, on the domain of a configuration: which it is
 * the hub alone says, and a configuration takes none without https.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  'frame-src https:',
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': policy,
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
  /** In whose pages the panel may stand. */
  frameOrigins(): Promise<readonly string[]>
}

/** The client for softphones, which any page may load; it holds nothing of this hub. */
const client = /^\/client\/jackfield-desktop\.(js|d\.ts)$/
const ofTheClient = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' }

export function registerSecurityHeaders(app: FastifyInstance, options: Options): void {
  const headers = options.secure ? { ...always, 'strict-transport-security': 'max-age=31536000' } : always
  const { 'x-frame-options': _, ...framed } = headers
  const spoken = { ...headers, 'cross-origin-opener-policy': 'unsafe-none' }
  app.addHook('onRequest', (request, reply, done) => {
    // What CRMs push is answered without a body, by the thousand.
    if (request.url.startsWith('/hooks/')) return done()
    const [path] = request.url.split('?', 1)
    if (path === panel) {
      options.frameOrigins().then((origins) => {
        const ancestors = ["'self'", ...origins].join(' ')
        const ofPanel = policy.replace("frame-ancestors 'none'", `frame-ancestors ${ancestors}`)
        reply.headers({ ...framed, 'content-security-policy': ofPanel })
        done()
      }, done)
      return
    }
    reply.headers(request.url.startsWith('/api/v1/') ? ofTheApi : path === letIn ? spoken : headers)
    if (client.test(path!)) reply.headers(ofTheClient)
    done()
  })
}
