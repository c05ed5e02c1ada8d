import type { ServedHub } from '../server/served-hub.ts'

export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
  json: any
}

/** A browser's page of the hub: keeps its cookies, and sends its origin. */
export interface Page {
  origin: string
  cookies: Map<string, string>
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body?: unknown): Promise<Answer>
}

/** By the name `localhost`, since browsers make passkeys for names alone. */
export function openPage(hub: Pick<ServedHub, 'url'>, over: Record<string, string> = {}): Page {
  const origin = hub.url.replace('127.0.0.1', 'localhost')
  const cookies = new Map<string, string>()
  const ask: Page['ask'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'GET' ? {} : { origin }),
        ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...over,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const text of response.headers.getSetCookie()) keep(cookies, text)
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
  }
  return { origin, cookies, ask, get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) }
}

function keep(cookies: Map<string, string>, text: string): void {
  const [pair = ''] = text.split(';', 1)
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  if (value === '') cookies.delete(name)
  else cookies.set(name, value)
}

/** The session's cookie; the other one tells a browser that was used before. */
export const sessionCookie = ({ cookies }: Page) => [...cookies].find(([name]) => !name.endsWith('-device'))

/** Signed in by the one-time link, as the first administrator or as whoever has the address. */
export async function openByLink(hub: ServedHub, email?: string): Promise<Page> {
  const page = openPage(hub)
  const token = new URL(await hub.signInLink(email)).hash.slice(1)
  const { status } = await page.post('/session', { token })
  if (status !== 200) throw new Error(`The link signed nobody in: ${status}`)
  return page
}

export const goodPassword = 'correct horse battery staple'

export interface Account {
  id: string
  email: string
  password: string
}

/** Somebody invited, who has accepted: their account and the page in which they are signed in. */
export async function newAccount(
  hub: ServedHub,
  email: string,
  roles: readonly string[] = ['agent'],
): Promise<Account & { page: Page }> {
  const invited = await hub.ask('/api/v1/invitations', { json: { email, name: 'Somebody', roles } })
  if (invited.status !== 201) throw new Error(`Not invited: ${invited.text}`)
  const page = openPage(hub)
  const accepted = await page.post('/invitations/accept', {
    ...{ token: invited.json.token, name: 'Somebody', password: goodPassword },
  })
  if (accepted.status !== 200) throw new Error(`Not accepted: ${JSON.stringify(accepted.json)}`)
  return { id: accepted.json.id, email, password: goodPassword, page }
}

export const signIn = (page: Page, email: string, password: string) =>
  page.post('/session/password', { email, password })
