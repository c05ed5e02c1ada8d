import { type Fault, type Faults, takeWebhookFault } from '../exchange/faults.ts'
import { type Callout, calloutsOf } from './apex-callout.ts'
import { element } from './components.ts'
import type { Deployments } from './deployment.ts'
import { type Change, isArchiving, type Organisation } from './organisation.ts'
import { isLoopback, outboundMessages } from './outbound-messages.ts'

/** What the organisation sends by itself: callouts of deployed triggers and outbound messages. */
export type Outgoing = {
  org: Organisation
  deployments: Deployments
  faults: Faults
  outbound: { object: string; url: string; fields: string[]; id: string }[]
  pending: number
  sent: number
  succeeded: number
  failed: number
  failures: { url: string; reason: string; at: string }[]
  held: Callout[]
  closed: boolean
}

export const makeOutgoing = (org: Organisation, deployments: Deployments, faults: Faults): Outgoing => ({
  org,
  deployments,
  faults,
  outbound: [],
  pending: 0,
  sent: 0,
  succeeded: 0,
  failed: 0,
  failures: [],
  held: [],
  closed: false,
})

/** Sends what the changes of one transaction set off. */
export function setOff(out: Outgoing, made: Change[]): void {
  const changes = made.filter((change) => !isArchiving(change))
  callOut(out, calloutsOf(out.org, [...out.deployments.installed.values()], changes))
  for (const message of outboundMessages(out.org, out.outbound, changes)) post(out, message)
}

export function callOut(out: Outgoing, callouts: Callout[]): void {
  for (const callout of callouts) {
    if (callout.error === null && !siteAllowed(out, callout.url))
      callout.error = `Unauthorized endpoint, please check Setup->Security->Remote site settings. endpoint = ${callout.url}`
    post(out, callout)
  }
}

/** Callouts go to addresses of an active remote site only. */
function siteAllowed(out: Outgoing, url: string): boolean {
  return [...out.deployments.installed.values()].some((c) => {
    const site =
      c.type === 'RemoteSiteSetting' && element(c.source, 'isActive') === 'true' ? element(c.source, 'url') : null
    return site !== null && URL.canParse(site) && URL.canParse(url) && new URL(site).origin === new URL(url).origin
  })
}

function post(out: Outgoing, callout: Callout): void {
  const fault = takeWebhookFault(out.faults, callout.url)
  if (fault?.kind === 'webhook-drop') return
  if (fault?.kind === 'webhook-reorder') {
    out.held.push(callout)
    if (out.held.length >= Number(fault.options.batch ?? 2)) release(out)
    else setTimeout(() => release(out), Number(fault.options.ms ?? 1000)).unref()
    return
  }
  const times = fault?.kind === 'webhook-double' ? 2 : 1
  for (let i = 0; i < times; i++) setTimeout(() => void send(out, callout), waitOf(fault)).unref()
}

const waitOf = (fault: Fault | null) => (fault?.kind === 'webhook-delay' ? Number(fault.options.ms ?? 1000) : 0)

function release(out: Outgoing): void {
  for (const callout of out.held.splice(0).reverse()) void send(out, callout)
}

/** One attempt; an outbound message that was not acknowledged is sent again. */
async function send(out: Outgoing, callout: Callout, attempt = 1): Promise<void> {
  if (out.closed) return
  out.pending++
  out.sent++
  const reason = callout.error ?? (await attemptOnce(out, callout))
  out.pending--
  if (reason === null) out.succeeded++
  else if (callout.acknowledged && attempt < 5)
    setTimeout(() => void send(out, callout, attempt + 1), 200 * attempt).unref()
  else {
    out.failed++
    out.failures.push({ url: callout.url, reason, at: new Date().toISOString() })
    if (out.failures.length > 200) out.failures.shift()
  }
}

async function attemptOnce(out: Outgoing, callout: Callout): Promise<string | null> {
  if (!isLoopback(callout.url)) return 'the simulator calls loopback addresses only'
  try {
    const signal = AbortSignal.timeout(out.org.settings.calloutTimeoutMs)
    const { method, headers, body } = callout
    const response = await fetch(callout.url, {
      method,
      headers,
      body: method === 'GET' ? null : body,
      signal,
      redirect: 'manual',
    })
    const text = await response.text()
    if (callout.acknowledged)
      return /<(\w+:)?Ack>\s*true\s*</.test(text) ? null : `not acknowledged (${response.status})`
    return response.status < 300 ? null : `status ${response.status}`
  } catch (error) {
    return (error as Error).message
  }
}
