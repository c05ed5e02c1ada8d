import { randomBytes } from 'node:crypto'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { inTransaction, type Queryable, type Transaction } from '#database/pool.ts'
import { open, seal } from '#secrets/seal.ts'
import type { Webhook } from './connection.ts'
import { type Context, secretPlace } from './context.ts'
import { findConnection } from './store.ts'

/** Each proves a push, while it is there. */
export interface PushSecrets {
  current: string | null
  /** Handed to the CRM in place of it; whether the CRM took it is not known yet. */
  next: string | null
  /** Of a moment ago: for pushes that were under way when the CRM took another. */
  former: string | null
}

/** Apex waits 120 s for an answer at most (Apex Governor Limits): so long a push of the former code is under way. */
const formerSeconds = 120

interface Sealed {
  current: Buffer | null
  next: Buffer | null
  former: Buffer | null
  /** What was handed to the CRM with the next one. */
  webhook: Webhook | null
}

const SEALED = `webhook_secret as current, webhook_secret_next as next, webhook_next as webhook,
  case when webhook_former_until > clock_timestamp() then webhook_secret_former end as former`

const makeSecret = () => randomBytes(32).toString('base64url')

// One place for the three: a secret moves from one to the other as it is.
const place = (connectionId: string) => secretPlace('connection', connectionId, 'webhook_secret')

const sealFor = ({ keyring }: Context, connectionId: string, secret: string) =>
  seal(keyring, place(connectionId), secret)

const noConnection = (id: string) => new HubError('connection.not_found', `There is no connection ${id}`)

/** Made once; whoever comes second takes the first one's. */
export async function secretOf(context: Context, connectionId: string): Promise<string> {
  const { rows } = await context.pool.query<{ secret: Buffer }>({
    name: 'connection-webhook-secret',
    text: `update jackfield.connection set webhook_secret = coalesce(webhook_secret, $2)
      where id = $1 and state <> 'removed' returning webhook_secret as secret`,
    values: [connectionId, sealFor(context, connectionId, makeSecret())],
  })
  const kept = rows[0]?.secret
  if (!kept) throw noConnection(connectionId)
  return open(context.keyring, place(connectionId), kept)
}

/** What a pushed change may prove; none while no push is registered. Throws connection.not_found. */
export async function pushSecrets(context: Context, connectionId: string): Promise<PushSecrets> {
  await findConnection(context.pool, connectionId)
  const found = await readSealed(context.pool, connectionId)
  if (!found) throw noConnection(connectionId)
  const opened = (sealed: Buffer | null) => sealed && open(context.keyring, place(connectionId), sealed)
  return { current: opened(found.current), next: opened(found.next), former: opened(found.former) }
}

async function readSealed(db: Queryable, connectionId: string): Promise<Sealed | undefined> {
  const { rows } = await db.query<Sealed>({
    name: 'connection-webhook-open',
    text: `select ${SEALED} from jackfield.connection where id = $1 and state <> 'removed'`,
    values: [connectionId],
  })
  return rows[0]
}

/**
 * A new push secret, shown this once to a person who enters it in a CRM that the hub cannot register itself at; `given` is
 * one that the CRM made. No other counts then: nobody would tell the hub that it was entered. Throws connection.not_found.
 */
export async function renewPushSecret(context: Context, connectionId: string, given?: string): Promise<string> {
  await findConnection(context.pool, connectionId)
  const secret = given ?? makeSecret()
  redactor.register(secret)
  const { rowCount } = await context.pool.query({
    name: 'connection-webhook-renew',
    text: `update jackfield.connection set webhook_secret = $2, webhook_secret_next = null, webhook_next = null,
        webhook_secret_former = null, webhook_former_until = null
      where id = $1 and state <> 'removed'`,
    values: [connectionId, sealFor(context, connectionId, secret)],
  })
  if (rowCount === 1) return secret
  throw noConnection(connectionId)
}

/** A renewal that the CRM has to take part in. */
export interface Renewal {
  secret: string
  webhook: Webhook
  /** Void when the CRM is known not to have taken it; null where an earlier attempt may have brought it there. */
  giveUp: (() => Promise<void>) | null
}

/**
 * Keeps the new secret before the CRM gets it: from then on both count. What was begun and never ended goes on with its
 * own, since nobody knows whether the CRM signs with it.
 */
export async function beginRenewal(
  context: Context,
  connectionId: string,
  webhookWith: (secret: string) => Webhook,
): Promise<Renewal> {
  return inTransaction(context.pool, async (tx) => {
    const { next } = await lockSealed(tx, connectionId)
    const secret = next ? open(context.keyring, place(connectionId), next) : makeSecret()
    redactor.register(secret)
    // Sealed anew also where it is the same: so who began it knows that another went on with it.
    const sealed = sealFor(context, connectionId, secret)
    const webhook = webhookWith(secret)
    await tx.query({
      name: 'connection-renewal-begin',
      text: `update jackfield.connection set webhook_secret_next = $2, webhook_next = $3 where id = $1`,
      values: [connectionId, sealed, JSON.stringify(webhook)],
    })
    return { secret, webhook, giveUp: next ? null : () => dropRenewal(context, connectionId, sealed) }
  })
}

/** That one alone, where it is given. */
export async function dropRenewal({ pool }: Context, connectionId: string, sealed?: Buffer): Promise<void> {
  await pool.query({
    name: 'connection-renewal-drop',
    text: `update jackfield.connection set webhook_secret_next = null, webhook_next = null
      where id = $1 and webhook_secret_next = coalesce($2, webhook_secret_next)`,
    values: [connectionId, sealed],
  })
}

/** The CRM has taken this secret; null: the one that was handed to it last, for a push has proven it. */
export async function endRenewal(
  context: Context,
  connectionId: string,
  taken: { secret: string; webhook: Webhook } | null,
): Promise<void> {
  await inTransaction(context.pool, async (tx) => {
    const { current, next, webhook } = await lockSealed(tx, connectionId)
    const opened = (sealed: Buffer | null) => sealed && open(context.keyring, place(connectionId), sealed)
    const secret = taken?.secret ?? opened(next)
    // Ended already, by another push or by whoever waited for the CRM.
    if (secret === null) return
    const isNew = opened(current) !== secret
    const kept = isNew ? sealFor(context, connectionId, secret) : current
    // One that was handed over behind this one is still to be heard of.
    const left = opened(next) === secret ? null : next
    await tx.query({
      name: 'connection-renewal-end',
      text: `update jackfield.connection set webhook_secret = $2, webhook = $3, webhook_secret_next = $5,
          webhook_next = case when $5::bytea is null then null else webhook_next end,
          webhook_secret_former = case when $4 then webhook_secret else webhook_secret_former end,
          webhook_former_until = case when $4 then clock_timestamp() + make_interval(secs => ${formerSeconds})
            else webhook_former_until end
        where id = $1`,
      values: [connectionId, kept, JSON.stringify(taken?.webhook ?? webhook), isNew, left],
    })
  })
}

async function lockSealed(tx: Transaction, connectionId: string): Promise<Sealed> {
  const lock = `select from jackfield.connection where id = $1 and state <> 'removed' for update`
  await tx.query({ name: 'connection-webhook-lock', text: lock, values: [connectionId] })
  const found = await readSealed(tx, connectionId)
  if (!found) throw noConnection(connectionId)
  return found
}
