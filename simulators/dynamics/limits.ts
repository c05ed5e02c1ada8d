import { ServiceError } from './errors.ts'
import { json, type Reply } from './http.ts'

/** Service protection limits of one user on one web server; the defaults are Microsoft's ("Service protection API limits"). */
export type Protection = {
  requests: number
  windowSeconds: number
  concurrent: number
  /** Combined execution time inside the window. */
  executionMs: number
  /** Added to each measured execution, for servers slower than this one. */
  extraMs: number
}

export const PROTECTION: Protection = {
  requests: 6000,
  windowSeconds: 300,
  concurrent: 52,
  executionMs: 1_200_000,
  extraMs: 0,
}

type Usage = { at: number[]; ms: number[]; from: number; spent: number; open: number; refusals: number }
export type Limits = { protection: Protection | null; usage: Map<string, Usage> }

export const makeLimits = (protection: Protection | null): Limits => ({ protection, usage: new Map() })

function usageOf(limits: Limits, userId: string): Usage {
  const found = limits.usage.get(userId)
  if (found) return found
  const made: Usage = { at: [], ms: [], from: 0, spent: 0, open: 0, refusals: 0 }
  limits.usage.set(userId, made)
  return made
}

/** Forgets what left the sliding window. */
function slide(usage: Usage, windowMs: number): void {
  const since = Date.now() - windowMs
  while (usage.from < usage.at.length && usage.at[usage.from]! < since) usage.spent -= usage.ms[usage.from++]!
  if (usage.from > 10_000) {
    usage.at = usage.at.slice(usage.from)
    usage.ms = usage.ms.slice(usage.from)
    usage.from = 0
  }
}

const NAMES = {
  requests: (p: Protection) => [
    '0x80072322',
    `Number of requests exceeded the limit of ${p.requests} over time window of ${p.windowSeconds} seconds.`,
  ],
  time: (p: Protection) => [
    '0x80072321',
    `Combined execution time of incoming requests exceeded limit of ${p.executionMs.toLocaleString('en')} milliseconds over time window of ${p.windowSeconds} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`,
  ],
  concurrent: (p: Protection) => ['0x80072326', `Number of concurrent requests exceeded the limit of ${p.concurrent}.`],
}

type Admission = { refused: Reply | null; headers: Record<string, string>; done: (ms: number) => void }

const FREE: Admission = { refused: null, headers: {}, done: () => {} }

/** Admits one request of a user, or refuses it with 429; `done` books its execution time. */
export function admit(limits: Limits, userId: string): Admission {
  const p = limits.protection
  if (!p) return FREE
  const usage = usageOf(limits, userId)
  slide(usage, p.windowSeconds * 1000)
  const count = usage.at.length - usage.from
  const broken =
    usage.open >= p.concurrent
      ? 'concurrent'
      : count >= p.requests
        ? 'requests'
        : usage.spent >= p.executionMs
          ? 'time'
          : null
  const headers = {
    'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, p.requests - count - 1)),
    'x-ms-ratelimit-time-remaining-xrm-requests': `${((p.executionMs - usage.spent) / 1000).toFixed(2)}`,
  }
  if (broken) return { refused: refuse(p, usage, broken), headers, done: () => {} }
  usage.open++
  usage.refusals = 0
  return {
    refused: null,
    headers,
    done(ms) {
      usage.open--
      usage.at.push(Date.now())
      usage.ms.push(ms + p.extraMs)
      usage.spent += ms + p.extraMs
    },
  }
}

/** Who keeps pushing is told to wait longer. */
function refuse(p: Protection, usage: Usage, broken: keyof typeof NAMES): Reply {
  usage.refusals++
  const [code = '', message = ''] = NAMES[broken](p)
  const oldest = usage.at[usage.from] ?? Date.now()
  const until = Math.max(1, Math.ceil((oldest + p.windowSeconds * 1000 - Date.now()) / 1000))
  const wait = broken === 'concurrent' ? 1 : Math.min(until, 5 + usage.refusals)
  return json(429, JSON.stringify({ error: { code, message } }), { 'retry-after': String(wait) })
}

/** `false` or null switches the protection off; an object scales it. */
export function setProtection(limits: Limits, given: unknown): Protection | null {
  if (given === false || given === null) limits.protection = null
  else if (given === true) limits.protection = PROTECTION
  else if (typeof given === 'object') limits.protection = { ...(limits.protection ?? PROTECTION), ...given }
  else throw new ServiceError(400, '', 'protection is false, true or an object')
  limits.usage.clear()
  return limits.protection
}
