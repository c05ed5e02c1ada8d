import { createHash } from 'node:crypto'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'

/** A master key: 32 bytes, and the name by which an envelope says who sealed it. */
export interface MasterKey {
  /** First 8 bytes of the key's own digest, in hex; tells nothing about the key. */
  id: string
  bytes: Buffer
}

/** The first key seals; all of them open, so that a key can be replaced without stopping. */
export interface Keyring {
  sealing: MasterKey
  find(id: string): MasterKey | undefined
  ids: readonly string[]
}

export const masterKeyBytes = 32
export const keyIdBytes = 8

export function toMasterKey(bytes: Buffer): MasterKey {
  if (bytes.length !== masterKeyBytes) throw new RangeError(`a master key has ${masterKeyBytes} bytes`)
  const digest = createHash('sha256').update('jackfield master key id\0').update(bytes).digest()
  for (const encoding of ['hex', 'base64', 'base64url'] as const) redactor.register(bytes.toString(encoding))
  return { id: digest.subarray(0, keyIdBytes).toString('hex'), bytes }
}

export function createKeyring(keys: readonly MasterKey[]): Keyring {
  const [sealing] = keys
  if (!sealing) throw new HubError('secret.key_missing', 'there is no master key to seal with')
  const byId = new Map(keys.map((key) => [key.id, key]))
  return { sealing, find: (id) => byId.get(id), ids: [...byId.keys()] }
}

/** Reads a key as people write it: 64 hex digits, or base64 (either alphabet) of 32 bytes. */
export function parseMasterKey(text: string): MasterKey | undefined {
  const bare = text.trim()
  if (/^[0-9a-f]{64}$/i.test(bare)) return toMasterKey(Buffer.from(bare, 'hex'))
  if (!/^[\w+/-]{43}=?$/.test(bare)) return undefined
  const bytes = Buffer.from(bare, 'base64')
  return bytes.length === masterKeyBytes ? toMasterKey(bytes) : undefined
}
