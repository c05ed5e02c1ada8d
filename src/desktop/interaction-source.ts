import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { secretPlace } from '#connections/context.ts'
import { HubError } from '#core/errors.ts'
import type { Queryable } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { open, seal } from '#secrets/seal.ts'

/** A contact centre that signs its events. */
export interface InteractionSource {
  name: string
  createdBy: string
  createdAt: Date
}

const place = (name: string) => secretPlace('interaction_source', name, 'secret')

const COLUMNS = 'name, created_by as "createdBy", created_at as "createdAt"'

export async function listSources(db: Queryable): Promise<InteractionSource[]> {
  const { rows } = await db.query<InteractionSource>(
    `select ${COLUMNS} from jackfield.interaction_source order by name`,
  )
  return rows
}

/** Makes one, or gives one that stands a new secret: the old one counts no longer. The secret is told here alone. */
export async function makeSource(
  db: Queryable,
  keyring: Keyring,
  { name, by }: { name: string; by: string },
): Promise<InteractionSource & { secret: string }> {
  const secret = randomBytes(32).toString('base64url')
  const { rows } = await db.query<InteractionSource>(
    `insert into jackfield.interaction_source (name, secret, created_by) values ($1, $2, $3)
      on conflict (name) do update set secret = excluded.secret returning ${COLUMNS}`,
    [name, seal(keyring, place(name), secret), by],
  )
  return { ...rows[0]!, secret }
}

/** Its interactions stay. Throws resource.not_found. */
export async function removeSource(db: Queryable, name: string): Promise<void> {
  const { rowCount } = await db.query('delete from jackfield.interaction_source where name = $1', [name])
  if (rowCount === 0) throw new HubError('resource.not_found', `No contact centre '${name}' sends signed events`)
}

/** Null: there is none of that name. */
export async function sourceSecret(db: Queryable, keyring: Keyring, name: string): Promise<string | null> {
  const { rows } = await db.query<{ secret: Buffer }>({
    name: 'interaction-source-secret',
    text: 'select secret from jackfield.interaction_source where name = $1',
    values: [name],
  })
  return rows[0] ? open(keyring, place(name), rows[0].secret) : null
}

/** A signature counts this long before and after it was made. */
const signedWithinSeconds = 300

const signatureForm = /^t=(\d{9,11}),v1=([0-9a-f]{64})$/

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">`, made at most five minutes ago. */
export function isSigned(header: string, body: Buffer, { secret, now }: { secret: string; now: number }): boolean {
  const [, seconds, given] = signatureForm.exec(header) ?? []
  if (seconds === undefined || given === undefined) return false
  if (Math.abs(now / 1000 - Number(seconds)) > signedWithinSeconds) return false
  const made = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest()
  return timingSafeEqual(made, Buffer.from(given, 'hex'))
}
