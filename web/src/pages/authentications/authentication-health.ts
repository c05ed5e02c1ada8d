import type { Authentication } from '../../api/authentications.ts'
import type { Health } from '../../parts/health.tsx'

/** The issuer may refuse it, or an organisation the user that it is there. */
export function authenticationHealth({ problem, connections, consent }: Authentication): Health {
  if (problem || connections.some(({ state }) => state === 'needs_attention')) return 'bad'
  if (consent === 'waiting') return 'warn'
  return connections.length > 0 ? 'ok' : 'none'
}
