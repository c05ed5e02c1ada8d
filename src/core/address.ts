import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { HubError } from './errors.ts'

export type Resolve = (hostname: string) => Promise<LookupAddress[]>

// Azure's wire server stands on a public address ("What is IP address 168.63.129.16?", Microsoft Learn).
const cloudServices = new Set(['168.63.129.16'])

/**
 * True for an address that any machine on the internet means by it. Everything else is refused: private, loopback,
 * link-local (with the clouds' metadata), carrier-grade NAT, multicast, unspecified, documentation, and every IPv6
 * form that carries an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  if (isIP(bare) === 0) return false
  const parsed = ipaddr.parse(bare)
  if (parsed.range() !== 'unicast' || cloudServices.has(parsed.toString())) return false
  // Only 2000::/3 is given out as global unicast (IANA, "IPv6 Address Space"); ::127.0.0.1 counts as unicast above.
  return parsed.kind() === 'ipv4' || ((parsed as ipaddr.IPv6).parts[0] ?? 0) >> 13 === 1
}

/**
 * Whether an origin can stand in a header beside others: names with spaces or semicolons, which the URL standard lets
 * through, would be read as more than one.
 */
export const isPlainOrigin = (origin: string): boolean =>
  /^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/.test(origin)

/** `host:port` in lower case, with the scheme's own port where the URL names none. */
export function hostPort(url: URL): string {
  const host = url.hostname.toLowerCase().replace(/\.$/, '')
  return `${host}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`
}

/** Brings what an operator or a connection calls a host into the form of `hostPort`; a missing port is the scheme's. */
export function toHostPort(text: string, protocol = 'https:'): string {
  const url = URL.canParse(`${protocol}//${text}/`) ? new URL(`${protocol}//${text}/`) : undefined
  if (!url || url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    throw new HubError('configuration.invalid', `“${text}” is not of the form host:port`)
  }
  return hostPort(url)
}

function blocked(host: string): HubError {
  return new HubError('crm.blocked_address', `${host} leads to an address inside a private or reserved network`, {
    mend: 'Check the address; if it is meant, add its host:port to JACKFIELD_ALLOW_HOSTS.',
    sent: false,
  })
}

/** Refuses a host written as a bare address; names are judged by what they resolve to. */
export function refusePrivateLiteral(hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0 && !isPublicAddress(bare)) throw blocked(bare)
}

/** Refuses a name of which no address is public. Where it does not resolve here, a proxy may know it. */
export async function refusePrivateName(hostname: string, resolve: Resolve): Promise<void> {
  refusePrivateLiteral(hostname)
  const found = await resolve(hostname).catch(() => [])
  if (found.length > 0 && !found.some((entry) => isPublicAddress(entry.address))) throw blocked(hostname)
}

export const systemResolve: Resolve = (hostname) => systemLookup(hostname, { all: true })

/**
 * For the socket's own `lookup` hook: the addresses judged are the addresses connected to, so a name that answers
 * differently the second time (DNS rebinding) gains nothing. Private answers among public ones are left out.
 */
export function socketLookup(resolve: Resolve, publicOnly: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname).then(
      (found) => {
        const usable = publicOnly ? found.filter((entry) => isPublicAddress(entry.address)) : found
        const first = usable[0]
        if (!first) return done(found.length > 0 ? blocked(hostname) : notFound(hostname), [])
        if (options.all) done(null, usable)
        else done(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    )
  }
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for ${hostname}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
}
