import type { IncomingMessage, ServerResponse } from 'node:http'
import { changeDirectory } from '../entra/faults.ts'
import { setChurn } from '../exchange/churn.ts'
import { addFault, clearFaults, describe } from '../exchange/faults.ts'
import { resetLog } from '../exchange/request-log.ts'
import { applyRecords } from './control-records.ts'
import { schemaControl } from './control-schema.ts'
import { writeDump } from './dump.ts'
import { ServiceError } from './errors.ts'
import { applyLasting } from './lasting-faults.ts'
import { setProtection } from './limits.ts'
import { prepare } from './prepare.ts'
import type { Simulator } from './simulator.ts'

type Handler = (sim: Simulator, input: unknown, query: URLSearchParams) => unknown

const ROUTES: Record<string, Handler> = {
  'GET /faults': (sim) => ({ faults: sim.faults.list.map(describe) }),
  'POST /faults': (sim, input) => {
    const added = [input].flat().map((spec) => strikeWith(sim, spec as Record<string, unknown>))
    return Array.isArray(input) ? { faults: added } : added[0]
  },
  'DELETE /faults': (sim) => {
    clearFaults(sim.faults)
    return { faults: [] }
  },
  'POST /records': (sim, input) => applyRecords(sim, input),
  'GET /requests': (sim) => sim.log,
  'POST /reset-requests': (sim) => {
    resetLog(sim.log)
    return { reset: true }
  },
  'GET /settings': (sim) => ({ ...sim.org.settings, entra: sim.directory.settings }),
  'GET /limits': (sim) => ({ protection: sim.limits.protection }),
  'POST /limits': (sim, input) => ({
    protection: setProtection(sim.limits, (input as { protection?: unknown }).protection ?? input),
  }),
  'POST /churn': (sim, input) => {
    setChurn(sim.churn, Number((input as { rate?: unknown }).rate ?? 0))
    return { rate: sim.churn.rate }
  },
  'POST /prepare': (sim, input) => prepare(sim, input as { url?: unknown; prefer?: unknown }),
  'POST /directory': (sim, input) => {
    sim.auth.known.clear()
    return changeDirectory(sim.directory, input as Record<string, unknown>)
  },
  'POST /schema': (sim, input) => schemaControl(sim, input as Record<string, unknown>),
  'GET /webhooks': ({ webhooks: w }) => ({
    pending: w.pending,
    sent: w.sent,
    succeeded: w.succeeded,
    failed: w.failed,
    failures: w.failures,
  }),
  'GET /': (sim) => facts(sim),
  'POST /settings': (sim, input) => changeSettings(sim, input as Record<string, unknown>),
}

/** The door for tests and demos: no token, this machine only. */
export async function control(
  sim: Simulator,
  message: IncomingMessage,
  response: ServerResponse,
  body: string,
): Promise<void> {
  const url = new URL(message.url ?? '/', 'http://control')
  const path = url.pathname.replace(/^\/control/, '') || '/'
  if (message.method === 'GET' && path === '/dump') return writeDump(sim, response, url.searchParams)
  const handler = ROUTES[`${message.method} ${path}`]
  if (!handler)
    return reply(response, 404, { error: `no control ${message.method} ${path}`, known: Object.keys(ROUTES) })
  try {
    const input: unknown = body === '' ? {} : JSON.parse(body)
    reply(response, 200, await handler(sim, input, url.searchParams))
  } catch (error) {
    const code = error instanceof ServiceError ? error.code : 'bad-request'
    reply(response, 400, { error: (error as Error).message, code })
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(value)}\n`)
}

function changeSettings(sim: Simulator, input: Record<string, unknown>): unknown {
  const { entra, ...rest } = input
  for (const name of Object.keys(rest)) if (!(name in sim.org.settings)) throw new Error(`no setting ${name}`)
  Object.assign(sim.org.settings, rest)
  Object.assign(sim.directory.settings, entra ?? {})
  sim.auth.known.clear()
  return { ...sim.org.settings, entra: sim.directory.settings }
}

function strikeWith(sim: Simulator, spec: Record<string, unknown>): unknown {
  const fault = addFault(sim.faults, spec)
  try {
    applyLasting(sim, fault)
  } catch (error) {
    sim.faults.list = sim.faults.list.filter((f) => f !== fault)
    throw error
  }
  return describe(fault)
}

function facts({ org, origin, prepared, churn }: Simulator): unknown {
  const rows = Object.fromEntries([...org.tables].map(([name, table]) => [name, table.live]))
  const pages = { on: prepared.on, pages: prepared.pages.size, bytes: prepared.bytes, hits: prepared.hits }
  return {
    url: origin,
    organization: org.id,
    appUser: org.appUser,
    counter: org.counter,
    rows,
    prepared: pages,
    churn: { rate: churn.rate, done: churn.done },
  }
}
