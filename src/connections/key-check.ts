import type { Queryable } from '#database/pool.ts'
import type { KeyCheckStore } from '#secrets/master-key.ts'

const READ = `select value #>> '{}' as value from jackfield.setting where key = 'key_check'`

/** Where the constant stands by which a wrong master key is known at once. */
export function keyCheckStore(db: Queryable): KeyCheckStore {
  const read = async () => (await db.query<{ value: string }>(READ)).rows[0]?.value
  return {
    read,
    async addIfAbsent(value) {
      const text = `insert into jackfield.setting (key, value) values ('key_check', to_jsonb($1::text)) on conflict do nothing`
      await db.query(text, [value])
      return (await read())!
    },
  }
}

/** Whether anything was ever sealed here: then a master key is missing, not new. */
export async function sealedRowsExist(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>(
    `select exists (select from jackfield.authentication where secret is not null or token is not null)
      or exists (select from jackfield.connection where webhook_secret is not null)
      or exists (select from jackfield.identity_provider where secret is not null)
      or exists (select from jackfield.interaction_source where secret is not null)
      or exists (select from jackfield.person_key where key is not null) as any`,
  )
  return rows[0]!.any
}
