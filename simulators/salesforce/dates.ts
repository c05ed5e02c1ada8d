/** `2026-01-02T17:38:59.000+0000`: always UTC and of one length, so that texts sort as times do. */
export const dateTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 23)}+0000`

export const millis = (text: string) => Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))

/** Any notation of a time in canonical form; null for what is none. */
export function canonicalDateTime(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return null
  const ms = millis(text)
  return Number.isNaN(ms) ? null : dateTime(ms)
}

export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}
