import { createHmac, hkdfSync } from 'node:crypto'
import type { Keyring } from '#secrets/keyring.ts'

/** Proves that the hub wrote what stands in the audit log. */
export interface AuditKey {
  /** The id of the master key that it comes from. */
  id: string
  bytes: Buffer
}

/** The first proves what is written now; all of them check what was written before. */
export interface AuditKeys {
  current: AuditKey
  all: readonly AuditKey[]
}

const purpose = 'jackfield audit log 1'

export function auditKeys(keyring: Keyring): AuditKeys {
  const all = keyring.ids.map((id) => ({
    id,
    bytes: Buffer.from(hkdfSync('sha256', keyring.find(id)!.bytes, '', purpose, 32)),
  }))
  return { current: all.find(({ id }) => id === keyring.sealing.id)!, all }
}

export const proofOf = ({ bytes }: AuditKey, text: string): Buffer => createHmac('sha256', bytes).update(text).digest()
