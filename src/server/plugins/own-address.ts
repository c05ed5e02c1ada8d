import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { HubError } from '#core/errors.ts'

/**
 * Where browsers reach this hub: its public address, else this machine by a name or address of its own. What a request
 * says of its host counts for nothing else, since anybody may say anything.
 */
export function ownAddress(request: FastifyRequest, publicUrl: string | undefined): string | null {
  if (publicUrl !== undefined) return publicUrl
  // A command beside the hub comes by no address.
  if (request.principal?.kind === 'operator') return null
  const address = `http://${request.headers.host ?? ''}`
  if (!URL.canParse(address)) return null
  const { origin, hostname } = new URL(address)
  return isLoopback(hostname.replace(/^\[|\]$/g, '')) ? origin : null
}

function isLoopback(name: string): boolean {
  if (isIP(name) === 4) return name.startsWith('127.')
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost')
}

export function needOwnAddress(request: FastifyRequest, publicUrl: string | undefined): string {
  const found = ownAddress(request, publicUrl)
  if (found !== null) return found
  throw new HubError('configuration.invalid', 'The hub does not know the address by which browsers reach it', {
    mend: 'Give it in JACKFIELD_PUBLIC_URL: a provider sends people back to an address that it knows.',
  })
}
