import { randomBytes } from 'node:crypto'
import type { Queryable } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import { decrypt, encrypt, openBytes, type SecretPlace, seal } from '#secrets/seal.ts'
import type { Personal } from './act.ts'

/** A key that another process erased is used at most so long to seal with; what it sealed then nobody can open. */
const believedMs = 30_000
const mostKept = 2_000
const keyBytes = 32

/** Seals the values of persons under keys of their own, which are made when first needed. */
export interface PersonKeys {
  /** As the column `personal` keeps it: owner → sealed values, null where the owner was erased. */
  seal(db: Queryable, actId: string, personal: Personal): Promise<string>
  /** By owner; null where the owner's key is gone. */
  openAll(db: Queryable, sealed: readonly Sealed[]): Promise<Opened[]>
  /** Takes the owner's values out of the whole log for ever; false when there were none. */
  erase(db: Queryable, owner: string): Promise<boolean>
}

export interface Sealed {
  id: string
  personal: Record<string, string | null> | null
}
export type Opened = Record<string, Record<string, string> | null>

export function createPersonKeys(keyring: Keyring): PersonKeys {
  const kept = new Map<string, { key: Buffer | null; until: number }>()

  async function keyFor(db: Queryable, owner: string): Promise<Buffer | null> {
    const known = kept.get(owner)
    if (known && known.until > performance.now()) return known.key
    const found = (await findKeys(db, [owner]))[0] ?? (await makeKey(db, keyring, owner))
    const key = found.key && openKey(keyring, owner, found.key)
    // What this very transaction made is gone again if it is rolled back.
    if (found.settled) {
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value!)
      kept.set(owner, { key, until: performance.now() + believedMs })
    }
    return key
  }

  return {
    async seal(db, actId, personal) {
      const sealed: Record<string, string | null> = {}
      for (const [owner, values] of Object.entries(personal)) {
        const key = await keyFor(db, owner)
        sealed[owner] = key && encrypt(key, Buffer.from(JSON.stringify(values)), place(actId, owner)).toString('base64')
      }
      return JSON.stringify(sealed)
    },
    async openAll(db, sealed) {
      const owners = new Set(sealed.flatMap(({ personal }) => Object.keys(personal ?? {})))
      const rows = owners.size === 0 ? [] : await findKeys(db, [...owners])
      const keys = new Map(rows.map(({ owner, key }) => [owner, key && openKey(keyring, owner, key)]))
      return sealed.map(({ id, personal }) =>
        Object.fromEntries(
          Object.entries(personal ?? {}).map(([owner, text]) => [
            owner,
            opened(keys.get(owner) ?? null, text, { id, owner }),
          ]),
        ),
      )
    },
    async erase(db, owner) {
      kept.delete(owner)
      const { rowCount } = await db.query(
        `update jackfield.person_key set key = null, erased_at = now() where owner = $1 and key is not null`,
        [owner],
      )
      return rowCount === 1
    },
  }
}

function opened(key: Buffer | null, text: string | null, { id, owner }: { id: string; owner: string }) {
  if (key === null || text === null) return null
  try {
    return JSON.parse(decrypt(key, Buffer.from(text, 'base64'), place(id, owner)).toString()) as Record<string, string>
  } catch {
    // Altered, which verifying tells; a list of acts is read all the same.
    return null
  }
}

const place = (id: string, owner: string) => Buffer.from(JSON.stringify(['act', id, owner]))
const keyPlace = (owner: string): SecretPlace => ({ organisation: '', table: 'person_key', row: owner, column: 'key' })
const openKey = (keyring: Keyring, owner: string, sealed: Buffer) => openBytes(keyring, keyPlace(owner), sealed)

interface KeyRow {
  owner: string
  key: Buffer | null
  /** Made by a transaction that is over. */
  settled: boolean
}

async function findKeys(db: Queryable, owners: readonly string[]): Promise<KeyRow[]> {
  const { rows } = await db.query<KeyRow>({
    name: 'person-keys',
    text: `select owner, key, (xmin = pg_current_xact_id_if_assigned()::xid) is not true as settled
      from jackfield.person_key where owner = any($1)`,
    values: [owners],
  })
  return rows
}

async function makeKey(db: Queryable, keyring: Keyring, owner: string): Promise<KeyRow> {
  const key = seal(keyring, keyPlace(owner), randomBytes(keyBytes))
  // An update that changes nothing: the one who comes second is shown the first one's key.
  const { rows } = await db.query<{ key: Buffer | null }>(
    `insert into jackfield.person_key as k (owner, key) values ($1, $2)
      on conflict (owner) do update set owner = k.owner returning key`,
    [owner, key],
  )
  return { owner, key: rows[0]!.key, settled: false }
}
