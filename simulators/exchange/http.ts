import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Reply = { status: number; headers: Record<string, string>; body: string | Buffer }

/** Bodies of more than this are refused: 413. */
const MAX_BODY = 128 * 1024 * 1024

export function readBody(message: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY) chunks.push(chunk)
    })
    message.on('end', () => resolve(size > MAX_BODY ? null : Buffer.concat(chunks)))
    message.on('error', reject)
    message.on('close', () => (message.complete ? undefined : reject(new Error('request cut'))))
  })
}

/** Headers by lower-case names; a repeated one is joined. */
export function headersOf(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  return headers
}

/** Listens on 127.0.0.1: on the port asked for; or, with none, on the one of last time, else on any. */
export async function listenOn(server: Server, asked: number, last: number): Promise<number> {
  try {
    await listen(server, asked === 0 ? last : asked)
  } catch (error) {
    if (asked !== 0 || last === 0) throw error
    await listen(server, 0)
  }
  return (server.address() as AddressInfo).port
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Resolves when more can be written, or nobody reads any more. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}
