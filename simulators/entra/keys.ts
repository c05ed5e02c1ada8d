import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'

type SigningKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject; jwk: { n: string; e: string } }
/** The first key signs; older ones are still published until they are dropped. */
export type KeySet = { keys: SigningKey[] }

function makeKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKey = createPublicKey(privateKey)
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  return { kid: createHash('sha1').update(n).digest('base64url'), privateKey, publicKey, jwk: { n, e } }
}

export const makeKeySet = (): KeySet => ({ keys: [makeKey()] })

/** A new key signs from now on; `drop` forgets the old ones, so that their tokens are refused at once. */
export function rotate(set: KeySet, drop: boolean): void {
  set.keys = [makeKey(), ...(drop ? [] : set.keys)]
}

export function jwks(set: KeySet, issuer: string): string {
  const keys = set.keys.map(({ kid, jwk }) => ({ kty: 'RSA', use: 'sig', alg: 'RS256', kid, x5t: kid, ...jwk, issuer }))
  return JSON.stringify({ keys })
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

type Claims = Record<string, unknown>

export function signJwt(set: KeySet, claims: Claims): string {
  const { kid, privateKey } = set.keys[0]!
  const text = `${part({ typ: 'JWT', alg: 'RS256', x5t: kid, kid })}.${part(claims)}`
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`
}

/** The claims of a token that one of the keys signed, or null; times are not looked at. */
export function readJwt(set: KeySet, token: string): Claims | null {
  const [head, body, signature, more] = token.split('.')
  if (!head || !body || !signature || more !== undefined) return null
  try {
    const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string; kid?: string }
    const key = set.keys.find((k) => k.kid === kid)
    if (alg !== 'RS256' || !key) return null
    const good = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${body}`),
      key.publicKey,
      Buffer.from(signature, 'base64url'),
    )
    return good ? (JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims) : null
  } catch {
    return null
  }
}
