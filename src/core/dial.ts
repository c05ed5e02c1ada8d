import { getCACertificates } from 'node:tls'
import type { Dispatcher } from 'undici'
import { Agent, buildConnector, ProxyAgent } from 'undici'
import type { Resolve } from './address.ts'
import { hostPort, refusePrivateLiteral, refusePrivateName, socketLookup } from './address.ts'

export interface ProxySetting {
  /** `http://[user:password@]host:port` or https, as in HTTPS_PROXY. */
  url: string
  /** Hosts called directly, as in NO_PROXY: `*`, `host`, `host:port`, `.domain`, comma or space separated. */
  except?: string
}

export interface DialOptions {
  allowHosts: ReadonlySet<string>
  resolve: Resolve
  /** PEM certificates trusted beside the system's and those of NODE_EXTRA_CA_CERTS. */
  extraCa?: readonly string[] | undefined
  proxy?: ProxySetting | undefined
}

export interface Dialler {
  /** The pool for this URL, after refusing an address that must not be called. */
  dispatcherFor(url: URL): Promise<Dispatcher>
  close(): Promise<void>
}

// Enough for the widest use (x-ms-dop-hint of Dataverse is at most 52 concurrent requests per user; we share it).
const connectionsPerOrigin = 16
const connectTimeoutMs = 10_000

// Shorter than the idle limits of the load balancers in front of CRMs, so that a write seldom meets a closing socket.
const keepAliveMs = 10_000
// Node's 250 ms gives a far address up before it can answer.
const addressAttemptMs = 3_000

export function createDialler(options: DialOptions): Dialler {
  const tls = options.extraCa?.length ? { ca: [...getCACertificates('default'), ...options.extraCa] } : {}
  const socket = { ...tls, allowH2: false, timeout: connectTimeoutMs, autoSelectFamilyAttemptTimeout: addressAttemptMs }
  const guarded = buildConnector({
    ...socket,
    lookup: socketLookup(options.resolve, true),
  } as buildConnector.BuildOptions)
  const open = buildConnector({
    ...socket,
    lookup: socketLookup(options.resolve, false),
  } as buildConnector.BuildOptions)
  const pool = {
    connections: connectionsPerOrigin,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: 6 * keepAliveMs,
    // The caller's own timer covers the whole attempt.
    headersTimeout: 0,
    bodyTimeout: 0,
  }

  const connect: buildConnector.connector = (target, done) => {
    // undici gives an IPv6 address without its brackets.
    const host = target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname
    const pair = hostPort(new URL(`${target.protocol}//${host}:${target.port}`))
    if (options.allowHosts.has(pair)) return open(target, done)
    try {
      refusePrivateLiteral(target.hostname)
    } catch (error) {
      return done(error as Error, null)
    }
    guarded(target, done)
  }

  const direct = new Agent({ ...pool, allowH2: false, connect })
  const proxied = options.proxy
    ? new ProxyAgent({ ...pool, allowH2: false, uri: options.proxy.url, requestTls: tls, proxyTls: tls })
    : undefined

  return {
    async dispatcherFor(url) {
      // Allowed hosts are the operator's own network: called directly, whatever the proxy settings say.
      if (!proxied || options.allowHosts.has(hostPort(url)) || isExcepted(url, options.proxy?.except)) return direct
      await refusePrivateName(url.hostname, options.resolve)
      return proxied
    },
    async close() {
      await Promise.all([direct.destroy(), proxied?.destroy()])
    },
  }
}

/** True when NO_PROXY names this host: exactly, with its port, as a domain above it, or by `*`. */
export function isExcepted(url: URL, except: string | undefined): boolean {
  const [host = ''] = hostPort(url).split(/:\d+$/)
  for (const entry of (except ?? '').toLowerCase().split(/[\s,]+/)) {
    if (entry === '*') return true
    const [name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry)?.slice(1) ?? []
    if (name === '' || (port !== undefined && hostPort(url) !== `${host}:${port}`)) continue
    const domain = name.replace(/^\*?\./, '')
    if (host === domain || host.endsWith(`.${domain}`)) return true
  }
  return false
}
