import { createSign } from 'node:crypto'
import jsforce, { type Connection } from 'jsforce'
import { type RunningSalesforce, type SalesforceOptions, startSalesforce } from '../../simulators/salesforce/server.ts'
import { type Answer, answerOf, type Body } from './ask.ts'

export type SalesforceWorld = {
  running: RunningSalesforce
  conn: Connection
  ask(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>
  control(method: string, path: string, body?: unknown): Promise<Body>
  records(changes: unknown): Promise<{ id: string; version: number }[]>
}

export const VERSION = '64.0'

export const askSalesforceToken = async (running: RunningSalesforce, form: Record<string, string>): Promise<Answer> =>
  answerOf(await fetch(`${running.url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) }))

/** An assertion signed with the app's key; `claims` and `header` override what is right. */
export function assertion(running: RunningSalesforce, claims: Record<string, unknown> = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 180
  const right = { iss: running.clientId, sub: running.username, aud: 'https://login.salesforce.com', exp }
  const text = `${part({ alg: 'RS256' })}.${part({ ...right, ...claims })}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(running.privateKey, 'base64url')}`
}

/** A simulator, jsforce signed in to it, and the plainest of clients. */
export async function startSalesforceWorld(options: SalesforceOptions): Promise<SalesforceWorld> {
  const running = await startSalesforce(options)
  const { url: loginUrl, clientId, clientSecret } = running
  const conn = new jsforce.Connection({
    instanceUrl: loginUrl,
    version: VERSION,
    oauth2: { loginUrl, clientId, clientSecret },
  })
  await conn.authorize({ grant_type: 'client_credentials' })
  const control: SalesforceWorld['control'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    return (await (await fetch(`${running.control}${path}`, init)).json()) as Body
  }
  return {
    running,
    conn,
    control,
    records: async (changes) =>
      (await control('POST', '/records', [changes].flat())) as unknown as { id: string; version: number }[],
    async ask(path, init = {}) {
      const url = path.startsWith('/') ? `${running.url}${path}` : `${running.url}/services/data/v${VERSION}/${path}`
      const headers = {
        authorization: `Bearer ${conn.accessToken}`,
        'content-type': 'application/json',
        ...init.headers,
      }
      const body =
        init.body === undefined ? null : typeof init.body === 'string' ? init.body : JSON.stringify(init.body)
      return answerOf(await fetch(url, { method: init.method ?? 'GET', headers, body }))
    },
  }
}
