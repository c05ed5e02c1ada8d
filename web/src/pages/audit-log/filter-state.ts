import type { ActFilter, ActName, ActOutcome } from '../../api/audit-log.ts'

const hourMs = 3_600_000
export const spanMs = { '1h': hourMs, '24h': 24 * hourMs, '7d': 168 * hourMs, '30d': 720 * hourMs }
export type Span = keyof typeof spanMs
export const outcomes: ActOutcome[] = ['done', 'refused', 'failed', 'begun']

/** What the list is narrowed to, as the address has it. A span moves on with the clock, two times stand. */
export interface ShownFilter {
  actor: string | null
  act: string | null
  subject: string | null
  outcome: ActOutcome | null
  span: Span | null
  from: string | null
  to: string | null
}

export const noFilter: ShownFilter = {
  ...{ actor: null, act: null, subject: null, outcome: null, span: null, from: null, to: null },
}

/** What nobody could have chosen is left out. */
export function readFilter(search: URLSearchParams): ShownFilter {
  const span = search.get('span')
  return {
    actor: search.get('actor') || null,
    act: search.get('act') || null,
    subject: search.get('subject') || null,
    outcome: outcomes.find((outcome) => outcome === search.get('outcome')) ?? null,
    span: span !== null && span in spanMs ? (span as Span) : null,
    from: timeOf(search.get('from')),
    to: timeOf(search.get('to')),
  }
}

export function toSearch(filter: ShownFilter): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)) as Record<string, string>
}

/** As the hub is asked; `now` is when the page was opened, so that its pages fit together. */
export function toAsk({ span, from, ...rest }: ShownFilter, now: number): ActFilter {
  const since = span ? new Date(now - spanMs[span]).toISOString() : from
  const asked = { ...rest, from: since }
  const given = Object.entries(asked).filter(([, value]) => value !== null)
  return Object.fromEntries(given) as ActFilter & { act?: ActName }
}

export const isFiltered = (filter: ShownFilter): boolean => Object.values(filter).some((value) => value !== null)

function timeOf(text: string | null): string | null {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

/** A time as a browser's own field for date and time has it: local, without a zone. */
export function toField(iso: string | null): string {
  if (iso === null) return ''
  const at = new Date(iso)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

export const fromField = (text: string): string | null => timeOf(text)
