import { setTimeout as wait } from 'node:timers/promises'
import { askControl, Refused, readDump } from '../support/simulator-control.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** The hub's API as a program uses it. */
export interface HubApi {
  /** Once. `withinMs`: for what must not be asked twice, longer than a hub under torture is given. */
  ask<T>(method: Method, path: string, body?: unknown, withinMs?: number): Promise<T>
  /** Asks until it is answered: the hub may be dead, asleep or without its database. Refusals below 500 are thrown. */
  insist<T>(method: Method, path: string, body?: unknown): Promise<T>
}

const patienceMs = 5_000
const insistMs = 120_000
/** Of what is set up before anything is struck. */
export const setUpMs = 60_000

/** By what a caller is known. */
export interface Credential {
  headers(): Record<string, string>
  /** Whoever has cookies may be given new ones. */
  answered?(headers: Headers): void
}

export const keyOf = (key: string): Credential => ({ headers: () => ({ authorization: `Bearer ${key}` }) })

/** A page of the console: it keeps its cookies, and says that it is one. */
export function sessionOf(): Credential {
  const cookies = new Map<string, string>()
  return {
    headers: () => ({ 'x-jackfield': '1', cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
    answered: (headers) => {
      for (const text of headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(text)!
        if (value === '') cookies.delete(name!)
        else cookies.set(name!, value!)
      }
    },
  }
}

export function hubApi(url: () => string, credential: Credential): HubApi {
  const ask = async <T>(method: Method, path: string, body?: unknown, withinMs = patienceMs): Promise<T> => {
    const reply = await fetch(`${url()}/api/v1${path}`, {
      method,
      headers: {
        ...credential.headers(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(withinMs),
    })
    credential.answered?.(reply.headers)
    const text = await reply.text()
    if (!reply.ok) throw new Refused(`${method} ${path}`, reply.status, text)
    return (text === '' ? null : JSON.parse(text)) as T
  }
  return {
    ask,
    async insist(method, path, body) {
      const limit = performance.now() + insistMs
      for (;;) {
        try {
          return await ask(method, path, body)
        } catch (error) {
          if ((error instanceof Refused && error.status < 500 && error.status !== 429) || performance.now() > limit)
            throw error
          await wait(200)
        }
      }
    },
  }
}

/** The simulator's door for tests. */
export interface Control {
  url: string
  get<T>(path: string): Promise<T>
  post<T>(path: string, body: unknown): Promise<T>
  clearFaults(): Promise<void>
  dump<Row>(entity: string): Promise<Row[]>
}

export const controlOf = (url: string): Control => ({
  url,
  get: (path) => askControl(url, path, undefined, 'GET'),
  post: (path, body) => askControl(url, path, body),
  clearFaults: async () => void (await askControl(url, '/faults', undefined, 'DELETE')),
  dump: (entity) => readDump(url, entity),
})
