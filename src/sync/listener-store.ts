import { describeFault } from '#connections/problem.ts'
import type { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'

export interface ListenerState {
  state: 'listening' | 'interrupted' | 'not_offered'
  replay: string | null
  problem: { code: string; message: string; mend?: string } | null
  heardAt: Date | null
  changedAt: Date
}

export async function findListener(db: Queryable, connectionId: string): Promise<ListenerState | null> {
  const { rows } = await db.query<ListenerState>({
    name: 'listener-find',
    text: `select state, replay, problem, heard_at as "heardAt", changed_at as "changedAt"
      from jackfield.listener where connection_id = $1`,
    values: [connectionId],
  })
  return rows[0] ?? null
}

export async function noteListening(db: Queryable, connectionId: string): Promise<void> {
  await db.query({
    name: 'listener-listening',
    text: `insert into jackfield.listener as l (connection_id, state) values ($1, 'listening')
      on conflict (connection_id) do update set state = 'listening', problem = null, changed_at = now()
      where l.state <> 'listening'`,
    values: [connectionId],
  })
}

/** Where the line goes on: in the transaction of what it brought. */
export async function noteHeard(db: Queryable, connectionId: string, replay: string | null): Promise<void> {
  await db.query({
    name: 'listener-heard',
    text: `insert into jackfield.listener (connection_id, state, replay, heard_at) values ($1, 'listening', $2, now())
      on conflict (connection_id) do update set replay = $2, heard_at = now()`,
    values: [connectionId, replay],
  })
}

export async function noteSilence(db: Queryable, connectionId: string, error: HubError): Promise<void> {
  await db.query({
    name: 'listener-silence',
    text: `insert into jackfield.listener (connection_id, state, problem) values ($1, $2, $3)
      on conflict (connection_id) do update set state = $2, problem = $3, changed_at = now()`,
    values: [
      connectionId,
      error.code === 'push.not_offered' ? 'not_offered' : 'interrupted',
      JSON.stringify(describeFault(error)),
    ],
  })
}
