import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { Authentication, Connection, ConnectionSettings, ConnectionState, Webhook } from './connection.ts'
import { statesBefore } from './connection.ts'

const CONNECTION = `id, name, crm, organisation, url, authentication_id as "authenticationId",
  people_authentication_id as "peopleAuthenticationId", state, problem, settings, webhook, created_at as "createdAt", changed_at as "changedAt"`
const AUTHENTICATION = `id, name, kind, settings, problem, secret is not null as "hasSecret",
  refresh is not null as "isConsented", token_expires_at as "tokenExpiresAt", made_for as "madeFor",
  created_at as "createdAt", changed_at as "changedAt"`

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export async function listConnections(db: Queryable): Promise<Connection[]> {
  const { rows } = await db.query<Connection>({
    name: 'connections-list',
    text: `select ${CONNECTION} from jackfield.connection where state <> 'removed' order by name, id`,
  })
  return rows
}

/** Removed connections too: their records point at them. Throws connection.not_found. */
export async function findConnection(db: Queryable, id: string): Promise<Connection> {
  const found = uuid.test(id) ? await db.query<Connection>({ ...FIND, values: [id] }) : undefined
  const connection = found?.rows[0]
  if (!connection) throw new HubError('connection.not_found', `There is no connection ${id.slice(0, 60)}`)
  return connection
}

/** Locked until the transaction ends, so that two changes at once do not undo each other. */
export async function lockConnection(tx: Transaction, id: string): Promise<Connection> {
  if (uuid.test(id)) await tx.query('select from jackfield.connection where id = $1 for update', [id])
  return findConnection(tx, id)
}

const FIND = { name: 'connection-find', text: `select ${CONNECTION} from jackfield.connection where id = $1` }

export async function findByOrganisation(db: Queryable, crm: string, organisation: string): Promise<Connection | null> {
  const { rows } = await db.query<Connection>({
    name: 'connection-by-organisation',
    text: `select ${CONNECTION} from jackfield.connection where crm = $1 and organisation = $2`,
    values: [crm, organisation],
  })
  return rows[0] ?? null
}

export type NewConnection = Pick<
  Connection,
  'id' | 'name' | 'crm' | 'organisation' | 'url' | 'authenticationId' | 'settings'
>

/** A removed connection of the same organisation comes back under its own id; null when one is there already. */
export async function insertConnection(db: Queryable, given: NewConnection): Promise<Connection | null> {
  const { rows } = await db.query<Connection>({
    name: 'connection-insert',
    text: `insert into jackfield.connection as c (id, name, crm, organisation, url, authentication_id, state, settings)
      values ($1, $2, $3, $4, $5, $6, 'connecting', $7)
      on conflict (crm, organisation) do update set name = excluded.name, url = excluded.url,
        authentication_id = excluded.authentication_id, state = 'connecting', problem = null,
        settings = excluded.settings, changed_at = now()
      where c.state = 'removed'
      returning ${CONNECTION}`,
    values: [
      given.id,
      given.name,
      given.crm,
      given.organisation,
      given.url,
      given.authenticationId,
      JSON.stringify(given.settings),
    ],
  })
  return rows[0] ?? null
}

/** Null when the connection is in none of the states from which it may go there. */
export async function moveConnection(db: Queryable, id: string, to: ConnectionState): Promise<Connection | null> {
  const { rows } = await db.query<Connection>({
    name: 'connection-move',
    text: `update jackfield.connection set state = $2, changed_at = now(),
        problem = case when $2 in ('active', 'removed') then null else problem end
      where id = $1 and state = any($3) returning ${CONNECTION}`,
    values: [id, to, statesBefore(to)],
  })
  return rows[0] ?? null
}

/** From a pause back to what it was before it. */
export async function resumeConnection(db: Queryable, id: string): Promise<Connection | null> {
  const { rows } = await db.query<Connection>({
    name: 'connection-resume',
    text: `update jackfield.connection set changed_at = now(),
        state = case when problem is null then 'active' else 'needs_attention' end
      where id = $1 and state = 'paused' returning ${CONNECTION}`,
    values: [id],
  })
  return rows[0] ?? null
}

export async function changeConnection(
  db: Queryable,
  id: string,
  change: { name: string; settings: ConnectionSettings },
): Promise<Connection | null> {
  const { rows } = await db.query<Connection>({
    name: 'connection-change',
    text: `update jackfield.connection set name = $2, settings = jsonb_strip_nulls(settings || $3), changed_at = now()
      where id = $1 and state <> 'removed' returning ${CONNECTION}`,
    values: [id, change.name, JSON.stringify(change.settings)],
  })
  return rows[0] ?? null
}

/**
 * By which people sign in to the CRM; null: the connection's own. What the CRM gave for the app before is worth nothing to
 * this one, and goes to no sign-in service of its: people link their accounts anew.
 */
export async function storePeoplesApp(tx: Transaction, before: Connection, id: string | null): Promise<void> {
  const { id: connectionId, authenticationId, peopleAuthenticationId } = before
  await tx.query({
    name: 'connection-peoples-app',
    text: `update jackfield.connection set people_authentication_id = $2 where id = $1 and state <> 'removed'`,
    values: [connectionId, id],
  })
  if ((id ?? authenticationId) !== (peopleAuthenticationId ?? authenticationId)) await unlinkAll(tx, connectionId)
}

export async function unlinkAll(tx: Transaction, connectionId: string): Promise<void> {
  await tx.query({
    name: 'linked-accounts-wipe',
    text: 'delete from jackfield.authentication where connection_id = $1',
    values: [connectionId],
  })
}

export async function storeWebhook(db: Queryable, id: string, webhook: Webhook | null): Promise<void> {
  await db.query({
    name: 'connection-webhook',
    text: `update jackfield.connection set webhook = $2 where id = $1 and state <> 'removed'`,
    values: [id, webhook === null ? null : JSON.stringify(webhook)],
  })
}

export async function listAuthentications(db: Queryable): Promise<Authentication[]> {
  const { rows } = await db.query<Authentication>({
    name: 'authentications-list',
    text: `select ${AUTHENTICATION} from jackfield.authentication where secret is not null and person_id is null order by name, id`,
  })
  return rows
}

/** With the sealed secret. */
export interface SealedAuthentication extends Authentication {
  secret: Buffer | null
}

export async function findAuthentication(db: Queryable, id: string): Promise<SealedAuthentication> {
  const found = uuid.test(id)
    ? await db.query<SealedAuthentication>({
        name: 'authentication-find',
        text: `select ${AUTHENTICATION}, secret from jackfield.authentication
          where id = $1 and person_id is null`,
        values: [id],
      })
    : undefined
  const authentication = found?.rows[0]
  if (!authentication) throw new HubError('resource.not_found', `There is no authentication ${id.slice(0, 60)}`)
  return authentication
}

export async function insertAuthentication(
  db: Queryable,
  given: Pick<Authentication, 'id' | 'name' | 'kind' | 'settings' | 'madeFor'> & { secret: Buffer },
): Promise<void> {
  await db.query({
    name: 'authentication-insert',
    text: `insert into jackfield.authentication (id, name, kind, settings, secret, made_for)
      values ($1, $2, $3, $4, $5, $6)`,
    values: [
      given.id,
      given.name,
      given.kind,
      JSON.stringify(given.settings),
      given.secret,
      given.madeFor === null ? null : JSON.stringify(given.madeFor),
    ],
  })
}
