import { join } from 'node:path'
import { project, type Running, startProgram } from './process.ts'

export interface Told {
  url: string
  authority: string
  tenant: string
  clientId: string
  clientSecret: string
  control: string
}

/** A simulated organisation in a process of its own, handing out ready-made pages. */
export interface Organisation extends Told {
  pid: number
  /** Asks its control. */
  ask<T>(path: string, body?: unknown, method?: string): Promise<T>
  token(): Promise<string>
  stop(): Promise<void>
}

const usual = join(project, 'simulators/dynamics/main.ts')

/** `contacts` of them, and a fifth as many accounts. */
export async function startOrganisation(contacts: number, file = usual): Promise<Organisation> {
  const records = Math.round((contacts * 6) / 5)
  const program = [file, '--json', '--prepared', '--records', String(records)]
  const running: Running<Told> = await startProgram<Told>(program, { nodeFlags: ['--max-old-space-size=8192'] })
  const { told } = running
  return {
    ...told,
    pid: running.pid,
    ask: (path, body, method = 'POST') => control(told, path, body, method),
    token: () => token(told),
    stop: running.stop,
  }
}

async function control<T>(told: Told, path: string, body: unknown, method: string): Promise<T> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const reply = await fetch(`${told.control}${path}`, init)
  const text = await reply.text()
  if (!reply.ok) throw new Error(`control ${path}: ${reply.status} ${text}`)
  return JSON.parse(text) as T
}

async function token(told: Told): Promise<string> {
  const reply = await fetch(`${told.authority}/${told.tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: told.clientId,
      client_secret: told.clientSecret,
      scope: `${told.url}/.default`,
    }),
  })
  const { access_token } = (await reply.json()) as { access_token: string }
  return access_token
}

export interface Pages {
  /** What both sides ask for first, and with which preference. */
  url: string
  prefer: string
  pages: number
  records: number
  bytes: number
}

/** Makes the pages of a table ready, as the hub will ask for them. */
export async function preparePages(
  organisation: Organisation,
  setName: string,
  columns: readonly string[],
): Promise<Pages> {
  const asked = new Set([...columns, 'versionnumber', 'modifiedon'])
  const path = `/api/data/v9.2/${setName}?$select=${[...asked].join(',')}`
  const prefer = 'odata.track-changes,odata.maxpagesize=5000'
  const made = await organisation.ask<Omit<Pages, 'url' | 'prefer'>>('/prepare', { url: path, prefer })
  return { ...made, url: organisation.url + path, prefer }
}

/** Pages handed out ready-made so far. */
export async function pagesServed(organisation: Organisation): Promise<number> {
  const facts = await organisation.ask<{ prepared: { hits: number } }>('/', undefined, 'GET')
  return facts.prepared.hits
}

/** Milliseconds from each page's answer to the next request, as the organisation saw them. */
export async function betweenPages(organisation: Organisation): Promise<number[]> {
  const { recent } = await organisation.ask<{ recent: { at: string; kind: string; ms: number }[] }>(
    '/requests',
    undefined,
    'GET',
  )
  const pages = recent.filter(({ kind }) => kind === 'page')
  return pages.slice(1).map(({ at, ms }, i) => Date.parse(at) - ms - Date.parse(pages[i]!.at))
}
