import type { ConnectionStatus } from '../../api/status.ts'
import type { Health } from '../../parts/health.tsx'

export function connectionHealth(connection: Pick<ConnectionStatus, 'state' | 'tables'>): Health {
  if (connection.state === 'needs_attention') return 'bad'
  if (connection.state === 'paused' || connection.state === 'removed') return 'idle'
  if (connection.state === 'connecting') return 'busy'
  if (connection.tables.some((table) => table.enabled && table.problem)) return 'warn'
  return connection.tables.some((table) => table.run?.kind === 'initial' && table.run.state === 'running')
    ? 'busy'
    : 'ok'
}
