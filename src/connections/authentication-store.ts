import { HubError } from '#core/errors.ts'
import type { Queryable, Transaction } from '#database/pool.ts'
import type { Connection } from './connection.ts'
import { findAuthentication, type SealedAuthentication, unlinkAll } from './store.ts'

/**
 * One that people may name: it has a secret of its own. What a removed connection left has none, and is kept because
 * that connection's row refers to it. Throws resource.not_found.
 */
export async function findOwnAuthentication(db: Queryable, id: string): Promise<SealedAuthentication> {
  const authentication = await findAuthentication(db, id)
  if (authentication.secret === null) {
    throw new HubError('resource.not_found', `There is no authentication ${id.slice(0, 60)}`)
  }
  return authentication
}

/** Whoever is about to use it: until the transaction ends it is neither deleted nor forgotten. */
export async function holdAuthentication(tx: Transaction, id: string): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'authentication-hold',
    text: 'select from jackfield.authentication where id = $1 and secret is not null for share',
    values: [id],
  })
  if (rowCount === 0) throw new HubError('resource.not_found', `There is no authentication ${id}`)
}

/** Nobody begins to use it until the transaction ends; what looks for its users comes after this. */
export async function lockAuthentication(tx: Transaction, id: string): Promise<void> {
  await tx.query({
    name: 'authentication-lock',
    text: 'select from jackfield.authentication where id = $1 for update',
    values: [id],
  })
}

export async function renameAuthentication(db: Queryable, id: string, name: string): Promise<void> {
  await db.query({
    name: 'authentication-rename',
    text: 'update jackfield.authentication set name = $2, changed_at = now() where id = $1',
    values: [id, name],
  })
}

/** The row goes where nothing refers to it; a removed connection keeps it, without anything secret. */
export async function deleteAuthentication(tx: Transaction, id: string): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'authentication-delete',
    text: `delete from jackfield.authentication where id = $1
      and not exists (select from jackfield.connection where authentication_id = $1)`,
    values: [id],
  })
  if (rowCount === 0) await wipe(tx, id)
}

/** Forgets the credentials of a connection that is removed. */
export async function wipeSecrets(tx: Transaction, connection: Connection): Promise<void> {
  const { id, authenticationId, peopleAuthenticationId } = connection
  await tx.query({
    name: 'connection-wipe',
    text: `update jackfield.connection set webhook_secret = null, webhook_secret_next = null, webhook_secret_former = null,
        webhook_former_until = null, webhook_next = null, webhook = null, people_authentication_id = null
      where id = $1`,
    values: [id],
  })
  await unlinkAll(tx, id)
  await wipeUnused(tx, authenticationId)
  if (peopleAuthenticationId !== null) await wipeUnused(tx, peopleAuthenticationId)
}

/** Forgets its credentials, unless a connection lives by them or they were made by themselves. */
export async function wipeUnused(tx: Transaction, id: string): Promise<void> {
  await lockAuthentication(tx, id)
  const { rowCount } = await tx.query({
    name: 'authentication-needed',
    text: `select from jackfield.authentication a where id = $1 and (made_for is not null or exists (
      select from jackfield.connection
        where (authentication_id = $1 or people_authentication_id = $1) and state <> 'removed'))`,
    values: [id],
  })
  if (rowCount === 0) await wipe(tx, id)
}

async function wipe(tx: Transaction, id: string): Promise<void> {
  await tx.query({
    name: 'authentication-wipe',
    text: `update jackfield.authentication set secret = null, refresh = null, token = null, token_expires_at = null,
        token_renew_at = null, token_number = token_number + 1, problem = null, made_for = null, changed_at = now()
      where id = $1`,
    values: [id],
  })
}
