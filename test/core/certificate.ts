import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A key and its certificate, as PEM. */
export interface Identity {
  key: string
  cert: string
  name: string
}

export interface CertificateOptions {
  name: string
  /** Host names that it is good for. */
  hosts?: string[]
  /** Signs it; itself when absent. */
  issuer?: Identity
  from?: Date
  until?: Date
}

// Just enough DER (ITU-T X.690) to write an X.509 certificate (RFC 5280), so that no key or expiry date is kept here.
function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.of(tag, ...length), content])
}

const sequence = (...parts: Buffer[]) => tlv(0x30, ...parts)
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'))
const commonName = (name: string) => sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(name)))))
const time = (date: Date) => tlv(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\..*/g, '')}Z`))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))

function extensions(options: CertificateOptions): Buffer {
  const list = options.hosts
    ? sequence(oid('551d11'), tlv(0x04, sequence(...options.hosts.map((host) => tlv(0x82, Buffer.from(host))))))
    : sequence(oid('551d13'), tlv(0x01, Buffer.of(0xff)), tlv(0x04, sequence(tlv(0x01, Buffer.of(0xff)))))
  return tlv(0xa3, sequence(list))
}

const pem = (label: string, der: Buffer) =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`

/** With `hosts` a server's certificate, without an authority's. */
export function makeCertificate(options: CertificateOptions): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const day = 86_400_000
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(options.issuer?.name ?? options.name),
    sequence(time(options.from ?? new Date(Date.now() - day)), time(options.until ?? new Date(Date.now() + day))),
    commonName(options.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(options),
  )
  const signer = options.issuer ? createPrivateKey(options.issuer.key) : privateKey
  const signature = tlv(0x03, Buffer.of(0), sign('sha256', body, signer))
  return {
    name: options.name,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem('CERTIFICATE', sequence(body, ecdsaWithSha256, signature)),
  }
}
