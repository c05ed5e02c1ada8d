import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import type { Keyring, MasterKey } from './keyring.ts'
import { keyIdBytes, masterKeyBytes } from './keyring.ts'

/** Where a secret stands. It is sealed to this place: moved to another row or column it does not open. */
export interface SecretPlace {
  /** The hub's own organisation (customer), not the CRM's. */
  organisation: string
  table: string
  row: string
  column: string
}

// Envelope, version 1 (docs/decisions/0003-secrets.md):
//   version 1 | master key id 8 | wrap nonce 12 | wrapped data key 32 | wrap tag 16 | nonce 12 | ciphertext n | tag 16
const version = 1
const nonceBytes = 12
const tagBytes = 16
const wrapStart = 1 + keyIdBytes
const dataStart = wrapStart + nonceBytes + masterKeyBytes + tagBytes
const shortest = dataStart + nonceBytes + tagBytes

/** Seals under a fresh data key, itself wrapped by the ring's first master key. */
export function seal(keyring: Keyring, place: SecretPlace, secret: string | Buffer): Buffer {
  const dataKey = randomBytes(masterKeyBytes)
  try {
    const head = Buffer.concat([Buffer.of(version), Buffer.from(keyring.sealing.id, 'hex')])
    const wrapped = encrypt(keyring.sealing.bytes, dataKey, associated('data key', head, place))
    const sealed = encrypt(dataKey, Buffer.from(secret), associated('secret', head, place))
    return Buffer.concat([head, wrapped, sealed])
  } finally {
    dataKey.fill(0)
  }
}

/** Opens and registers the text with the redactor: whatever was worth sealing must not be logged either. */
export function open(keyring: Keyring, place: SecretPlace, envelope: Uint8Array): string {
  const text = openBytes(keyring, place, envelope).toString('utf8')
  redactor.register(text)
  return text
}

/** For secrets that are not text. They are not registered with the redactor. */
export function openBytes(keyring: Keyring, place: SecretPlace, envelope: Uint8Array): Buffer {
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength)
  const key = keyFor(keyring, place, bytes)
  const head = bytes.subarray(0, wrapStart)
  try {
    const dataKey = decrypt(key.bytes, bytes.subarray(wrapStart, dataStart), associated('data key', head, place))
    const secret = decrypt(dataKey, bytes.subarray(dataStart), associated('secret', head, place))
    dataKey.fill(0)
    return secret
  } catch {
    // The cipher's own error says no more than this.
    throw unreadable(place, 'it was altered, or stands in a place that it was not sealed for')
  }
}

/** The id of the master key that sealed it; where that is not the ring's first, it should be sealed anew. */
export function sealedBy(envelope: Uint8Array): string {
  return Buffer.from(envelope.subarray(1, wrapStart)).toString('hex')
}

function keyFor(keyring: Keyring, place: SecretPlace, bytes: Buffer): MasterKey {
  if (bytes.length < shortest || bytes[0] !== version) throw unreadable(place, 'it is no envelope of this version')
  const id = sealedBy(bytes)
  const key = keyring.find(id)
  if (key) return key
  throw new HubError('secret.key_wrong', `${nameOf(place)} was sealed with master key ${id}, which is not given`, {
    mend: 'Give the master key that sealed it, in JACKFIELD_MASTER_KEY or JACKFIELD_MASTER_KEY_FILE.',
  })
}

/** The purpose keeps a wrapped key and a secret apart; JSON keeps the parts apart, whatever characters they hold. */
function associated(purpose: string, head: Buffer, place: SecretPlace): Buffer {
  const { organisation, table, row, column } = place
  return Buffer.concat([head, Buffer.from(JSON.stringify([purpose, organisation, table, row, column]), 'utf8')])
}

/** One plain text under one key of 32 bytes: nonce 12 | ciphertext | tag 16. It opens with the same `aad` alone. */
export function encrypt(key: Buffer, plain: Buffer, aad: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

export function decrypt(key: Buffer, sealed: Buffer, aad: Buffer): Buffer {
  const nonce = sealed.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(aad)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes)), decipher.final()])
}

function nameOf(place: SecretPlace): string {
  return `the secret ${place.table}.${place.column} of ${place.row}`
}

function unreadable(place: SecretPlace, reason: string): HubError {
  return new HubError('secret.unreadable', `${nameOf(place)} cannot be opened: ${reason}`, {
    mend: 'Enter the secret again, or restore the row from a backup.',
  })
}
