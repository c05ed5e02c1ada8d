import { uuidv7 } from '#core/ids.ts'
import { redactor } from '#core/redact.ts'
import type { Queryable } from '#database/pool.ts'
import type { Keyring } from '#secrets/keyring.ts'
import type { Act, Actor, Details } from './act.ts'
import { type AuditKeys, auditKeys } from './key.ts'
import { createPersonKeys, type PersonKeys } from './person-key.ts'
import { macOf, rowOf, type WrittenRow } from './row.ts'

/** Writes acts, and proves that it was the hub that wrote them. */
export interface Acts {
  /** Writes an act in the caller's transaction; answers its id. */
  append(db: Queryable, act: Act): Promise<string>
  /** For a statement of the caller's own, which writes the row itself: its id and its proof. */
  sketch(act: Pick<Act, 'actor' | 'sessionId' | 'act' | 'outcome'>, details: string): { id: string; mac: Buffer }
  keys: AuditKeys
  persons: PersonKeys
}

/** Whom an act is put down to. */
export interface Asker {
  actor: Actor
  sessionId: string | null
}

/** Whoever writes more than this into one act writes no longer of the act. Characters. */
const longestDetails = 8_000

export function createActs(keyring: Keyring): Acts {
  const keys = auditKeys(keyring)
  const persons = createPersonKeys(keyring)
  return {
    keys,
    persons,
    async append(db, act) {
      const id = uuidv7()
      const personal = act.personal ? await persons.seal(db, id, act.personal) : null
      const row = rowOf(act, { id, details: detailsText(act.details ?? {}), personal })
      await insert(db, row, macOf(keys.current, row))
      return id
    },
    sketch(act, details) {
      const id = uuidv7()
      return { id, mac: macOf(keys.current, rowOf(act, { id, details, personal: null })) }
    },
  }
}

/** Nothing secret belongs in details; what is known to be secret is blanked all the same. */
function detailsText(details: Details): string {
  const text = JSON.stringify(redactor.cleanValue(details))
  return text.length <= longestDetails ? text : '{"tooLong":true}'
}

const INSERT = {
  name: 'act-append',
  text: `insert into jackfield.act
      (id, actor_kind, actor_id, session_id, act, subject_kind, subject_id, outcome, begun, details, personal, mac)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
}

async function insert(db: Queryable, row: WrittenRow, mac: Buffer): Promise<void> {
  const { id, actorKind, actorId, sessionId, act, subjectKind, subjectId, outcome, begun, details, personal } = row
  await db.query({
    ...INSERT,
    values: [id, actorKind, actorId, sessionId, act, subjectKind, subjectId, outcome, begun, details, personal, mac],
  })
}
