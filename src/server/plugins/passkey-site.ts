import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { HubError } from '#core/errors.ts'
import type { Site } from '#people/passkey.ts'

const isLocal = (name: string) => name === 'localhost' || name.endsWith('.localhost')

/**
 * Where the page stands that makes or shows a passkey: the public address, else `localhost`. What the request says of
 * its host counts for nothing else, since anybody may say anything.
 */
export function siteOf(request: FastifyRequest, publicUrl: string | undefined): Site {
  const { origin, hostname } = new URL(publicUrl ?? `http://${request.headers.host ?? 'unnamed'}`)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) === 0 && (publicUrl !== undefined || isLocal(hostname))) {
    return { id: hostname, origin }
  }
  throw new HubError('passkey.refused', 'Browsers make passkeys for names alone, and this address has none', {
    mend: 'Open the hub as http://localhost, or give it a name in JACKFIELD_PUBLIC_URL.',
  })
}
