import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { finished } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Organisation } from './vendor.ts'

/** Stands at the hub's public address: what the organisation pushes ends here, and shows how a push looks. */
export interface Listener {
  url: string
  /** The next push to a connection: its secret and its body. */
  next(connection: string): Promise<{ code: string; body: string }>
  /** Until nothing was pushed for two seconds: what the organisation is busy with would be measured too. */
  quiet(): Promise<void>
  close(): Promise<void>
}

export async function listen(): Promise<Listener> {
  const waiting = new Map<string, (pushed: { code: string; body: string }) => void>()
  let lastAt = performance.now()
  const server = createServer((request, response) => {
    lastAt = performance.now()
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.writeHead(202).end()
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub')
      const connection = pathname.slice(pathname.lastIndexOf('/') + 1)
      waiting.get(connection)?.({ code: searchParams.get('code') ?? '', body: Buffer.concat(chunks).toString('utf8') })
      waiting.delete(connection)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    quiet: async () => {
      while (performance.now() - lastAt < 2_000) await wait(100)
    },
    next: (connection) => new Promise((resolve) => void waiting.set(connection, resolve)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** An edit of so many columns that the body of its push is of a usual size. */
const edit = {
  description:
    'Called about the renewal of the contract; would like an offer for three sites before the end of the month.',
  jobtitle: 'Head of facility services',
  department: 'Operations',
  address1_line1: 'Rue de la Loi 200',
  address1_line2: 'Box 12',
  address1_city: 'Bruxelles',
  address1_postalcode: '1040',
  address1_country: 'Belgium',
  nickname: 'Max',
  governmentid: '85.07.30-033.61',
  telephone2: '+32 2 555 12 12',
  salutation: 'Dr.',
  middlename: 'Maria',
  suffix: 'Jr.',
}

/** A body as the organisation pushes it, to be repeated for other records. */
export interface Template {
  code: string
  /** The body for one event of its own: no two are the same. */
  bodyFor(contactId: string, at: number): string
}

/** Edits one contact until the organisation pushes it: the hub registers within seconds of its start. */
export async function takeTemplate(
  organisation: Organisation,
  listener: Listener,
  { connection, contactId }: { connection: string; contactId: string },
): Promise<Template> {
  const pushed = listener.next(connection)
  const again = setInterval(() => void change(organisation, [contactId], edit), 1_000)
  try {
    const { code, body } = await pushed
    return { code, bodyFor: bodyMaker(body, contactId) }
  } finally {
    clearInterval(again)
  }
}

function bodyMaker(body: string, contactId: string): Template['bodyFor'] {
  const { CorrelationId, RequestId, OperationId, OperationCreatedOn } = JSON.parse(body) as Record<string, string>
  // The nested parent's ids are the event's own too.
  const own = [contactId, CorrelationId!, RequestId!, OperationId!, JSON.stringify(OperationCreatedOn).slice(1, -1)]
  const parts = body.split(new RegExp(`(${own.map((text) => text.replace(/[()/]/g, '\\$&')).join('|')})`))
  const places = parts.map((part) => own.indexOf(part))
  return (id, at) => {
    const fresh = [id, randomUUID(), randomUUID(), randomUUID(), `/Date(${at})/`]
    return parts.map((part, i) => (places[i]! < 0 ? part : fresh[places[i]!])).join('')
  }
}

/** Edits records in the organisation; answers the versions that it then holds. */
export async function change(
  organisation: Organisation,
  ids: readonly string[],
  fields: Record<string, string>,
): Promise<{ id: string; version: number }[]> {
  const changes = ids.map((id) => ({ entity: 'contact', operation: 'change', id, fields }))
  return organisation.ask('/records', changes)
}

/** Ids of so many contacts. */
export async function contactIds(organisation: Organisation, count: number): Promise<string[]> {
  const headers = { authorization: `Bearer ${await organisation.token()}`, prefer: 'odata.maxpagesize=5000' }
  const ids: string[] = []
  let next: string | undefined = `${organisation.url}/api/data/v9.2/contacts?$select=contactid`
  while (next !== undefined && ids.length < count) {
    const reply: Response = await fetch(next, { headers })
    const page = (await reply.json()) as { value: { contactid: string }[]; '@odata.nextLink'?: string }
    ids.push(...page.value.map(({ contactid }) => contactid))
    next = page['@odata.nextLink']
  }
  return ids.slice(0, count)
}

/** One event a line, each of its own; answers the shortest body in bytes. */
export async function writeBodies(
  file: string,
  template: Template,
  { ids, count }: { ids: readonly string[]; count: number },
): Promise<number> {
  const out = createWriteStream(file)
  const start = Date.now()
  let shortest = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i += 1) {
    const body = template.bodyFor(ids[i % ids.length]!, start + i)
    shortest = Math.min(shortest, Buffer.byteLength(body))
    if (!out.write(`${body}\n`)) await once(out, 'drain')
  }
  out.end()
  await finished(out)
  return shortest
}
