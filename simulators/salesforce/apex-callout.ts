import { randomUUID } from 'node:crypto'
import { classOf } from './apex-classes.ts'
import { type Program, runBody } from './apex-run.ts'
import { apexTokens } from './apex-tokens.ts'
import type { ApexObject, Frame } from './apex-values.ts'
import { type Component, withoutComments } from './components.ts'
import type { Change, Operation, Organisation } from './organisation.ts'

/** One HTTP request that the organisation makes. */
export type Callout = {
  url: string
  method: string
  headers: Record<string, string>
  body: string
  /** Sent again until a SOAP acknowledgement comes. */
  acknowledged: boolean
  /** Why it cannot be sent. */
  error: string | null
  id: string
}

const EVENTS: Record<Operation, string> = {
  create: 'after insert',
  update: 'after update',
  delete: 'after delete',
  undelete: 'after undelete',
}
/** A trigger sees so many rows at once. */
const CHUNK = 200

/** Runs the deployed triggers for the changes of one transaction and answers what their queueables would send. */
export function calloutsOf(org: Organisation, installed: Component[], changes: Change[]): Callout[] {
  const triggers = installed.filter((c) => c.type === 'ApexTrigger').map(triggerOf)
  return triggers.flatMap((trigger) => {
    const seen = changes.filter(
      (c) => c.table.definition.name.toLowerCase() === trigger.object && trigger.events.includes(EVENTS[c.operation]),
    )
    return grouped(seen).flatMap((group) => runTrigger(org, installed, trigger.body, group))
  })
}

function triggerOf({ source }: Component): { object: string; events: string[]; body: string } {
  const [head = '', object = '', events = ''] =
    /\btrigger\s+\w+\s+on\s+(\w+)\s*\(([^)]*)\)/i.exec(withoutComments(source)) ?? []
  const body = source.slice(source.indexOf(head) + head.length).trim()
  return {
    object: object.toLowerCase(),
    events: events.split(',').map((e) => e.trim().toLowerCase().replace(/\s+/g, ' ')),
    body: body.slice(1, body.lastIndexOf('}')),
  }
}

/** One run for each operation and user. */
function grouped(changes: Change[]): Change[][] {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    const key = `${change.operation} ${change.userId}`
    groups.set(key, [...(groups.get(key) ?? []), change])
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / CHUNK) }, (_, i) => group.slice(i * CHUNK, (i + 1) * CHUNK)),
  )
}

const rowOf = ({ after, table }: Change): ApexObject => ({
  type: table.definition.name,
  fields: new Map([
    ['id', after.id],
    ...Object.entries(after.fields).map(([name, value]) => [name.toLowerCase(), value] as const),
  ]),
})

function runTrigger(org: Organisation, installed: Component[], body: string, group: Change[]): Callout[] {
  const [{ operation, userId, table }] = group as [Change]
  return run(installed, body, { org, userId, object: table.definition.name, operation, rows: group.map(rowOf) })
}

/** What a piece of anonymous Apex would send. */
export const calloutsOfAnonymous = (org: Organisation, installed: Component[], body: string, userId: string) =>
  run(installed, body, { org, userId, object: '', operation: 'update', rows: [] })

function run(installed: Component[], body: string, frame: Frame): Callout[] {
  const classes = installed.filter((c) => c.type === 'ApexClass').flatMap((c) => classOf(c.source) ?? [])
  const program: Program = {
    classes: new Map(classes.map((c) => [c.name.toLowerCase(), c])),
    statics: new Map(),
    sent: [],
  }
  try {
    runBody(program, frame, { tokens: apexTokens(body), variables: new Map(), self: null, own: '' })
    return program.sent.map(calloutOf)
  } catch (error) {
    return [
      {
        url: '',
        method: 'POST',
        headers: {},
        body: '',
        acknowledged: false,
        error: (error as Error).message,
        id: randomUUID(),
      },
    ]
  }
}

function calloutOf({ fields }: ApexObject): Callout {
  const headers = [...fields]
    .filter(([name]) => name.startsWith('header '))
    .map(([name, value]) => [name.slice(7).toLowerCase(), String(value)])
  const text = (name: string) => String(fields.get(name) ?? '')
  return {
    url: text('endpoint'),
    method: text('method') || 'GET',
    headers: Object.fromEntries(headers),
    body: text('body'),
    acknowledged: false,
    error: null,
    id: randomUUID(),
  }
}
