import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** What a made-up authenticator does otherwise than it should. */
export interface Twist {
  /** The page that it says it stands on. */
  origin?: string
  /** Of its place for keys; a site may only ask for its own. */
  site?: string
  unverified?: boolean
  counter?: number
  userHandle?: string
}

/** An authenticator in software: real keys, real ceremonies (WebAuthn Level 3), no browser between. */
export function createAuthenticator() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0
  let user = ''

  function authenticatorData(site: string, { unverified, counter: given }: Twist, attested?: Buffer): Buffer {
    counter = given ?? counter + 1
    // UP 1, UV 4, BE 8 and BS 16 clear, AT 64.
    const flags = 1 | (unverified ? 0 : 4) | (attested ? 64 : 0)
    const head = Buffer.alloc(5)
    head.writeUInt8(flags, 0)
    head.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(site), head, attested ?? Buffer.alloc(0)])
  }

  const clientData = (type: string, challenge: string, origin: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const named = { id: text(id), rawId: text(id), type: 'public-key', clientExtensionResults: {} }

  return {
    /** As `navigator.credentials.create`. */
    // biome-ignore lint/suspicious/noExplicitAny: options as the hub sent them
    create(options: any, origin: string, twist: Twist = {}) {
      user = options.user.id
      const { x, y } = publicKey.export({ format: 'jwk' })
      const cose = map([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x!, 'base64url')],
        [-3, Buffer.from(y!, 'base64url')],
      ])
      const length = Buffer.alloc(2)
      length.writeUInt16BE(id.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, id, cose.cbor])
      const data = authenticatorData(twist.site ?? options.rp.id, twist, attested)
      const attestation = map([
        ['fmt', 'none'],
        ['attStmt', map([])],
        ['authData', data],
      ])
      return {
        ...named,
        response: {
          clientDataJSON: text(clientData('webauthn.create', options.challenge, twist.origin ?? origin)),
          attestationObject: text(attestation.cbor),
          transports: ['internal'],
        },
      }
    },
    /** As `navigator.credentials.get`. */
    // biome-ignore lint/suspicious/noExplicitAny: options as the hub sent them
    get(options: any, origin: string, twist: Twist = {}) {
      const client = clientData('webauthn.get', options.challenge, twist.origin ?? origin)
      const data = authenticatorData(twist.site ?? options.rpId, twist)
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey)
      return {
        ...named,
        response: {
          clientDataJSON: text(client),
          authenticatorData: text(data),
          signature: text(signature),
          userHandle: twist.userHandle ?? user,
        },
      }
    },
  }
}

export type Authenticator = ReturnType<typeof createAuthenticator>

const text = (bytes: Buffer) => bytes.toString('base64url')
const sha256 = (of: string | Buffer) => createHash('sha256').update(of).digest()

interface Encoded {
  /** Written already. */
  cbor: Buffer
}
type Value = number | string | Buffer | Encoded

/** RFC 8949, as much as attestations need: definite lengths below 65,536. */
function encode(value: Value): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return value.cbor
}

function head(major: number, size: number): Buffer {
  if (size < 24) return Buffer.of((major << 5) | size)
  if (size < 256) return Buffer.of((major << 5) | 24, size)
  return Buffer.of((major << 5) | 25, size >> 8, size & 255)
}

function map(entries: readonly (readonly [number | string, Value])[]): Encoded {
  const parts = entries.flatMap(([key, value]) => [encode(key), encode(value)])
  return { cbor: Buffer.concat([head(5, entries.length), ...parts]) }
}
