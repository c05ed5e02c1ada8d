import type { ServedHub } from '../server/served-hub.ts'

/** A browser: keeps cookies by host, follows redirects, and leaves strict cookies behind where another site sends it. */
export interface Visitor {
  jar: Map<string, Map<string, { value: string; strict: boolean }>>
  /** Follows where it is sent until an answer is no redirect, or `until` stops it. */
  visit(url: string, options?: VisitOptions): Promise<Visit>
  /** As a page of the hub asks. */
  ask(hub: Pick<ServedHub, 'url'>, method: string, path: string, body?: unknown): Promise<Visit>
}

interface VisitOptions {
  /** Stops before this address is opened. */
  until?: (url: URL) => boolean
  /** From which site a link or redirect leads there; none: the person typed it. */
  from?: string
}

export interface Visit {
  url: URL
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  json: any
}

const mostHops = 20
const isRedirect = (status: number) => [301, 302, 303, 307, 308].includes(status)

export function newVisitor(): Visitor {
  const jar: Visitor['jar'] = new Map()

  async function get(url: URL, sameSite: boolean, init: RequestInit = {}): Promise<Response> {
    const own = jar.get(url.host) ?? new Map()
    jar.set(url.host, own)
    const sent = [...own].filter(([, { strict }]) => sameSite || !strict)
    const headers = new Headers(init.headers)
    if (sent.length > 0) headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const text of response.headers.getSetCookie()) keep(own, text)
    return response
  }

  const visit: Visitor['visit'] = async (start, { until, from } = {}) => {
    let url = new URL(start)
    let sameSite = from === undefined || new URL(from).host === url.host
    for (let hop = 0; hop < mostHops; hop++) {
      if (until?.(url)) return { url, status: 0, headers: new Headers(), text: '', json: undefined }
      const response = await get(url, sameSite)
      const location = response.headers.get('location')
      if (!isRedirect(response.status) || location === null) return seen(url, response)
      await response.body?.cancel()
      const next = new URL(location, url)
      // Hosts differ by their ports alone here; browsers would need names of their own.
      if (next.host !== url.host) sameSite = false
      url = next
    }
    throw new Error('It is sent in circles')
  }

  const ask: Visitor['ask'] = async (hub, method, path, body) => {
    const url = new URL(`${hub.url}/api/v1${path}`)
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const headers = { origin: url.origin, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    return seen(url, await get(url, true, { method, headers, ...json }))
  }

  return { jar, visit, ask }
}

async function seen(url: URL, response: Response): Promise<Visit> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { url, status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
}

function keep(own: Map<string, { value: string; strict: boolean }>, text: string): void {
  const [pair = ''] = text.split(';', 1)
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  if (value === '' || /expires=thu, 01 jan 1970/i.test(text)) own.delete(name)
  else own.set(name, { value, strict: /samesite=strict/i.test(text) })
}

/** What the sign-in page is told. */
export const problemOf = ({ url }: Visit): string | null => url.searchParams.get('problem')
