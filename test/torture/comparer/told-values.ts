import type { MappedColumn } from './activity-columns.ts'

/** What an interaction came to, as the contact centre's dump tells it. */
export interface Told {
  interaction: string
  channelType: string
  direction: 'inbound' | 'outbound'
  caller: { kind: string; number: string }
  events: string[]
  acceptedAt: string | null
  endedAt: string | null
  contactLeft: boolean
  data: Record<string, unknown>
  /** By names in lower case. */
  scriptVariables: Record<string, string>
}

/** What an agent typed at the card. */
export interface Typed {
  notes: string
  disposition: string | null
  tags: string[]
}

/** What is to stand in the column; undefined: nothing. Typed before told. */
export function expectedOf({ from, script }: MappedColumn, told: Told, typed: Typed | undefined): unknown {
  if (script) return told.scriptVariables[from]
  if (from === 'dispositionNotes' && typed && typed.notes !== '') return typed.notes
  if (from === 'dispositionName' && typed?.disposition) return typed.disposition
  if (from === 'tags') return tagsOf(told, typed)
  if (from === 'callDurationInSeconds') return told.data[from] ?? secondsOf(told)
  return told.data[from]
}

function tagsOf({ data }: Told, typed: Typed | undefined): string[] | undefined {
  const tags = [...((data.tags as string[] | undefined) ?? []), ...(typed?.tags ?? [])]
  return tags.length === 0 ? undefined : [...new Set(tags)]
}

/** Where nobody told it: from the answer to the end. */
function secondsOf({ acceptedAt, endedAt }: Told): number | undefined {
  if (acceptedAt === null || endedAt === null) return undefined
  const ms = Date.parse(endedAt) - Date.parse(acceptedAt)
  return ms < 0 ? undefined : Math.round(ms / 1000)
}

/** Null where it holds nothing. */
export const tellsNothing = (actual: unknown): string | null =>
  actual === null ? null : `is ${JSON.stringify(actual)}, and nothing was to be written`

/** Why the column does not hold the value; null where it does. */
export function unlike(column: MappedColumn, value: unknown, actual: unknown): string | null {
  if (value === undefined || value === '') return tellsNothing(actual)
  if (actual === null) return `holds nothing, and not ${JSON.stringify(value)}`
  const isRight = column.type === 'Integer' ? actual === value : isText(column, value, actual)
  return isRight ? null : `is ${JSON.stringify(actual)}, and not ${JSON.stringify(value)}`
}

const parts = (text: string) => text.split(',').map((part) => part.trim())

function isText({ type, length, from }: MappedColumn, value: unknown, actual: unknown): boolean {
  if (typeof actual !== 'string') return false
  if (from === 'tags') return parts(actual).join() === (value as string[]).join()
  const whole =
    type === 'Memo'
      ? String(value).trim()
      : String(value)
          .trim()
          .replaceAll(/\s*\n\s*/g, ' ')
  return whole.length <= length! ? actual === whole : isCut(actual, whole, length!)
}

/** Within the limit, ended on a word of the text, with the mark. */
function isCut(actual: string, whole: string, limit: number): boolean {
  const kept = actual.slice(0, -1)
  const next = whole.slice(kept.length)
  return actual.length <= limit && actual.endsWith('…') && kept !== '' && whole.startsWith(kept) && /^\s/.test(next)
}
