import { hostPort, isPlainOrigin } from '#core/address.ts'
import { HubError } from '#core/errors.ts'

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The origin on which pages of the CRM are opened. Without encryption only on this machine, or where whoever runs the hub
 * said so (JACKFIELD_ALLOW_HOSTS). Throws input.invalid.
 */
export function readScreenPopDomain(text: string, allowHosts: ReadonlySet<string>): string {
  const given = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = URL.canParse(given) ? new URL(given) : null
  if (!url) throw refused('is no address')
  if (url.username || url.password) throw refused('must hold no name or password')
  if (url.pathname !== '/' || url.search || url.hash || given.includes('?') || given.includes('#')) {
    throw refused('must be an origin, without a path')
  }
  if (!isPlainOrigin(url.origin)) throw refused('is no name that a browser can be told')
  const mayBePlain = loopback.has(url.hostname) || allowHosts.has(hostPort(url))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBePlain)) throw refused('must begin with https://')
  return url.origin
}

const refused = (why: string) =>
  new HubError('input.invalid', `The screen-pop domain ${why}`, {
    field: 'screenPopDomain',
    mend: 'Give the address with which people open the CRM, up to its domain, such as https://contoso.crm4.dynamics.com.',
  })
