import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { makeChurn, setChurn } from '../exchange/churn.ts'
import { type Fault, makeFaults, takeFaults } from '../exchange/faults.ts'
import { closeServer, headersOf, listenOn, type Reply, readBody } from '../exchange/http.ts'
import { counted, makeLog } from '../exchange/request-log.ts'
import { serveStruck } from '../exchange/serve-struck.ts'
import { answerAsTold, spoilBody } from '../exchange/strike.ts'
import { makeAccess, provedBy, tokenFor, unauthorised } from './auth.ts'
import { churnOf } from './churn.ts'
import { control } from './control.ts'
import { definitionOf } from './definition.ts'
import { type Head, keepJournal, readHead, replay, startJournal } from './journal.ts'
import { changeMeanwhile, itemOf, type Kind, listOf, pagings, refusal } from './list.ts'
import { makePrepared, preparedPage } from './prepared.ts'
import { makeStore, type Store, type Table } from './rows.ts'
import type { Simulator } from './simulator.ts'
import { makeWebhooks } from './webhooks.ts'

export type HttpOptions = {
  port?: number | undefined
  records?: number | undefined
  seed?: number | undefined
  churn?: number | undefined
  /** Keeps the records: a later start with the same file takes them up again. */
  dataFile?: string | undefined
  /** Pages are kept as bytes after their first answer: for measurements. */
  prepared?: boolean | undefined
}

export type RunningHttp = {
  url: string
  user: string
  clientId: string
  secret: string
  definition: Record<string, unknown>
  control: string
  simulator: Simulator
  close(): Promise<void>
}

const RULES = {
  guarded: new Set(['token']),
  natural: Object.fromEntries(
    [
      'cursor-loop',
      'repeated-page',
      'shrinking-page',
      'shrinking-total',
      'repeated-ids',
      'doubled-row',
      'empty-page',
      'foreign-next-link',
    ].map((kind) => [kind, ['page']]),
  ),
}

/** Starts a plain JSON API on 127.0.0.1, with lists paged in every usual way. */
export async function startHttp(options: HttpOptions = {}): Promise<RunningHttp> {
  const kept = options.dataFile === undefined ? null : readHead(options.dataFile)
  const head: Head = kept ?? {
    ...{ version: 1, seed: options.seed ?? 1, records: options.records ?? 30_000, port: 0 },
    secret: `sim_${randomBytes(24).toString('base64url')}`,
  }
  const store = makeStore(head.seed, head.records)
  if (kept) replay(store, options.dataFile!)
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 })
  const port = await listenOn(server, options.port ?? 0, kept?.port ?? 0)
  if (options.dataFile !== undefined) {
    if (!kept) startJournal(options.dataFile, { ...head, port })
    keepJournal(store, options.dataFile)
  }
  const origin = `http://127.0.0.1:${port}`
  const faults = makeFaults(RULES)
  const simulator: Simulator = {
    ...{ store, origin, faults, access: makeAccess(head.secret), log: makeLog() },
    prepared: makePrepared(options.prepared ?? false),
    webhooks: makeWebhooks(store, faults),
    churn: makeChurn(Date.now() | 0, churnOf(store)),
  }
  store.listeners.push(() => simulator.prepared.pages.clear())
  server.on('request', (message, response) => void serve(simulator, message, response))
  setChurn(simulator.churn, options.churn ?? 0)
  const { user, clientId, secret } = simulator.access
  return {
    ...{ url: `${origin}/api`, user, clientId, secret, control: `${origin}/control`, simulator },
    definition: definitionOf(origin),
    close: () => {
      setChurn(simulator.churn, 0)
      simulator.webhooks.stopped.abort()
      return closeServer(server)
    },
  }
}

async function serve(sim: Simulator, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(message)
    if (body === null) return void response.writeHead(413).end()
    const isControl = message.url === '/control' || message.url?.startsWith('/control/')
    await (isControl
      ? control(sim, message, response, body.toString())
      : exchange(sim, message, response, body.toString()))
  } catch (error) {
    if (message.destroyed && !message.complete) return
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
    response.end(`simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
}

async function exchange(
  sim: Simulator,
  message: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(message.url ?? '/', sim.origin)
  const kind = kindOf(url.pathname)
  const request = { method: message.method ?? 'GET', url: message.url ?? '/', kind }
  await counted(sim.log, request, async () => {
    const struck = takeFaults(sim.faults, { kind, text: `${request.method} ${request.url}` })
    const around = (when: string) => {
      for (const fault of struck)
        if (fault.kind === 'change' && (fault.options.when ?? 'after') === when) changeMeanwhile(sim.store, fault)
    }
    return await serveStruck(response, struck, {
      serve: () => insteadOf(struck) ?? answerOrKept(sim, message, { url, body, struck }),
      unheard: () => undefined,
      around,
      spoil: (fault, reply) => spoilBody(fault, reply, sim.origin),
      now: () => Date.now(),
    })
  })
}

function kindOf(path: string): string {
  if (path === '/oauth/token') return 'token'
  return path.startsWith('/api/items/') ? 'byIds' : 'page'
}

function insteadOf(struck: readonly Fault[]): Reply | null {
  for (const fault of struck) {
    const { retryAfter, message } = fault.options
    const retry: Record<string, string> =
      retryAfter === undefined || retryAfter === null ? {} : { 'retry-after': String(retryAfter) }
    if (/^\d{3}$/.test(fault.kind))
      return refusal(Number(fault.kind), String(message ?? `Answered ${fault.kind} on demand`), retry)
    if (fault.kind === 'token-rejected') return unauthorised()
    if (fault.kind === 'error-200') return refusal(200, 'Something went wrong inside')
    const told = answerAsTold(fault, 'application/json')
    if (told) return told
  }
  return null
}

type Given = { url: URL; body: string; struck: Fault[] }

/** A page that is ready costs nothing more: not even a look at who asks. */
function answerOrKept(sim: Simulator, message: IncomingMessage, given: Given): Reply {
  const make = () => answer(sim, message, given)
  return kindOf(given.url.pathname) === 'page' && message.method === 'GET'
    ? preparedPage(sim.prepared, given.url.href, make)
    : make()
}

function answer(sim: Simulator, message: IncomingMessage, { url, body, struck }: Given): Reply {
  const headers = headersOf(message)
  if (url.pathname === '/oauth/token') return tokenFor(sim.access, headers, body)
  const proved = provedBy(sim.access, headers, url.searchParams)
  if (proved === null) return unauthorised()
  sim.log.counts[`by ${proved}`] = (sim.log.counts[`by ${proved}`] ?? 0) + 1
  const [, api, kind = '', name = '', id] = url.pathname.split('/').map(decodeURIComponent)
  const table = api === 'api' ? tableNamed(sim.store, name) : null
  if (!table) return refusal(404, `There is nothing at ${url.pathname}`)
  if (kind === 'items') return id === undefined ? refusal(404, 'An id is missing') : itemOf({ table }, id)
  if (!(pagings as readonly string[]).includes(kind)) return refusal(404, `No list is paged by ${kind}`)
  if ((kind === 'search') !== (message.method === 'POST'))
    return refusal(405, 'Searches are posted, other lists are got')
  const asked = body === '' ? {} : (JSON.parse(body) as Record<string, unknown>)
  return listOf({
    store: sim.store,
    origin: sim.origin,
    kind: kind as Kind,
    table,
    query: url.searchParams,
    body: asked,
    struck,
  })
}

const tableNamed = ({ tables }: Store, plural: string): Table | null =>
  Object.values(tables).find((table) => `${table.entity}s` === plural) ?? null
