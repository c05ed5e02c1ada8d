import type { Queryable } from '#database/pool.ts'
import { readPhone } from '#records/phone.ts'

const COUNTRIES = {
  name: 'interaction-countries',
  text: `select distinct settings->>'defaultCountry' as country, id = $1::uuid as own from jackfield.connection
    where state <> 'removed' and settings->>'defaultCountry' is not null order by own desc nulls last`,
}

/**
 * The contact's address as interactions are compared by: a number in international notation where it can be read so, an
 * e-mail address in lower case, anything else as it came. Null: it was withheld.
 */
export async function readAddress(
  db: Queryable,
  text: string | null,
  connectionId: string | null,
): Promise<string | null> {
  if (text === null) return null
  if (text.includes('@') && !/^(sip|tel):/i.test(text)) return text.trim().toLowerCase()
  const number = text.replace(/^sip:([^@]*)@.*$/i, '$1')
  const { rows } = await db.query<{ country: string }>({ ...COUNTRIES, values: [connectionId] })
  const countries = rows.map(({ country }) => country)
  return readPhone(number, countries)?.e164 ?? text
}
