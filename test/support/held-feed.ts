import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** A session's transaction that has written something, and goes on until it is ended. */
export interface LongTransaction {
  pid: number
  application: string
  user: string
  end(): Promise<void>
}

export async function longTransaction(url: string, application = 'nightly report'): Promise<LongTransaction> {
  const client = new pg.Client({ connectionString: url, application_name: application })
  await client.connect()
  await client.query('begin')
  const { rows } = await client.query<{ pid: number; user: string }>(
    `select pg_backend_pid() as pid, current_user as "user", pg_current_xact_id()`,
  )
  const { pid = 0, user = '' } = rows[0] ?? {}
  const end = async () => {
    await client.query('rollback')
    await client.end()
  }
  return { pid, application, user, end }
}

/** Feeds a change, as one that came so many seconds ago. */
export async function feedChange(url: string, secondsAgo = 0): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    `insert into jackfield.change(at, table_id, record_id, operation, cause, changed)
      values (now() - make_interval(secs => $1), 1, $2, 'changed', 'sync', '{}')`,
    [secondsAgo, randomUUID()],
  )
  await client.end()
}
