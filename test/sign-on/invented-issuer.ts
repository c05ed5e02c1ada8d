import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { TestScope } from '../support/database.ts'

/** An issuer that says whatever the test has it say. */
export interface InventedIssuer {
  url: string
  host: string
  /** Laid over its document. */
  document: Record<string, unknown>
  /** Its key from now on; the one before is no longer published. */
  rotate(kid?: string): Promise<void>
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>
  /** A token signed by the text of its own public key, as if that were a secret. */
  signByPublicKey(claims: JWTPayload): Promise<string>
  /** What the token endpoint answers. */
  answer: (form: URLSearchParams) => Promise<{ status?: number; body: unknown }>
  /** Answers each address itself, where set. */
  instead: ((request: IncomingMessage, reply: ServerResponse) => void) | null
  /** Addresses that were asked for. */
  asked: string[]
  close(): Promise<void>
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** As a forger writes it who has no key. */
export const unsigned = (claims: JWTPayload) => `${part({ alg: 'none' })}.${part(claims)}.`

export async function startIssuer(t: TestScope): Promise<InventedIssuer> {
  const server = createServer()
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let key = { kid: 'first', ...(await generateKeyPair('RS256', { extractable: true })) }
  const close = async () => {
    server.closeAllConnections()
    server.close()
  }
  t.after(close)

  const issuer: InventedIssuer = {
    ...{ url, host: new URL(url).host, document: {}, instead: null, asked: [], close },
    async rotate(kid = 'next') {
      key = { kid, ...(await generateKeyPair('RS256', { extractable: true })) }
    },
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(key.privateKey),
    async signByPublicKey(claims) {
      const text = `${part({ alg: 'HS256', kid: key.kid })}.${part(claims)}`
      return `${text}.${createHmac('sha256', await exportSPKI(key.publicKey))
        .update(text)
        .digest('base64url')}`
    },
    answer: async () => ({ status: 400, body: { error: 'invalid_grant' } }),
  }
  server.on('request', (request, reply) => {
    issuer.asked.push(request.url ?? '')
    if (issuer.instead) return issuer.instead(request, reply)
    answer(issuer, request, async () => ({ ...(await exportJWK(key.publicKey)), kid: key.kid, use: 'sig' }))
      .then(({ status = 200, body }) => {
        reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
      .catch((error: unknown) => reply.writeHead(500).end(String(error)))
  })
  return issuer
}

async function answer(
  issuer: InventedIssuer,
  request: IncomingMessage,
  publicKey: () => Promise<unknown>,
): Promise<{ status?: number; body: unknown }> {
  const { url } = issuer
  if (request.url === '/.well-known/openid-configuration') {
    const own = {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
      userinfo_endpoint: `${url}/userinfo`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
    }
    return { body: { ...own, ...issuer.document } }
  }
  if (request.url === '/keys') return { body: { keys: [await publicKey()] } }
  if (request.url === '/token') {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    return issuer.answer(new URLSearchParams(text))
  }
  return { status: 404, body: {} }
}
