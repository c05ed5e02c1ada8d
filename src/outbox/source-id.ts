import { hash } from 'node:crypto'
import type { SourceTable } from '#model/field.ts'

// Never changed: a key that was used before must lead to the same record.
const namespace = Buffer.from('0d1f6a5b3c8e4f5d9a7c2b64e1f08d93', 'hex')

/**
 * The id that the hub chooses for a record that it creates: UUIDv5 of (crm, organisation, write key). It hangs on the
 * organisation, not on the connection or this hub's database, so that the same key stays the same record after the CRM
 * was connected anew or a backup was restored.
 */
export function chosenSourceId(of: { crm: string; organisation: string }, writeKey: string): string {
  const name = JSON.stringify([of.crm, of.organisation, writeKey])
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]), 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const pendingPrefix = 'new:'

/**
 * Stands for the id of a record that the CRM is to choose, until its answer or a look-up by the key tells it. What follows
 * the prefix is the key that the CRM keeps beside the record.
 */
export function pendingSourceId(of: { crm: string; organisation: string }, writeKey: string): string {
  return pendingPrefix + chosenSourceId(of, writeKey)
}

export const isPending = ({ sourceId }: { sourceId: string }): boolean => sourceId.startsWith(pendingPrefix)

/** What the CRM keeps beside a record that is still to get its id. */
export const keyOf = ({ sourceId }: { sourceId: string }): string => sourceId.slice(pendingPrefix.length)

/** Whether the hub chose this write's record id itself, or the key by which the CRM knows it. */
export function isOwnId(
  of: { crm: string; organisation: string },
  row: { sourceId: string; writeKey: string },
): boolean {
  return isPending(row) || row.sourceId === chosenSourceId(of, row.writeKey)
}

/** Where ids are no GUIDs, only the CRM can choose them. */
export function choosesIds({ idField, fields }: SourceTable): boolean {
  return fields.find((field) => field.name === idField)?.type !== 'guid'
}
