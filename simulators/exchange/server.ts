import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { listenOn, readBody } from './http.ts'
import { appendLines, type Head } from './journal.ts'

type Asked = { port?: number | undefined; dataFile?: string | undefined }

/** How what a service holds is read from its file, and every change of it written behind. */
type Journal<H> = { head: H; kept: boolean; replay: (file: string) => void; keep: (file: string) => void }

/** A server on 127.0.0.1 that answers nothing yet; what is kept is as it was left, at its last port where that is free. */
export async function openServer<H extends Head>(asked: Asked, journal: Journal<H>) {
  const { dataFile } = asked
  const { head, kept } = journal
  if (kept && dataFile !== undefined) journal.replay(dataFile)
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 })
  const port = await listenOn(server, asked.port ?? 0, head.port)
  if (dataFile !== undefined) {
    if (!kept) appendLines(dataFile, [{ ...head, port }])
    journal.keep(dataFile)
  }
  return { server, origin: `http://127.0.0.1:${port}` }
}

type Answer = (message: IncomingMessage, response: ServerResponse, body: Buffer) => Promise<void>

/** Answers requests: below `/control` those of tests and demos, all others as the service does. */
export function answerOn(server: Server, doors: { control: Answer; exchange: Answer }): void {
  server.on('request', (message, response) => {
    const isControl = message.url === '/control' || message.url?.startsWith('/control/')
    void guarded(message, response, isControl ? doors.control : doors.exchange)
  })
}

async function guarded(message: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  try {
    const body = await readBody(message)
    if (body === null) response.writeHead(413).end()
    else await answer(message, response, body)
  } catch (error) {
    if (message.destroyed && !message.complete) return
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
    response.end(`simulator: ${text}`)
  }
}
