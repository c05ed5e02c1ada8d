import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { makeChurn, setChurn } from '../exchange/churn.ts'
import { type Fault, makeFaults, takeFaults } from '../exchange/faults.ts'
import { closeServer, headersOf, type Reply } from '../exchange/http.ts'
import { keptHead } from '../exchange/journal.ts'
import { forgetPages, keepPage, makePrepared, readyPage } from '../exchange/prepared.ts'
import { counted, makeLog } from '../exchange/request-log.ts'
import { serveStruck } from '../exchange/serve-struck.ts'
import { answerOn, openServer } from '../exchange/server.ts'
import { answerAsTold, spoilBody } from '../exchange/strike.ts'
import { authorize, makeAccess, provedBy, tokenFor, unauthorised } from './auth.ts'
import { churnOf } from './churn.ts'
import { control } from './control.ts'
import { definitionOf } from './definition.ts'
import { type Head, keepJournal, replay } from './journal.ts'
import { changeMeanwhile, itemOf, type Kind, listOf, pagings, refusal, writeItem } from './list.ts'
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
  guarded: new Set(['token', 'authorize']),
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
  const kept = keptHead<Head>(options)
  const head = kept ?? newHead(options)
  const store = makeStore(head.seed, head.records)
  const { server, origin } = await openServer(options, {
    ...{ head, kept: kept !== null },
    replay: (file) => replay(store, file),
    keep: (file) => keepJournal(store, file),
  })
  const faults = makeFaults(RULES)
  const simulator: Simulator = {
    ...{ store, origin, faults, access: makeAccess(head.secret), log: makeLog() },
    prepared: makePrepared(options.prepared),
    webhooks: makeWebhooks(store, faults),
    churn: makeChurn(Date.now() | 0, churnOf(store)),
  }
  store.listeners.push(() => forgetPages(simulator.prepared))
  answerOn(server, {
    control: (...asked) => control(simulator, ...asked),
    exchange: (...asked) => exchange(simulator, ...asked),
  })
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

function newHead({ seed = 1, records = 30_000 }: HttpOptions): Head {
  return { version: 1, seed, records, secret: `sim_${randomBytes(24).toString('base64url')}`, port: 0 }
}

async function exchange(
  sim: Simulator,
  message: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const url = new URL(message.url ?? '/', sim.origin)
  const method = message.method ?? 'GET'
  const kind = kindOf(url.pathname, method)
  const request = { method, url: message.url ?? '/', kind }
  await counted(sim.log, request, async () => {
    const struck = takeFaults(sim.faults, { kind, text: `${request.method} ${request.url}` })
    const around = (when: string) => {
      for (const fault of struck)
        if (fault.kind === 'change' && (fault.options.when ?? 'after') === when) changeMeanwhile(sim.store, fault)
    }
    return await serveStruck(response, struck, {
      serve: () => insteadOf(struck) ?? answerOrKept(sim, message, { url, body: body.toString('utf8'), struck }),
      unheard: () => undefined,
      around,
      spoil: (fault, reply) => spoilBody(fault, reply, sim.origin),
      now: () => Date.now(),
    })
  })
}

function kindOf(path: string, method: string): string {
  if (path === '/oauth/token') return 'token'
  if (path === '/oauth/authorize') return 'authorize'
  if (!path.startsWith('/api/items/')) return 'page'
  return method === 'GET' ? 'byIds' : 'write'
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
  const { pathname, href } = given.url
  const make = () => answer(sim, message, given)
  if (message.method !== 'GET' || kindOf(pathname, 'GET') !== 'page') return make()
  return readyPage(sim.prepared, href) ?? keepPage(sim.prepared, href, make())
}

function answer(sim: Simulator, message: IncomingMessage, { url, body, struck }: Given): Reply {
  const headers = headersOf(message)
  if (url.pathname === '/oauth/token') return tokenFor(sim.access, headers, body)
  if (url.pathname === '/oauth/authorize')
    return authorize(sim.access, message.method === 'POST' ? new URLSearchParams(body) : url.searchParams)
  const proved = provedBy(sim.access, headers, url.searchParams)
  if (proved === null) return unauthorised()
  const { kind: way, by } = proved
  sim.log.counts[`by ${way}`] = (sim.log.counts[`by ${way}`] ?? 0) + 1
  const [, api, kind = '', name = '', id] = url.pathname.split('/').map(decodeURIComponent)
  const table = api === 'api' ? tableNamed(sim.store, name) : null
  if (!table) return refusal(404, `There is nothing at ${url.pathname}`)
  if (kind === 'items' && message.method !== 'GET')
    return writeItem({ store: sim.store, table, by }, { method: message.method ?? '', id, body })
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
