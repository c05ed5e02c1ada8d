import { hash } from 'node:crypto'

// Never changed: an event that comes again years later must find its interaction.
const namespace = Buffer.from('5b0d9c1e7a3f4c628e51f2a6940b7d38', 'hex')

/** UUIDv5 of the contact centre's name and its own id of the interaction. */
export function interactionId(source: string, externalId: string): string {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(JSON.stringify([source, externalId]))]), 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
