import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair } from 'jose'
import Provider from 'oidc-provider'
import type { TestScope } from '../support/database.ts'

export const client = { id: 'jackfield', secret: 'a secret that the provider gave out 1234567890' }

/** A real provider on the loopback, in which whoever comes is the person that the test says. */
export interface RealProvider {
  issuer: string
  host: string
  /** Claims of whoever signs in next; `sub` is who it is. */
  person: Record<string, unknown> & { sub: string }
  /** Where browsers were sent when they had signed out. */
  signedOut: string[]
}

/** Consent and password pages are passed as if somebody had filled them in. */
async function interact(provider: Provider, known: RealProvider, request: IncomingMessage, reply: ServerResponse) {
  const { prompt, params, session } = await provider.interactionDetails(request, reply)
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, reply, { login: { accountId: known.person.sub } })
  }
  const grant = new provider.Grant({ accountId: session!.accountId, clientId: params.client_id })
  grant.addOIDCScope(params.scope ?? 'openid')
  return provider.interactionFinished(request, reply, { consent: { grantId: await grant.save() } })
}

export async function startProvider(t: TestScope, hubUrls: () => string[]): Promise<RealProvider> {
  const server = createServer()
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  t.after(async () => {
    server.closeAllConnections()
    server.close()
  })
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const known: RealProvider = { issuer, host: new URL(issuer).host, person: { sub: 'ann' }, signedOut: [] }
  let provider: Provider | undefined
  // The hub's address is known only once it listens.
  const made = async () => {
    provider ??= await makeProvider(known, hubUrls())
    return provider
  }
  server.on('request', (request, reply) => {
    made()
      .then((ready) => {
        if (request.url?.startsWith('/interaction/')) return interact(ready, known, request, reply)
        return ready.callback()(request, reply)
      })
      .catch((error: unknown) => reply.writeHead(500).end(String(error)))
  })
  return known
}

async function makeProvider(known: RealProvider, hubUrls: string[]): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const back = (path: string) => hubUrls.map((url) => url + path)
  return new Provider(known.issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: back('/api/v1/sign-on/own/callback'),
        post_logout_redirect_uris: back('/sign-in'),
        backchannel_logout_uri: back('/api/v1/sign-on/own/backchannel-logout')[0],
        backchannel_logout_session_required: true,
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', use: 'sig', alg: 'RS256' }] },
    pkce: { required: () => true },
    // Its own refuses addresses of this machine, where the hub of the test is, and waits for 2.5 s at most.
    fetch: (
      url: string,
      { dispatcher: _guarded, signal: _hasty, ...options }: RequestInit & { dispatcher?: unknown },
    ) => fetch(url, options),
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'email', 'groups'],
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ ...known.person, sub: id }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context: { body: string }, form: string) => {
          context.body = form
        },
      },
    },
    cookies: { keys: ['a key of the tests'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Session: 600, Interaction: 600, Grant: 600 },
  })
}
