import type { ServedHub } from '../server/served-hub.ts'
import type { InventedIssuer } from './invented-issuer.ts'
import { newVisitor, type Visit, type Visitor } from './visitor.ts'

export const clientId = 'jackfield'
export const seconds = () => Math.floor(Date.now() / 1000)

export const provider = (id: string, issuer: InventedIssuer, over: object = {}) => ({
  ...{ id, name: id, issuer: issuer.url, clientId, clientSecret: 'a secret of the tests' },
  ...{ createsAccounts: true, defaultRoles: ['agent'], ...over },
})

export interface Begun {
  visitor: Visitor
  state: string
  nonce: string
  challenge: string
  redirectUri: string
}

/** Up to the page of the provider. */
export async function begin(hub: ServedHub, id = 'own', visitor = newVisitor(), wanted = '/records'): Promise<Begun> {
  const start = `${hub.url}/api/v1/sign-on/${id}/start?return=${encodeURIComponent(wanted)}`
  const { url } = await visitor.visit(start, { until: ({ pathname }) => pathname !== new URL(start).pathname })
  const told = (name: string) => url.searchParams.get(name) ?? ''
  return {
    ...{ visitor, state: told('state'), nonce: told('nonce'), challenge: told('code_challenge') },
    redirectUri: told('redirect_uri'),
  }
}

/** Back at the hub, with what the provider put into the address. */
export function comeBack(
  begun: Begun,
  over: Record<string, string | null> = {},
  visitor = begun.visitor,
): Promise<Visit> {
  const url = new URL(begun.redirectUri)
  for (const [name, value] of Object.entries({ code: 'a-code', state: begun.state, ...over })) {
    if (value !== null) url.searchParams.set(name, value)
  }
  return visitor.visit(url.href, {
    from: 'http://provider.invalid',
    until: ({ pathname }) => !pathname.startsWith('/api/'),
  })
}
