import type { ErrorReply } from '../../../src/server/contract/errors.ts'

export type ErrorBody = ErrorReply['error']

/** An answer of the hub with a status of 400 or above, or no answer at all (code `offline`, status 0). */
export class ApiError extends Error {
  readonly status: number
  readonly body: ErrorBody
  readonly at = new Date().toISOString()

  constructor(status: number, body: ErrorBody) {
    super(body.message)
    this.name = 'ApiError'
    this.status = status
    this.body = body
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>

const BASE = '/api/v1'

export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') parameters.set(key, String(value))
  }
  const text = parameters.toString()
  return `${BASE}${path}${text ? `?${text}` : ''}`
}

/** Whose line it is, and whose a request is, where it is sent long after: the hub refuses it under another's session. */
export const forHeader = 'x-jackfield-for'

export const meantFor = (person: string) => ({ [forHeader]: `person:${person}` })

/** The header that every unsafe request of a page needs: another site's form cannot set it. */
export const pageHeader = { 'x-jackfield': '1' }

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return read<T>(await send(address(path, query), signal ? { signal } : {}))
}

export async function act<T = void>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  more: { keepalive?: boolean; headers?: Record<string, string> } = {},
): Promise<T> {
  const headers: Record<string, string> = { ...pageHeader, ...more.headers }
  const init: RequestInit = { ...more, method, headers }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    headers['content-type'] = 'application/json'
  }
  return read<T>(await send(address(path), init))
}

/** Sends and throws an ApiError for anything but success. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, { code: 'offline', message: String(error) })
  }
  if (response.ok) return response
  throw new ApiError(response.status, await errorOf(response))
}

async function read<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

async function errorOf(response: Response): Promise<ErrorBody> {
  try {
    const body = (await response.json()) as ErrorReply
    if (body.error?.code) return body.error
  } catch {
    // A proxy's own page, say: its status is all there is.
  }
  const busy = response.status === 502 || response.status === 503 || response.status === 504
  return { code: busy ? 'offline' : 'unknown', message: `${response.status} ${response.statusText}` }
}
