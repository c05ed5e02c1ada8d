import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Faults, takeWebhookFault } from '../exchange/faults.ts'
import { type Change, jsonOf, type Store } from './rows.ts'

export type Hook = {
  url: string
  secret: string
  /** One address for all, or one for each entity and operation. */
  addresses: 'one' | 'each'
  proof: 'signature' | 'secret'
}

export type Webhooks = {
  hooks: Hook[]
  pending: number
  sent: number
  succeeded: number
  failed: number
  failures: string[]
  stopped: AbortController
}

export function makeWebhooks(store: Store, faults: Faults): Webhooks {
  const webhooks: Webhooks = {
    ...{ hooks: [], pending: 0, sent: 0, succeeded: 0, failed: 0, failures: [] },
    stopped: new AbortController(),
  }
  store.listeners.push((change) => {
    for (const hook of webhooks.hooks) void deliver(webhooks, faults, hook, change)
  })
  return webhooks
}

const tries = 6

async function deliver(webhooks: Webhooks, faults: Faults, hook: Hook, change: Change): Promise<void> {
  const fault = takeWebhookFault(faults, `${change.table.entity} ${change.operation}`)
  if (fault?.kind === 'webhook-drop') return
  webhooks.pending++
  const { signal } = webhooks.stopped
  try {
    if (fault?.kind === 'webhook-delay' || fault?.kind === 'webhook-reorder') {
      await sleep(Number(fault.options.ms ?? 500), undefined, { signal })
    }
    const message = messageOf(hook, change)
    const times = fault?.kind === 'webhook-double' ? 2 : 1
    for (let i = 0; i < times; i++) await send(webhooks, hook, message)
  } catch {
    webhooks.failed++
  } finally {
    webhooks.pending--
  }
}

type Message = { url: string; body: string; eventId: string }

function messageOf(hook: Hook, { table, row, operation }: Change): Message {
  const eventId = randomUUID()
  const { entity } = table
  if (hook.addresses === 'each') return { url: `${hook.url}/${entity}/${operation}`, body: jsonOf(table, row), eventId }
  return { url: hook.url, body: JSON.stringify({ entity, operation, id: row.id, eventId }), eventId }
}

async function send(webhooks: Webhooks, hook: Hook, message: Message): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    webhooks.sent++
    const failure = await post(hook, message, webhooks.stopped.signal)
    if (failure === null) {
      webhooks.succeeded++
      return
    }
    webhooks.failures.push(failure)
    if (webhooks.failures.length > 100) webhooks.failures.shift()
    if (attempt + 1 >= tries) throw new Error(failure)
    await sleep(200 * 2 ** attempt, undefined, { signal: webhooks.stopped.signal })
  }
}

/** Signed anew at each attempt, as its time is part of the signature. */
async function post(hook: Hook, { url, body, eventId }: Message, signal: AbortSignal): Promise<string | null> {
  const timestamp = String(Date.now())
  const signature = createHmac('sha256', hook.secret)
    .update(timestamp + body)
    .digest('hex')
  const proof: Record<string, string> =
    hook.proof === 'secret'
      ? { 'x-jackfield-secret': hook.secret }
      : { 'x-jackfield-timestamp': timestamp, 'x-jackfield-signature': `sha256=${signature}` }
  const headers = { 'content-type': 'application/json', 'x-jackfield-event-id': eventId, ...proof }
  try {
    const reply = await fetch(url, { method: 'POST', headers, body, signal })
    await reply.arrayBuffer()
    return reply.ok ? null : `${reply.status} from ${url}`
  } catch (error) {
    return String(error)
  }
}
