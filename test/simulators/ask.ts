import { type DynamicsOptions, type RunningDynamics, startDynamics } from '../../simulators/dynamics/server.ts'

export type Row = Record<string, unknown>
/** A reply's JSON, as loosely as a client meets it. */
export type Body = { value: Row[]; error: { code: string; message: string }; [name: string]: unknown }
export type Answer = { status: number; headers: Headers; text: string; json: Body }

export type Asked = {
  running: RunningDynamics
  token(): Promise<string>
  ask(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>
  control(method: string, path: string, body?: unknown): Promise<Body>
  records(changes: unknown): Promise<{ id: string; version: number }[]>
}

/** A simulator and the plainest of clients, for tests of what the simulator itself does. */
export async function startAsked(options: DynamicsOptions): Promise<Asked> {
  const running = await startDynamics(options)
  const token = () => clientCredentials(running, {})
  let bearer: string | null = null
  const control: Asked['control'] = async (method, path, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    return (await (await fetch(`${running.control}${path}`, init)).json()) as Body
  }
  return {
    running,
    token,
    control,
    records: async (changes) =>
      (await control('POST', '/records', [changes].flat())) as unknown as { id: string; version: number }[],
    async ask(path, init = {}) {
      bearer ??= await token()
      const url = path.startsWith('http') ? path : `${running.url}/api/data/v9.2/${path}`
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...init.headers }
      const body =
        init.body === undefined ? null : typeof init.body === 'string' ? init.body : JSON.stringify(init.body)
      return answerOf(await fetch(url, { method: init.method ?? 'GET', headers, body }))
    },
  }
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    get json() {
      return JSON.parse(text) as Body
    },
  }
}

/** Asks for a token; `form` overrides what is right. */
export async function askToken(
  running: RunningDynamics,
  form: Record<string, string>,
  tenant = running.tenant,
): Promise<Answer> {
  const right = { grant_type: 'client_credentials', client_id: running.clientId, client_secret: running.clientSecret }
  const body = new URLSearchParams({ ...right, scope: `${running.url}/.default`, ...form })
  return answerOf(await fetch(`${running.authority}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body }))
}

async function clientCredentials(running: RunningDynamics, form: Record<string, string>): Promise<string> {
  return (await askToken(running, form)).json.access_token as string
}

/** Follows next links to the end. */
export async function readAll(
  asked: Asked,
  path: string,
  prefer?: string,
): Promise<{ rows: Row[]; pages: number; last: Body }> {
  const rows: Row[] = []
  const headers: Record<string, string> = prefer === undefined ? {} : { prefer }
  for (let url: string | undefined = path, pages = 1; ; pages++) {
    const { json, status, text } = await asked.ask(url, { headers })
    if (status !== 200) throw new Error(`${status} ${text}`)
    rows.push(...json.value)
    url = json['@odata.nextLink'] as string | undefined
    if (url === undefined) return { rows, pages, last: json }
  }
}

/** Waits until something is so; generous, since machines differ. */
export async function until(what: string, test: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await test())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
