import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import type { Queryable } from '#database/pool.ts'
import type { Scope } from './scope.ts'
import { digest, newToken } from './token.ts'

export interface ApiKey {
  id: string
  name: string
  hint: string
  scopes: Scope[]
  createdBy: string
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const COLUMNS = `id, name, hint, scopes, created_by as "createdBy", created_at as "createdAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt"`

/** The key itself is given once; only its digest is kept. */
export async function createApiKey(
  db: Queryable,
  input: { name: string; scopes: readonly Scope[]; createdBy: string },
): Promise<{ key: string; stored: ApiKey }> {
  const key = newToken('jf_')
  const { rows } = await db.query<ApiKey>(
    `insert into jackfield.api_key (id, name, hash, hint, scopes, created_by)
     values ($1, $2, $3, $4, $5, $6) returning ${COLUMNS}`,
    [uuidv7(), input.name, digest(key), key.slice(-4), [...new Set(input.scopes)], input.createdBy],
  )
  return { key, stored: rows[0]! }
}

export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(`select ${COLUMNS} from jackfield.api_key order by id desc`)
  return rows
}

/** Revoking twice is as good as once: the first time stands. */
export async function revokeApiKey(db: Queryable, id: string): Promise<void> {
  const { rowCount } = await db.query(
    'update jackfield.api_key set revoked_at = coalesce(revoked_at, now()) where id = $1',
    [id],
  )
  if (rowCount === 0) throw new HubError('resource.not_found', `There is no API key ${id}`)
}

const FIND = {
  name: 'api-key-find',
  text: `select id, name, scopes from jackfield.api_key where hash = $1 and revoked_at is null`,
}
const USED = {
  name: 'api-key-used',
  text: `update jackfield.api_key set last_used_at = now()
    where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
}

export async function findApiKey(
  db: Queryable,
  hash: Buffer,
): Promise<{ id: string; name: string; scopes: Scope[] } | null> {
  const { rows } = await db.query<{ id: string; name: string; scopes: Scope[] }>({ ...FIND, values: [hash] })
  return rows[0] ?? null
}

/** Writes at most once a minute, however often the key is used. */
export async function noteApiKeyUse(db: Queryable, id: string): Promise<void> {
  await db.query({ ...USED, values: [id] })
}
