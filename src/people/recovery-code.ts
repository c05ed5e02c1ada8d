import { randomBytes } from 'node:crypto'
import type { Queryable } from '#database/pool.ts'
import { digest } from './token.ts'

const howMany = 10
const codeBytes = 16

// Crockford's base 32: nothing that is read as something else.
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** 128 random bits as groups of letters: no slow hash is needed where nothing can be guessed. */
function newCode(): string {
  let bits = BigInt(`0x${randomBytes(codeBytes).toString('hex')}`)
  let code = ''
  for (let i = 0; i < 26; i++) {
    code += letters[Number(bits & 31n)]
    bits >>= 5n
  }
  return code.match(/.{1,5}/g)!.join('-')
}

/** As it was made, however it was typed. */
const canonical = (code: string) => code.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

/** Ten new ones; those before are over. They are shown this once. */
export async function makeRecoveryCodes(tx: Queryable, personId: string): Promise<string[]> {
  const codes = Array.from({ length: howMany }, newCode)
  await dropRecoveryCodes(tx, personId)
  await tx.query('insert into jackfield.recovery_code (person_id, hash) select $1, unnest($2::bytea[])', [
    personId,
    codes.map((code) => digest(canonical(code))),
  ])
  return codes
}

/** Uses the code up. False where it is none of this person's, or was used. */
export async function useRecoveryCode(db: Queryable, personId: string, code: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update jackfield.recovery_code set used_at = now() where person_id = $1 and hash = $2 and used_at is null',
    [personId, digest(canonical(code))],
  )
  return rowCount === 1
}

export async function countRecoveryCodes(db: Queryable, personId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from jackfield.recovery_code where person_id = $1 and used_at is null',
    [personId],
  )
  return rows[0]!.count
}

export async function dropRecoveryCodes(tx: Queryable, personId: string): Promise<void> {
  await tx.query('delete from jackfield.recovery_code where person_id = $1', [personId])
}
