import type { ErrorReply } from '../server/contract/errors.ts'
import { Failure } from './failure.ts'

export interface Asked {
  method: string
  /** Below the hub's address, with its query. */
  path: string
  body?: unknown
  /** Asks for a stream of events. */
  onEvent?: (event: string, data: unknown) => void
  /** Takes an answer that went well as it comes, whatever it is; its body is then null. */
  onText?: (text: string) => Promise<void>
}

/** One request to a hub, whether over the network or within this process. */
export type Call = (asked: Asked) => Promise<{ status: number; body: unknown }>

/** The hub's API. A refusal is thrown as Failure. */
export interface Api {
  get<T>(path: string, query?: Record<string, string | undefined>): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  delete(path: string): Promise<void>
  /** An answer that is no JSON, or too large to be held, piece by piece. */
  text(path: string, query: Record<string, string | undefined>, onText: (text: string) => Promise<void>): Promise<void>
  /** With a word for each step on the way. */
  postInSteps<Step, T>(path: string, body: unknown, onStep: (step: Step) => void): Promise<T>
}

export function createApi(call: Call): Api {
  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call({ method, path: `/api/v1${path}`, ...(body === undefined ? {} : { body }) })
    if (answer.status >= 400) throw failureOf(answer)
    return answer.body as T
  }
  return {
    get: (path, query = {}) => ask('GET', path + queryText(query)),
    post: (path, body = {}) => ask('POST', path, body),
    patch: (path, body) => ask('PATCH', path, body),
    put: (path, body) => ask('PUT', path, body),
    delete: (path) => ask('DELETE', path),
    async text(path, query, onText) {
      const answer = await call({ method: 'GET', path: `/api/v1${path}${queryText(query)}`, onText })
      if (answer.status >= 400) throw failureOf(answer)
    },
    async postInSteps(path, body, onStep) {
      let refusal: ErrorReply | undefined
      const onEvent = (event: string, data: unknown) => {
        if (event === 'step') onStep(data as never)
        if (event === 'error') refusal = data as ErrorReply
      }
      const answer = await call({ method: 'POST', path: `/api/v1${path}`, body, onEvent })
      if (refusal) throw new Failure(refusal.error)
      if (answer.status >= 400) throw failureOf(answer)
      return answer.body as never
    },
  }
}

function queryText(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function failureOf({ status, body }: { status: number; body: unknown }): Failure {
  const told = (body as ErrorReply | null)?.error
  if (told?.code) return new Failure(told)
  return new Failure({
    code: 'hub.unreachable',
    message: `The address answers with status ${status}, not as a hub does`,
  })
}
