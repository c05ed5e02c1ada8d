import type { Acts, Asker } from '#audit/append.ts'
import { literals } from './lists.ts'

/** A look-up as the audit log keeps it: never what was looked up, but what kind of thing and its last two digits. */
export interface LookupAct extends Asker {
  id: string
  /** Hex. */
  mac: string
  ends: string
}

type Way = 'phone' | 'email' | 'name'

/** To the letter what the statements below write, for it is proven. */
const detailsOf = (by: Way, ends: string) => (by === 'phone' ? `{"by":"phone","ends":"${ends}"}` : `{"by":"${by}"}`)

export function sketchLookUp({ sketch }: Acts, asker: Asker, by: Way, digits = ''): LookupAct {
  const ends = digits.slice(-2)
  const { id, mac } = sketch({ ...asker, act: 'record.look_up', outcome: 'done' }, detailsOf(by, ends))
  return { ...asker, id, mac: mac.toString('hex'), ends }
}

const INTO = `insert into jackfield.act(id, actor_kind, actor_id, session_id, mac, act, outcome, details, subject_kind, subject_id, result)`

/** Of the rows of one look-up, `id` null where there is none: whom it found first, how many, and the first of them. */
const FINDINGS = `case when count(id) > 0 then 'record' end, (array_agg(distinct id) filter (where id is not null))[1]::text,
  json_build_object('matches', count(distinct id),
    'records', coalesce((array_agg(distinct id) filter (where id is not null))[1:5], '{}'))`

/**
 * SQL that answers `found` and writes the act in the same statement: a look-up takes no second way to the database. The
 * act's values are the parameters from `from` on.
 */
export function writtenWith(found: string, by: Way, from: number): string {
  const [id, kind, actor, session, mac, ends] = Array.from({ length: 6 }, (_, i) => `$${from + i}`)
  const details = by === 'phone' ? `'{"by":"phone","ends":"' || ${ends}::text || '"}'` : `'${detailsOf(by, '')}'`
  return `with found as materialized (${found}),
      written as (${INTO} select ${id}::uuid, ${kind}, ${actor}, ${session}::uuid, decode(${mac}, 'hex'), 'record.look_up', 'done',
        (${details})::json, ${FINDINGS} from found)
    select * from found`
}

export function actValues(act: LookupAct, by: Way): (string | null)[] {
  const { id, actor, sessionId, mac, ends } = act
  return [id, actor.kind, actor.id, sessionId, mac, ...(by === 'phone' ? [ends] : [])]
}

/** A look-up by number among others in one statement. */
export interface AskedNumber {
  act: LookupAct
  /** Where it finds nothing it is looked up in another way, by a statement that writes the act itself. */
  goesOn: boolean
}

/** The same for many at once: `found` is selected for each row `q` of the parameters, whose own come first. */
export function manyWrittenWith(found: string, own: readonly string[]): string {
  const types = [...own.map(() => 'text[]'), 'uuid[]', 'text[]', 'text[]', 'uuid[]', 'text[]', 'text[]', 'boolean[]']
  const parameters = types.map((type, i) => `$${i + 1}::${type}`).join(', ')
  const act = 'act_id, actor_kind, actor_id, session_id, mac, ends, goes_on'
  return `with found as materialized (select q.n::int as n, ${act}, m.*
        from unnest(${parameters}) with ordinality q(${own.join(', ')}, ${act}, n)
        left join lateral (${found}) m on true),
      written as (${INTO} select act_id, actor_kind, actor_id, session_id, decode(mac, 'hex'), 'record.look_up', 'done',
          ('{"by":"phone","ends":"' || ends || '"}')::json, ${FINDINGS}
        from found group by ${act} having count(id) > 0 or not goes_on)
    select n, kind, field, "tableId", id, name, active, "sourceId", modified, stored from found where id is not null`
}

export function manyValues(asked: readonly AskedNumber[]): string[] {
  const list = (value: (one: AskedNumber) => string | boolean | null) => literals(asked.map(value))
  return [
    list(({ act }) => act.id),
    list(({ act }) => act.actor.kind),
    list(({ act }) => act.actor.id),
    list(({ act }) => act.sessionId),
    list(({ act }) => act.mac),
    list(({ act }) => `"${act.ends}"`),
    list(({ goesOn }) => goesOn),
  ]
}
