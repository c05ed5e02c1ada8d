import { setTimeout as wait } from 'node:timers/promises'

/** An answer that is no success. */
export class Refused extends Error {
  readonly status: number
  readonly body: string
  constructor(asked: string, status: number, body: string) {
    super(`${asked}: ${status} ${body.slice(0, 300)}`)
    this.status = status
    this.body = body
  }
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** The hub's API as a program uses it. */
export interface HubApi {
  ask<T>(method: Method, path: string, body?: unknown): Promise<T>
  /** Asks until it is answered: the hub may be dead, asleep or without its database. Refusals below 500 are thrown. */
  insist<T>(method: Method, path: string, body?: unknown): Promise<T>
}

const patienceMs = 5_000
const insistMs = 120_000

export function hubApi(url: () => string, key: string): HubApi {
  const ask = async <T>(method: Method, path: string, body?: unknown): Promise<T> => {
    const reply = await fetch(`${url()}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    })
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
  text(path: string): Promise<string>
}

export function controlOf(url: string): Control {
  const ask = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Refused(`control ${path}`, reply.status, text)
    return text
  }
  return {
    url,
    get: async (path) => JSON.parse(await ask('GET', path)),
    post: async (path, body) => JSON.parse(await ask('POST', path, body)),
    clearFaults: async () => void (await ask('DELETE', '/faults')),
    text: (path) => ask('GET', path),
  }
}
