import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Churn, setChurn } from './churn.ts'
import { addFault, clearFaults, describe, type Faults } from './faults.ts'
import { type RequestLog, resetLog } from './request-log.ts'

export type Input = Record<string, unknown>
export type Control<S> = (sim: S, input: Input, query: URLSearchParams) => unknown

type Door<S> = {
  /** By method and path below `/control`. */
  controls: Readonly<Record<string, Control<S>>>
  /** Every record, one JSON object a line. */
  dump: (sim: S, response: ServerResponse, query: URLSearchParams) => unknown
  /** The service's own code of what was wrong. */
  codeOf?: (error: unknown) => string | null
}

/** The door for tests and demos: no token, this machine only. */
export function controlDoor<S>({ controls, dump, codeOf }: Door<S>) {
  return async (sim: S, message: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> => {
    const url = new URL(message.url ?? '/', 'http://control')
    const path = url.pathname.replace(/^\/control/, '') || '/'
    if (message.method === 'GET' && path === '/dump') return void (await dump(sim, response, url.searchParams))
    const control = controls[`${message.method} ${path}`]
    if (!control)
      return reply(response, 404, { error: `no control ${message.method} ${path}`, known: Object.keys(controls) })
    try {
      const input = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Input)
      reply(response, 200, await control(sim, input, url.searchParams))
    } catch (error) {
      reply(response, 400, { error: (error as Error).message, code: codeOf?.(error) ?? 'bad-request' })
    }
  }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(value)}\n`)
}

type Simulator = { faults: Faults; log: RequestLog; churn: Churn }

/** What every simulator can be told; one whose faults do more than strike requests says how it takes them. */
export function commonControls<S extends Simulator>(
  strike: (sim: S, spec: Input) => unknown = ({ faults }, spec) => describe(addFault(faults, spec)),
): Record<string, Control<S>> {
  return {
    'GET /faults': ({ faults }) => ({ faults: faults.list.map(describe) }),
    'POST /faults': (sim, input) => {
      const added = [input].flat().map((spec) => strike(sim, spec))
      return Array.isArray(input) ? { faults: added } : added[0]
    },
    'DELETE /faults': ({ faults }) => {
      clearFaults(faults)
      return { faults: [] }
    },
    'GET /requests': ({ log }) => log,
    'POST /reset-requests': ({ log }) => {
      resetLog(log)
      return { reset: true }
    },
    'POST /churn': ({ churn }, { rate }) => {
      setChurn(churn, Number(rate ?? 0))
      return { rate: churn.rate }
    },
  }
}

/** Changes settings by their names; one that there is not is refused. */
export function changeNamed<T extends object>(settings: T, input: Input, what = 'setting'): T {
  for (const name of Object.keys(input)) if (!(name in settings)) throw new Error(`no ${what} ${name}`)
  return Object.assign(settings, input)
}

type Deliveries = { pending: number; sent: number; succeeded: number; failed: number; failures: readonly unknown[] }

/** What became of what the service sent by itself. */
export const deliveriesOf = ({ pending, sent, succeeded, failed, failures }: Deliveries): Deliveries => ({
  ...{ pending, sent, succeeded, failed, failures },
})
