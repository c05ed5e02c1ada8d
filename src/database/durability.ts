import { HubError } from '#core/errors.ts'
import type { Queryable } from './pool.ts'

const oldest = 15

/** What a benchmark prints beside its figures, and a start-up checks. */
export interface Durability {
  fsync: string
  full_page_writes: string
  synchronous_commit: string
}

/** Reads the settings as they hold for this very session (a role or a database can have its own) and refuses `off`. */
export async function refuseUnsafeDurability(client: Queryable): Promise<Durability> {
  const { rows } = await client.query<Durability>(
    `select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
       current_setting('synchronous_commit') as synchronous_commit`,
  )
  const found = rows[0]!
  // Every value of synchronous_commit but off waits for the local disk.
  const off = Object.entries(found).filter(([, value]) => value === 'off')
  if (off.length === 0) return found
  const names = off.map(([name]) => name)
  throw new HubError('database.durability_off', `The database may lose what it confirmed: ${names.join(', ')} is off`, {
    mend: `Set ${names.map((name) => `${name} = on`).join(', ')} for the server, the database and the role, then start again`,
  })
}

/** The server's version ("18.4"), refused below 15 and where the database cannot hold every character. */
export async function refuseUnfitServer(client: Queryable): Promise<string> {
  const { rows } = await client.query<{ number: string; version: string; encoding: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version,
       current_setting('server_encoding') as encoding`,
  )
  const found = rows[0]!
  if (Number(found.number) < oldest * 10_000) {
    throw new HubError(
      'database.too_old',
      `The database is Postgres ${found.version}; Jackfield needs ${oldest} or later`,
      {
        mend: 'Upgrade it, or unset DATABASE_URL to use the embedded one',
      },
    )
  }
  if (found.encoding !== 'UTF8') {
    throw new HubError('configuration.invalid', `The database's encoding is ${found.encoding}; Jackfield needs UTF8`, {
      mend: "Create it anew with: create database … encoding 'UTF8' template template0",
    })
  }
  return found.version
}
