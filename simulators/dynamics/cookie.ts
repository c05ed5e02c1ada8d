import { odata } from './errors.ts'

/**
 * The paging cookie: the last row's place in the order, wrapped twice as the service wraps it. Clients must take it as
 * opaque.
 */
export function encodeCookie(cursor: Map<string, string>, previous: string | null, tracking: boolean): string {
  const page = previous === null ? 2 : Number(/pagenumber="(\d+)"/.exec(previous)?.[1] ?? 1) + 1
  const places = [...cursor].map(([name, value]) => `<${name} last="${escapeXml(value)}" />`).join('')
  const inner = `<cookie page="${page - 1}">${places}</cookie>`
  const wrapped = encodeURIComponent(encodeURIComponent(inner))
  return `<cookie pagenumber="${page}" pagingcookie="${wrapped}" istracking="${tracking ? 'True' : 'False'}" />`
}

export function cursorOf(skiptoken: string | null): Map<string, string> | null {
  if (skiptoken === null) return null
  const wrapped = /^<cookie pagenumber="\d+" pagingcookie="([^"]*)"/.exec(skiptoken)?.[1]
  if (wrapped === undefined) throw odata('Invalid paging cookie: the $skiptoken is malformed.')
  const out = new Map<string, string>()
  try {
    const inner = decodeURIComponent(decodeURIComponent(wrapped))
    for (const [, name, value] of inner.matchAll(/<([\w@]+) last="([^"]*)" \/>/g)) out.set(name!, unescapeXml(value!))
  } catch {
    throw odata('Invalid paging cookie: the $skiptoken is malformed.')
  }
  return out
}

export const isTracking = (skiptoken: string | null) => skiptoken !== null && /istracking="True"/.test(skiptoken)

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escapeXml = (text: string) => text.replace(/[&<>"]/g, (c) => ESCAPES[c]!)
const unescapeXml = (text: string) =>
  text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name]!)
