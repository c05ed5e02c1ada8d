/** What a softphone's page and the agent's panel in it say to each other, by `postMessage`. */

/** As of POST /api/v1/interactions/:id/events, without the agent: whoever is signed in at the panel. */
export type SoftphoneEvent = {
  /** The softphone's own name of the call or conversation. */
  interaction: string
  /** The event's own name: the same again has no effect. */
  id: string
  type:
    | 'offered'
    | 'accepted'
    | 'held'
    | 'resumed'
    | 'transferred'
    | 'contact_left'
    | 'ended'
    | 'wrap_up_closed'
    | 'unassigned'
    | 'dismissed'
    | 'updated'
  /** ISO 8601; without one: now. */
  at?: string
  /** `ani`, `dnis`, `direction`, `channelType`, `skillName`, `dispositionName` …: fields by the names of contact centres. */
  data?: Record<string, string | number | boolean | null | string[]>
  scriptVariables?: Record<string, string>
}

/** The agent pressed a number. */
export type DialRequest = {
  number: string
  /** Whose number it is, where the card knows. */
  record: { id: string; entity: string; name: string | null } | null
}

export type InteractionName = {
  /** Of the hub. */
  id: string
  /** Who told the hub of it; `jackfield.softphone` where the page around the panel did. */
  source: string
  /** What that one calls it. */
  interaction: string
}

export type ScreenPop = InteractionName & { url: string }

export type CardShown = InteractionName & {
  state: string
  /** Who it is, as the card says; null where nobody was found. */
  record: { id: string; entity: string; name: string | null } | null
}

export type ToPanel = { type: 'hello' } | { type: 'event'; request: string; event: SoftphoneEvent }

export type ToPhone =
  | { type: 'ready' }
  | { type: 'taken'; request: string; interaction: string }
  | { type: 'refused'; request: string; code: string; message: string }
  | { type: 'dial'; dial: DialRequest }
  | { type: 'screenPop'; pop: ScreenPop }
  | { type: 'cardShown'; card: CardShown }

/** So that other messages in the same page are told apart, and later forms of these. */
const mark = { jackfield: 1 } as const

export const sealed = <T extends ToPanel | ToPhone>(message: T): T & typeof mark => ({ ...mark, ...message })

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, most = 2_000): value is string =>
  typeof value === 'string' && value !== '' && value.length <= most
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string'

const types: readonly string[] = [
  ...['offered', 'accepted', 'held', 'resumed', 'transferred', 'contact_left', 'ended', 'wrap_up_closed', 'unassigned'],
  ...['dismissed', 'updated'],
]

function isEvent(value: unknown): value is SoftphoneEvent {
  if (!isPlain(value)) return false
  const { interaction, id, type, at, data = {}, scriptVariables = {} } = value
  return (
    isText(interaction, 150) &&
    isText(id, 200) &&
    types.includes(String(type)) &&
    (at === undefined || (isText(at, 50) && !Number.isNaN(Date.parse(at)))) &&
    isPlain(data) &&
    isPlain(scriptVariables) &&
    Object.values(scriptVariables).every((text) => typeof text === 'string')
  )
}

const isName = (value: unknown): value is Plain & InteractionName =>
  isPlain(value) && isText(value.id) && isText(value.source) && isText(value.interaction)

const isRecord = (value: unknown): boolean =>
  value === null || (isPlain(value) && isText(value.id) && isText(value.entity) && isTextOrNull(value.name))

/** What a page says to the panel in it; null for what is no such message. */
export function readToPanel(value: unknown): ToPanel | null {
  if (!isPlain(value) || value.jackfield !== mark.jackfield) return null
  if (value.type === 'hello') return { type: 'hello' }
  const { request, event } = value
  return value.type === 'event' && isText(request, 100) && isEvent(event) ? { type: 'event', request, event } : null
}

/** What the panel says to the page around it; null for what is no such message. */
export function readToPhone(value: unknown): ToPhone | null {
  if (!isPlain(value) || value.jackfield !== mark.jackfield) return null
  const message = value as unknown as ToPhone
  return Object.hasOwn(wellFormed, message.type) && wellFormed[message.type](value) ? message : null
}

const wellFormed: Record<ToPhone['type'], (value: Plain) => boolean> = {
  ready: () => true,
  taken: ({ request, interaction }) => isText(request) && isText(interaction),
  refused: ({ request, code, message }) => isText(request) && isText(code) && typeof message === 'string',
  dial: ({ dial }) => isPlain(dial) && isText(dial.number) && isRecord(dial.record),
  screenPop: ({ pop }) => isName(pop) && isText(pop.url, 4_000) && /^https?:/.test(pop.url),
  cardShown: ({ card }) => isName(card) && isText(card.state) && isRecord(card.record),
}
