/** As the hub takes them: so many, and so long. */
const MOST = 50
const LONGEST = 300
const loopback = /^(127(\.\d{1,3}){3}|\[::1\]|localhost|[a-z0-9-]+\.localhost)$/
const plainOrigin = /^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/

export type SiteFault = 'missing' | 'address' | 'star' | 'path' | 'plain' | 'own' | 'listed' | 'many'

/** The origin that somebody typed, or why it is none that may be listed. A name alone is meant with https. */
export function readSite(typed: string, listed: readonly string[]): { origin: string } | { fault: SiteFault } {
  const text = typed.trim()
  if (text === '') return { fault: 'missing' }
  if (text.includes('*')) return { fault: 'star' }
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(full) && full.length <= LONGEST ? new URL(full) : null
  if (url?.username !== '' || !plainOrigin.test(url.origin)) return { fault: 'address' }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return { fault: 'path' }
  if (url.protocol !== 'https:' && !loopback.test(url.hostname)) return { fault: 'plain' }
  if (url.origin === location.origin) return { fault: 'own' }
  if (listed.includes(url.origin)) return { fault: 'listed' }
  return listed.length >= MOST ? { fault: 'many' } : { origin: url.origin }
}
