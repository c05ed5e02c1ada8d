import { HubError } from '#core/errors.ts'
import { uuidv7 } from '#core/ids.ts'
import { inTransaction, type Pool, type Queryable } from '#database/pool.ts'
import { type Permission, readPermissions } from '#model/permission.ts'
import { holdRoles } from './role-store.ts'
import { digest, newToken } from './token.ts'

export interface ApiKey {
  id: string
  name: string
  hint: string
  scopes: Permission[]
  /** Whose sight it has; null: it sees all that its scopes let it. */
  role: string | null
  /** Record ids of the CRM's users and teams whose records are its own. */
  owners: string[]
  createdBy: string
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const COLUMNS = `id, name, hint, scopes, role, owners, created_by as "createdBy", created_at as "createdAt",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt"`

// Older processes write older names.
const asKey = (row: ApiKey): ApiKey => ({ ...row, scopes: readPermissions(row.scopes) })

export interface NewKey {
  name: string
  scopes: readonly Permission[]
  /** Absent: it sees all that its scopes let it. */
  role?: string | null
  owners?: readonly string[]
  createdBy: string
}

/** The key itself is given once; only its digest is kept. */
export async function createApiKey(pool: Pool, input: NewKey): Promise<{ key: string; stored: ApiKey }> {
  const key = newToken('jf_')
  const { name, scopes, role = null, owners = [], createdBy } = input
  return inTransaction(pool, async (tx) => {
    if (role !== null) await holdRoles(tx, [role])
    const { rows } = await tx.query<ApiKey>(
      `insert into jackfield.api_key (id, name, hash, hint, scopes, role, owners, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
      [uuidv7(), name, digest(key), key.slice(-4), [...new Set(scopes)], role, [...new Set(owners)], createdBy],
    )
    return { key, stored: asKey(rows[0]!) }
  })
}

export async function listApiKeys(db: Queryable): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(`select ${COLUMNS} from jackfield.api_key order by id desc`)
  return rows.map(asKey)
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
  text: `select id, name, scopes, role, owners from jackfield.api_key where hash = $1 and revoked_at is null`,
}
const USED = {
  name: 'api-key-used',
  text: `update jackfield.api_key set last_used_at = now()
    where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
}

type FoundKey = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'role' | 'owners'>

export async function findApiKey(db: Queryable, hash: Buffer): Promise<FoundKey | null> {
  const { rows } = await db.query<FoundKey>({ ...FIND, values: [hash] })
  const found = rows[0]
  return found ? { ...found, scopes: readPermissions(found.scopes) } : null
}

/** Writes at most once a minute, however often the key is used. */
export async function noteApiKeyUse(db: Queryable, id: string): Promise<void> {
  await db.query({ ...USED, values: [id] })
}
