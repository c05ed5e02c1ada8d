import { inTransaction, type Pool } from '#database/pool.ts'

// What stands of a write in a link or a memorial, and what became of it.
const isMade = `o.id = k.write_id and o.state = 'done'`
const isEnded = `o.id = m.write_id and m.told is distinct from 'done' and m.told is distinct from o.state
  and o.state in ('done', 'failed', 'unknown', 'cancelled')`

const ENDED = {
  name: 'interactions-ended',
  text: `select k.interaction_id as id from jackfield.interaction_link k join jackfield.outbox o on ${isMade}
    union select m.interaction_id from jackfield.memorial m join jackfield.outbox o on ${isEnded}`,
}

const LOCK = {
  name: 'interactions-lock',
  text: 'select id from jackfield.interaction where id = any($1::uuid[]) order by id for no key update',
}

const TELL = {
  name: 'interactions-tell',
  // Somebody may have linked the record by hand as soon as the CRM had it: then theirs stands.
  text: `with twice as (delete from jackfield.interaction_link k using jackfield.outbox o, jackfield.interaction_link l
        where ${isMade} and k.interaction_id = any($1::uuid[]) and k.record_id <> o.record_id
          and l.interaction_id = k.interaction_id and l.record_id = o.record_id
        returning k.interaction_id, k.record_id),
      made as (update jackfield.interaction_link k set record_id = o.record_id, source_id = o.source_id,
          write_id = null from jackfield.outbox o where ${isMade} and k.interaction_id = any($1::uuid[])
          and (k.record_id = o.record_id or not exists (select from jackfield.interaction_link l
            where l.interaction_id = k.interaction_id and l.record_id = o.record_id))
        returning k.interaction_id),
      ended as (update jackfield.memorial m set told = o.state, record_id = o.record_id, source_id = o.source_id
        from jackfield.outbox o where ${isEnded} and m.interaction_id = any($1::uuid[])
        returning m.interaction_id)
      update jackfield.interaction i set version = version + 1, changed_at = clock_timestamp(),
          memorialize_at = case when i.memorialized_at is null then i.memorialize_at
            else least(i.memorialize_at, clock_timestamp()) end
        where i.id in (select interaction_id from ended union select interaction_id from made
          union select interaction_id from twice)`,
}

/**
 * Interactions of which a write ended since this was last asked: they are told, and compared again, since what waited for
 * the end of a write may be written now. Like whoever changes an interaction it locks that first, and several in the order
 * of their ids: nobody waits for each other.
 */
export async function tellEnded(pool: Pool): Promise<number> {
  const ids = (await pool.query<{ id: string }>(ENDED)).rows.map(({ id }) => id)
  if (ids.length === 0) return 0
  return inTransaction(pool, async (tx) => {
    await tx.query({ ...LOCK, values: [ids] })
    return (await tx.query({ ...TELL, values: [ids] })).rowCount ?? 0
  })
}
