import { hash } from 'node:crypto'
import { HubError } from '#core/errors.ts'
import { CLASS, MADE_BY, TEST_HEAD, TEST_OF_OBJECT, TEST_TAIL, TRIGGER } from './apex-source.ts'

/** What the code in the CRM has to know of the hub. */
export interface PushTarget {
  connectionId: string
  /** The connection's webhook address. */
  url: string
  /** Base64url, as the connection keeps it. */
  secret: string
  /** The CRM's own user that the hub is. */
  hubUser: string
  /** API names of the objects whose changes are told. */
  objects: readonly string[]
}

export interface Names {
  className: string
  testName: string
  siteName: string
  triggerOf(object: string): string
}

/** The longest name of a class or trigger. */
const LONGEST = 40

/**
 * Names of what is put into the CRM. A part of the connection's id is in each, so that two hubs may stand beside each
 * other there, and nobody else has it.
 */
export function namesFor(connectionId: string): Names {
  const tag = connectionId.replaceAll('-', '').slice(0, 8).toLowerCase()
  if (!/^[0-9a-f]{8}$/.test(tag)) throw new HubError('input.invalid', 'A connection’s id was expected')
  return {
    className: `JackfieldPush_${tag}`,
    testName: `JackfieldPushTest_${tag}`,
    siteName: `Jackfield_${tag}`,
    triggerOf(object) {
      refuseOtherNames(object)
      const name = `JackfieldOn${object}_${tag}`
      // A name may hold no two underscores side by side (those of a custom object), nor more than 40 characters.
      if (!object.includes('__') && name.length <= LONGEST) return name
      const own = hash('sha256', object.toLowerCase(), 'hex').slice(0, 6)
      const room = LONGEST - `JackfieldOn_${own}_${tag}`.length
      return `JackfieldOn${object.replace(/__\w$/, '').replaceAll('_', '').slice(0, room)}_${own}_${tag}`
    },
  }
}

/** What stands in the first line of all that is made for this connection. */
export const madeBy = (connectionId: string) => fill(MADE_BY, { CONNECTION: connectionId })

/** An object's or a class' API name: anything else must never come near a program's text. */
function refuseOtherNames(object: string): void {
  if (/^[A-Za-z](?:_{0,2}[A-Za-z0-9])*$/.test(object) && object.length <= 80) return
  throw new HubError('input.invalid', 'An object’s API name was expected', { field: 'objects' })
}

/** Events that the platform offers for an object; others do not compile. */
function eventsOf(object: string): string {
  const name = object.toLowerCase()
  // A user is never deleted, and one that is made in a test would need a licence.
  if (name === 'user') return 'before update, after insert, after update'
  // "Triggers and Merge Statements", "Trigger Considerations": undelete works on these and on custom objects.
  const restorable = `account asset campaign case contact contract event lead opportunity product2 solution task`
  const undelete = restorable.split(' ').includes(name) || name.endsWith('__c') ? ', after undelete' : ''
  return `before insert, after insert, after update, after delete${undelete}`
}

/** The sources by file name. */
export function apexOf(target: PushTarget): { name: string; kind: 'class' | 'trigger'; source: string }[] {
  const names = namesFor(target.connectionId)
  const values = {
    CONNECTION: target.connectionId,
    CLASS: names.className,
    TEST: names.testName,
    ENDPOINT: literal(new URL(target.url).href),
    KEY: literal(keyOf(target.secret)),
    HUB_USER: literal(userId(target.hubUser)),
  }
  const tests = target.objects.map((OBJECT, number) => fill(TEST_OF_OBJECT, { OBJECT, NUMBER: String(number + 1) }))
  const triggers = target.objects.map((object) => {
    const name = names.triggerOf(object)
    const source = fill(TRIGGER, { ...values, TRIGGER: name, OBJECT: object, EVENTS: eventsOf(object) })
    return { name, kind: 'trigger' as const, source }
  })
  return [
    { name: names.className, kind: 'class', source: fill(CLASS, values) },
    { name: names.testName, kind: 'class', source: fill(TEST_HEAD, values) + tests.join('') + TEST_TAIL },
    ...triggers,
  ]
}

/** The key in the alphabet that EncodingUtil.base64Decode reads. */
const keyOf = (secret: string) => Buffer.from(secret, 'base64url').toString('base64')

function userId(text: string): string {
  if (/^005[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/.test(text)) return text
  throw new HubError('input.invalid', 'The id of the hub’s own user in Salesforce was expected', {
    mend: 'Check the connection, so that the hub learns which user it is.',
  })
}

/** What stands between an Apex text's quotes: printable ASCII, and no way out. */
export function literal(text: string): string {
  return text.replace(/[^ -~]|['\\]/g, (unit) =>
    unit === "'" || unit === '\\'
      ? `\\${unit}`
      : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`,
  )
}

/** All at once, so that a value which looks like a place stays a value. */
function fill(text: string, values: Record<string, string>): string {
  return text.replace(/«(\w+)»/g, (_, place: string) => {
    const value = values[place]
    if (value === undefined) throw new Error(`no value for ${place}`)
    return value
  })
}
