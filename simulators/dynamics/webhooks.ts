import { randomUUID } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { type Faults, takeWebhookFault } from '../exchange/faults.ts'
import { createRow } from './change-rows.ts'
import { executionContext, type Message } from './execution-context.ts'
import type { Change, Organization } from './organization.ts'
import type { Entry } from './table.ts'

type Delivery = {
  url: string
  headers: Record<string, string>
  body: string
  message: string
  entity: string
  id: string
}

export type Webhooks = {
  org: Organization
  faults: Faults
  /** Deliveries under way or waiting. */
  pending: number
  sent: number
  succeeded: number
  failed: number
  /** The last failures, newest last. */
  failures: { url: string; entity: string; id: string; status: number; error: string | null }[]
  held: Delivery[]
  timers: Set<NodeJS.Timeout>
  closed: boolean
}

/** Bodies above this lose their parameters and images. */
const MAX_BODY = 256 * 1024
const MESSAGES: Record<Change['operation'], Message> = {
  create: 'Create',
  update: 'Update',
  delete: 'Delete',
  restore: 'Create',
}

export function makeWebhooks(org: Organization, faults: Faults): Webhooks {
  const hooks: Webhooks = {
    org,
    faults,
    pending: 0,
    sent: 0,
    succeeded: 0,
    failed: 0,
    failures: [],
    held: [],
    timers: new Set(),
    closed: false,
  }
  org.listeners.push((changes) => {
    for (const change of changes) for (const delivery of deliveriesOf(org, change)) schedule(hooks, delivery)
  })
  return hooks
}

export function closeWebhooks(hooks: Webhooks): void {
  hooks.closed = true
  for (const timer of hooks.timers) clearTimeout(timer)
}

/** One delivery for each step that is registered on what happened. */
function deliveriesOf(org: Organization, change: Change): Delivery[] {
  const steps = org.tables.get('sdkmessageprocessingstep')!
  if (steps.live === 0) return []
  const messages: Message[] = [MESSAGES[change.operation]]
  if (change.operation === 'update' && change.changed.includes('_ownerid_value')) messages.push('Assign')
  const out: Delivery[] = []
  for (const step of steps.entries.values()) {
    if (step.deleted || step.fields.statecode === 1) continue
    const message = messages.find((m) => isFor(org, step, change, m))
    const endpoint = message && endpointOf(org, step)
    if (endpoint) out.push(delivery(org, change, message, { step, endpoint }))
  }
  return out
}

function isFor(org: Organization, step: Entry, change: Change, message: Message): boolean {
  const named = live(org, 'sdkmessage', step.fields._sdkmessageid_value)?.fields.name
  if (named !== message) return false
  const filterId = step.fields._sdkmessagefilterid_value
  const table = change.table.definition.logical
  if (filterId && live(org, 'sdkmessagefilter', filterId)?.fields.primaryobjecttypecode !== table) return false
  const wanted = String(step.fields.filteringattributes ?? '')
    .split(',')
    .map((s) => s.trim())
    .filter(Boolean)
  if (message !== 'Update' || wanted.length === 0) return true
  const names = change.changed.map((wire) => change.table.columns.get(wire)?.name ?? wire)
  return names.some((name) => wanted.includes(name))
}

function live(org: Organization, logical: string, id: unknown): Entry | undefined {
  const entry = org.tables.get(logical)!.entries.get(String(id))
  return entry?.deleted ? undefined : entry
}

const endpointOf = (org: Organization, step: Entry) => live(org, 'serviceendpoint', step.fields._eventhandler_value)

function delivery(org: Organization, change: Change, message: Message, by: { step: Entry; endpoint: Entry }): Delivery {
  const { definition } = change.table
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-request-id': randomUUID(),
    'x-ms-dynamics-organization': `${org.name}.crm.dynamics.com`,
    'x-ms-dynamics-entity-name': definition.logical,
    'x-ms-dynamics-request-name': message,
    'x-ms-correlation-request-id': randomUUID(),
  }
  let context = executionContext(org, change, message, by.step)
  let body = JSON.stringify(context)
  if (Buffer.byteLength(body) > MAX_BODY) {
    const { ParentContext: _p, InputParameters: _i, PreEntityImages: _b, PostEntityImages: _a, ...rest } = context
    context = rest
    body = JSON.stringify(context)
    headers['x-ms-dynamics-msg-size-exceeded'] = 'true'
  }
  const url = authorise(by.endpoint, headers)
  return { url, headers, body, message, entity: definition.logical, id: change.after.id }
}

/** Puts the endpoint's secret where its kind of authentication wants it. */
function authorise(endpoint: Entry, headers: Record<string, string>): string {
  const url = new URL(String(endpoint.fields.url))
  const value = String(endpoint.fields.authvalue ?? '')
  const settings = [...value.matchAll(/<setting\s+name="([^"]*)"\s+value="([^"]*)"\s*\/>/g)]
  if (endpoint.fields.authtype === 4 && value !== '') url.searchParams.set('code', value)
  if (endpoint.fields.authtype === 5) for (const [, name, v] of settings) headers[name!.toLowerCase()] = v!
  if (endpoint.fields.authtype === 6) for (const [, name, v] of settings) url.searchParams.set(name!, v!)
  return url.href
}

/** Deliveries run beside each other and in no promised order. */
function schedule(hooks: Webhooks, d: Delivery): void {
  if (hooks.closed) return
  const fault = takeWebhookFault(hooks.faults, `${d.message} ${d.entity} ${d.id} ${d.url}`)
  const delay = hooks.org.settings.webhookDelayMs
  if (fault?.kind === 'webhook-drop') return
  if (fault?.kind === 'webhook-double') {
    later(hooks, d, delay)
    later(hooks, d, delay + Number(fault.options.ms ?? 50))
  } else if (fault?.kind === 'webhook-delay') later(hooks, d, delay + Number(fault.options.ms ?? 2000))
  else if (fault?.kind === 'webhook-reorder') {
    hooks.held.push(d)
    if (hooks.held.length >= Number(fault.options.batch ?? 2)) release(hooks)
    else later(hooks, null, Number(fault.options.ms ?? 1000))
  } else later(hooks, d, delay)
}

/** Sends what was held back, last first. */
function release(hooks: Webhooks): void {
  const held = hooks.held.splice(0).reverse()
  for (const [i, d] of held.entries()) later(hooks, d, i * 20)
}

function later(hooks: Webhooks, d: Delivery | null, ms: number): void {
  if (d) hooks.pending++
  const timer = setTimeout(() => {
    hooks.timers.delete(timer)
    if (d) void deliver(hooks, d)
    else release(hooks)
  }, ms)
  hooks.timers.add(timer)
}

async function deliver(hooks: Webhooks, d: Delivery): Promise<void> {
  let outcome = await post(hooks, d)
  // The service tries once more, after these three only.
  if ([502, 503, 504].includes(outcome.status)) outcome = await post(hooks, d)
  hooks.pending--
  if (outcome.status >= 200 && outcome.status < 300) {
    hooks.succeeded++
    return
  }
  hooks.failed++
  hooks.failures.push({ url: d.url.split('?')[0]!, entity: d.entity, id: d.id, ...outcome })
  if (hooks.failures.length > 200) hooks.failures.shift()
  if (!hooks.closed) logFailure(hooks.org, d, outcome)
}

const LOOPBACK = /^(127(?:\.\d+){3}|localhost|\[::1\])$/

function post(hooks: Webhooks, d: Delivery): Promise<{ status: number; error: string | null }> {
  const url = new URL(d.url)
  if (!LOOPBACK.test(url.hostname)) return Promise.resolve({ status: 0, error: 'only loopback addresses are called' })
  hooks.sent++
  return new Promise((resolve) => {
    const timeout = hooks.org.settings.webhookTimeoutMs
    const headers = { ...d.headers, 'content-length': String(Buffer.byteLength(d.body)) }
    const call = httpRequest(url, { method: 'POST', headers, timeout }, (response) => {
      response.resume()
      response.on('close', () => resolve({ status: response.statusCode ?? 0, error: null }))
    })
    call.on('timeout', () => call.destroy(new Error('timed out')))
    call.on('error', (error) => resolve({ status: 0, error: error.message }))
    call.end(d.body)
  })
}

/** A failed delivery is a failed system job. */
function logFailure(org: Organization, d: Delivery, outcome: { status: number; error: string | null }): void {
  const table = org.tables.get('asyncoperation')!
  createRow({ org, table, userId: org.appUser }, randomUUID(), {
    name: `${d.message} of ${d.entity}`,
    statecode: 3,
    statuscode: 31,
    operationtype: 1,
    message: `Webhook call failed: status ${outcome.status} ${outcome.error ?? ''}`.trim(),
    friendlymessage: d.id,
  })
}
