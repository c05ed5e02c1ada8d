import type { Dispatcher } from 'undici'
import type { Resolve } from './address.ts'
import { hostPort, systemResolve, toHostPort } from './address.ts'
import { decodeText } from './body.ts'
import { classify, mayPass } from './call-error.ts'
import type { Clock } from './clock.ts'
import { longestTimerMs, systemClock } from './clock.ts'
import type { ProxySetting } from './dial.ts'
import { createDialler } from './dial.ts'
import { HubError } from './errors.ts'
import type { WireReply, WireRequest } from './exchange.ts'
import { exchange } from './exchange.ts'
import type { Log } from './log.ts'
import { silentLog } from './log.ts'
import { redactor } from './redact.ts'
import type { Outcome } from './retry.ts'
import { backoff, retry, retryAfterMs } from './retry.ts'

export interface DoorOptions {
  /** `host:port` pairs that may be private and may speak plain http; nothing else may. */
  allowHosts: ReadonlySet<string>
  /** PEM certificates trusted beside the system's and those of NODE_EXTRA_CA_CERTS. */
  extraCa?: readonly string[]
  proxy?: ProxySetting
  log?: Log
  clock?: Clock
  /** Name resolution; the system's when absent. */
  resolve?: Resolve
  /** Jitter in [0, 1); Math.random when absent. */
  random?: () => number
}

export interface CallOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** For the whole call: every attempt, the waits between them, and `admit`. */
  deadlineMs: number
  /** For one attempt, until the last byte of its answer; 120 s when absent. */
  attemptMs?: number
  /** Of the answer, on the wire and decompressed; 64 MB when absent. */
  maxBytes?: number
  /** `safe`: the call is idempotent and is repeated on 408, 429, 5xx and network failures. `never`: one attempt. */
  retry?: 'safe' | 'never'
  signal?: AbortSignal
  /** The only `host[:port]` (as `URL.host` has it) that this call's credentials may go to; else `crm.foreign_link`. */
  host?: string
  /** Sees every 2xx answer within its attempt: what it throws with `crm.body_invalid` is retried like a broken answer. */
  check?: (reply: Reply) => void
  /** Awaited before every attempt: the quota. What it throws is thrown on as it is. */
  admit?: () => Promise<void>
  /** Told of every 429, and of a 503 with Retry-After: milliseconds since the epoch before which no call should go. */
  onThrottled?: (retryAt: number) => Promise<void> | void
}

/** A whole answer, whatever its status. */
export interface Reply {
  status: number
  /** Names in lower case, repeated headers joined by a comma. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** UTF-8 without byte order mark; an answer with a 2xx status that is not valid UTF-8 → `crm.body_invalid`. */
  text(): string
  /** For small answers: digits beyond a double's precision are lost. Broken JSON → `crm.body_invalid`. */
  json(): unknown
  /** Where the answer came from, after redirects. */
  url: string
  /** On 429 and 503: milliseconds since the epoch before which a repeat is useless. */
  retryAt?: number
}

export interface Door {
  call(url: string, options: CallOptions): Promise<Reply>
  /** Cuts what is under way. */
  close(): Promise<void>
}

const defaultAttemptMs = 120_000
const defaultMaxBytes = 64 * 1024 * 1024
const mostAttempts = 5
const mostRedirects = 5
// An attempt begun closer to the deadline than this would only load the CRM.
const leastAttemptMs = 20
// Without a Retry-After; Dataverse counts over a sliding window of 300 s ("Service protection API limits").
const throttledWithoutHintMs = 5_000
const redirects = new Set([301, 302, 303, 307, 308])
const repeatable = new Set([408, 425, 429, 500, 502, 503, 504])

/** One answer to one attempt, and how long its sender asked us to wait. */
interface Answer {
  reply: Reply
  waitMs: number | undefined
}

interface Context extends Required<Pick<DoorOptions, 'allowHosts' | 'log' | 'clock' | 'random'>> {
  dispatcherFor: (url: URL) => Promise<Dispatcher>
}

/** The only way out to vendors: every call of every connector goes through one of these. */
export function createDoor(options: DoorOptions): Door {
  const dialler = createDialler({
    allowHosts: options.allowHosts,
    resolve: options.resolve ?? systemResolve,
    extraCa: options.extraCa,
    proxy: options.proxy,
  })
  const context: Context = {
    allowHosts: options.allowHosts,
    log: options.log ?? silentLog,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    dispatcherFor: dialler.dispatcherFor,
  }
  return { call: (url, callOptions) => call(context, url, callOptions), close: dialler.close }
}

async function call(context: Context, url: string, options: CallOptions): Promise<Reply> {
  const { clock, random } = context
  const target = parseTarget(context, url, options.host)
  const deadline = clock.monotonic() + options.deadlineMs

  const wait = (outcome: Outcome<Answer>, attempt: number) => {
    if ('error' in outcome) return mayPass(outcome.error) ? backoff(attempt, random()) : undefined
    if (!repeatable.has(outcome.value.reply.status)) return undefined
    return (outcome.value.waitMs ?? 0) + backoff(attempt, random())
  }
  const attempt = async (count: number) => {
    const started = clock.monotonic()
    await admitted(options, deadline - started)
    const answer = await attemptOnce(context, target, options, deadline - clock.monotonic())
    const { status, body, retryAt } = answer.reply
    const ms = Math.round(clock.monotonic() - started)
    context.log.debug('call', { what: describe(target, options), status, bytes: body.length, ms, attempt: count + 1 })
    if (status >= 200 && status < 300) options.check?.(answer.reply)
    if (retryAt !== undefined) await options.onThrottled?.(retryAt)
    return answer
  }
  const attempts = options.retry === 'safe' ? mostAttempts : 1
  const signal = options.signal ? { signal: options.signal } : {}
  return (await retry(attempt, { attempts, wait, deadline: deadline - leastAttemptMs, clock, ...signal })).reply
}

/** A URL that may be called at all, and by these credentials. */
function parseTarget(context: Context, url: string, host: string | undefined): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined
  if (!target || (target.protocol !== 'https:' && target.protocol !== 'http:')) {
    throw new HubError('input.invalid', 'a web address was expected', { sent: false })
  }
  if (target.username || target.password) {
    throw new HubError('input.invalid', 'a web address must not carry a user or password', { sent: false })
  }
  if (host !== undefined && hostPort(target) !== toHostPort(host, target.protocol)) {
    const message = `${hostPort(target)} is not ${host}, and credentials go nowhere else`
    throw new HubError('crm.foreign_link', message, { sent: false })
  }
  if (target.protocol === 'http:' && !context.allowHosts.has(hostPort(target))) {
    throw new HubError('crm.blocked_address', `${hostPort(target)} would be called without encryption`, {
      mend: 'Use https, or add its host:port to JACKFIELD_ALLOW_HOSTS.',
      sent: false,
    })
  }
  return target
}

/** Method, host and path: the query may hold values of people, codes and signatures, and so may a key in the path. */
function describe(target: URL, options: CallOptions): string {
  const path = target.pathname.replace(/'[^']*'|%27.*?%27/g, "'…'").slice(0, 200)
  return redactor.clean(`${options.method ?? 'GET'} ${target.host}${path}`)
}

async function admitted(options: CallOptions, leftMs: number): Promise<void> {
  if (!options.admit) return
  const late = new HubError('crm.timeout', 'no turn to call the CRM came in time', { sent: false })
  const limit = timeLimit(leftMs, late, options.signal)
  try {
    await orAborted(options.admit(), limit.signal)
  } finally {
    limit.end()
  }
}

async function attemptOnce(context: Context, target: URL, options: CallOptions, leftMs: number): Promise<Answer> {
  const attempted = { what: describe(target, options), sent: false }
  const late = new HubError('crm.timeout', `${attempted.what}: no complete answer in time`)
  const limit = timeLimit(Math.min(leftMs, options.attemptMs ?? defaultAttemptMs), late, options.signal)
  try {
    return await follow(context, target, options, { attempted, signal: limit.signal })
  } catch (error) {
    options.signal?.throwIfAborted()
    throw classify(limit.signal.aborted ? late : error, attempted)
  } finally {
    limit.end()
  }
}

/** A signal that fires with `late` after a time, or with the caller's own reason. */
function timeLimit(ms: number, late: HubError, outer: AbortSignal | undefined) {
  const stop = new AbortController()
  const onAbort = () => stop.abort(outer?.reason)
  if (outer?.aborted) onAbort()
  outer?.addEventListener('abort', onAbort, { once: true })
  const timer = setTimeout(() => stop.abort(late), Math.min(Math.max(ms, 0), longestTimerMs))
  const end = () => {
    clearTimeout(timer)
    outer?.removeEventListener('abort', onAbort)
  }
  return { signal: stop.signal, end }
}

interface Attempt {
  attempted: { what: string; sent: boolean }
  signal: AbortSignal
}

/** Follows redirects within one origin, for calls that only read; any other origin would get our credentials. */
async function follow(context: Context, target: URL, options: CallOptions, attempt: Attempt): Promise<Answer> {
  const { attempted, signal } = attempt
  const method = (options.method ?? 'GET').toUpperCase()
  for (let url = target, hops = 0; ; hops++) {
    const dispatcher = await orAborted(context.dispatcherFor(url), signal)
    const request: WireRequest = {
      method,
      headers: options.headers ?? {},
      body: options.body,
      maxBytes: options.maxBytes ?? defaultMaxBytes,
      signal,
      what: attempted.what,
      onSent: () => {
        attempted.sent = true
      },
    }
    // undici heeds its signal only once the request is on a connection.
    const wire = await orAborted(exchange(dispatcher, url, request), signal)
    const next = redirectOf(wire, url, attempted.what)
    if (!next || (method !== 'GET' && method !== 'HEAD')) return answer(context, wire, url, attempted.what)
    if (hops === mostRedirects) throw new HubError('crm.foreign_link', `${attempted.what}: too many redirects`)
    url = next
  }
}

function redirectOf(wire: WireReply, from: URL, what: string): URL | undefined {
  const location = wire.headers.location
  if (!redirects.has(wire.status) || location === undefined) return undefined
  const next = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (next?.origin === from.origin && !next.username && !next.password) return next
  const where = next?.host ? ` to ${redactor.clean(next.host)}` : ''
  throw new HubError('crm.foreign_link', `${what}: redirected${where}, where credentials do not go`)
}

function answer(context: Context, wire: WireReply, url: URL, what: string): Answer {
  const { status, headers, body } = wire
  const now = context.clock.now()
  const asked = retryAfterMs(headers['retry-after'], headers.date, now)
  const waitMs = status === 429 ? (asked ?? throttledWithoutHintMs) : asked
  const text = () => decodeText(body, status >= 200 && status < 300, what)
  const reply: Reply = { status, headers, body, text, json: () => parseJson(text(), what), url: url.href }
  if (waitMs !== undefined && (status === 429 || status === 503)) reply.retryAt = now + waitMs
  return { reply, waitMs }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the body.
    throw new HubError('crm.body_invalid', `${what}: the answer is not valid JSON`)
  }
}

/** Gives up waiting when the signal fires; the promise itself is left to end by itself. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {})
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
