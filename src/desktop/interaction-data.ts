import type { Channel } from './definitions.ts'

/** `words`: one of a few; `id`: digits more often than not; `list`: texts, joined where one text is wanted. */
export type DataType = 'text' | 'words' | 'id' | 'number' | 'datetime' | 'url' | 'list'

export interface DataField {
  name: string
  type: DataType
  channels: readonly Channel[]
  /** The longest text that is to be expected, in characters; null where it is no text. */
  longest: number | null
  /** Typed by the agent: left out where the contact ended first, unless the mapping keeps it. */
  typed?: true
}

const both = ['voice', 'digital'] as const
const voice = ['voice'] as const
const digital = ['digital'] as const

/** What an interaction tells, by the names of NICE CXone's agent SDK; a closed list, but for script variables. */
export const interactionData: readonly DataField[] = [
  { name: 'contactId', type: 'id', channels: both, longest: 50 },
  { name: 'interactionId', type: 'id', channels: both, longest: 50 },
  { name: 'mediaType', type: 'words', channels: both, longest: 50 },
  { name: 'direction', type: 'words', channels: both, longest: 8 },
  { name: 'skillName', type: 'text', channels: both, longest: 100 },
  { name: 'skillId', type: 'id', channels: both, longest: 50 },
  { name: 'status', type: 'words', channels: both, longest: 50, typed: true },
  { name: 'finalState', type: 'words', channels: voice, longest: 50 },
  { name: 'dispositionName', type: 'words', channels: both, longest: 100, typed: true },
  { name: 'dispositionNotes', type: 'text', channels: both, longest: 100_000, typed: true },
  { name: 'tags', type: 'list', channels: both, longest: 20_000, typed: true },
  { name: 'ani', type: 'text', channels: voice, longest: 50 },
  { name: 'dnis', type: 'text', channels: voice, longest: 50 },
  { name: 'masterContactId', type: 'id', channels: voice, longest: 50 },
  { name: 'contactType', type: 'words', channels: voice, longest: 50 },
  { name: 'recordingUrl', type: 'url', channels: both, longest: 2_000 },
  { name: 'agentId', type: 'id', channels: both, longest: 50 },
  { name: 'agentName', type: 'text', channels: both, longest: 100 },
  { name: 'type', type: 'words', channels: both, longest: 50 },
  { name: 'startTime', type: 'datetime', channels: both, longest: null },
  { name: 'endTime', type: 'datetime', channels: both, longest: null },
  { name: 'callDurationInSeconds', type: 'number', channels: both, longest: null },
  { name: 'channelType', type: 'words', channels: digital, longest: 50 },
  { name: 'channelName', type: 'text', channels: digital, longest: 100 },
  { name: 'from', type: 'text', channels: digital, longest: 320 },
  { name: 'to', type: 'text', channels: digital, longest: 320 },
  { name: 'eventType', type: 'words', channels: digital, longest: 50 },
  { name: 'customerName', type: 'text', channels: digital, longest: 160 },
  // Of a longer one no more is written anyway (`longestText`).
  { name: 'transcript', type: 'text', channels: both, longest: 400_000 },
  { name: 'attachments', type: 'list', channels: both, longest: 200_000 },
]

const byName = new Map(interactionData.map((field) => [field.name, field]))

/** Undefined where no interaction tells it, or none over this channel. */
export function dataField(name: string, channel?: Channel): DataField | undefined {
  const found = byName.get(name)
  return channel === undefined || found?.channels.includes(channel) ? found : undefined
}

/** What the two channels call by names of their own, voice first. */
const counterparts: readonly (readonly [string, string])[] = [
  ['ani', 'from'],
  ['dnis', 'to'],
  ['contactType', 'channelType'],
]

/** What the other channel calls it; null where it tells nothing of the kind. */
export function counterpart(name: string, to: Channel): string | null {
  if (dataField(name, to)) return name
  const found = counterparts.find((pair) => pair.includes(name))
  return found ? found[to === 'voice' ? 0 : 1] : null
}

/** What an interaction holds, and what it is about, for templates and conditions. */
export interface InteractionValues {
  /** By the names above. */
  data: Readonly<Record<string, unknown>>
  /** By names in lower case. */
  scriptVariables: Readonly<Record<string, string>>
  /** Linked records, the most important first. */
  links: readonly { entity: string; sourceId: string }[]
}

const scriptPrefix = 'script.'

/** The script variable's name in lower case, where the name is of one. */
export const scriptVariableOf = (name: string): string | null =>
  name.toLowerCase().startsWith(scriptPrefix) ? name.slice(scriptPrefix.length).toLowerCase() : null

/** Undefined where the interaction does not tell it. */
export function toldValue({ data, scriptVariables }: Omit<InteractionValues, 'links'>, name: string): unknown {
  const variable = scriptVariableOf(name)
  const from: Readonly<Record<string, unknown>> = variable === null ? data : scriptVariables
  const key = variable ?? name
  return Object.hasOwn(from, key) ? from[key] : undefined
}
