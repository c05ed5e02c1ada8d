import { join } from 'node:path'
import { project, type Running, startProgram } from './process.ts'
import type { Organisation, Told, Vendor } from './vendor.ts'
import { dynamics } from './vendors.ts'

/** `contacts` of them, and a fifth as many accounts. */
export async function startOrganisation(
  contacts: number,
  vendor: Vendor = dynamics,
  file = join(project, vendor.simulator),
): Promise<Organisation> {
  const records = Math.round((contacts * 6) / 5)
  const program = [file, '--json', '--prepared', '--records', String(records), ...vendor.simulatorArgs]
  const running: Running<Told> = await startProgram<Told>(program, { nodeFlags: ['--max-old-space-size=8192'] })
  const { told } = running
  return {
    ...{ vendor, told, url: told.url },
    pid: running.pid,
    ask: (path, body, method = 'POST') => control(told, path, body, method),
    token: () => vendor.token(told),
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
