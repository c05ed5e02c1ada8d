import type { Acts, Asker } from '#audit/append.ts'
import { literals } from './lists.ts'

/** A look-up as the audit log keeps it: never what was looked up, but what kind of thing and its last two digits. */
export interface LookupAct extends Asker {
  id: string
  /** Hex. */
  mac: string
  by: Way
  ends: string
}

type Way = 'phone' | 'email' | 'name'

/** To the letter what the statements below write, for it is proven. */
const detailsOf = (by: Way, ends: string) => (by === 'phone' ? `{"by":"phone","ends":"${ends}"}` : `{"by":"${by}"}`)

export function sketchLookUp({ sketch }: Acts, asker: Asker, by: Way, digits = ''): LookupAct {
  const ends = digits.slice(-2)
  const { id, mac } = sketch({ ...asker, act: 'record.look_up', outcome: 'done' }, detailsOf(by, ends))
  return { ...asker, id, mac: mac.toString('hex'), by, ends }
}

/** What one look-up asks, and the act that it is; null: it is answered without one, since none can be written now. */
export interface Asked {
  act: LookupAct | null
  /** Where it finds nothing it is looked up in another way, by a statement that writes the act itself. */
  goesOn?: boolean
}

/** A statement as it is, and with the act in it: a look-up takes no second way to the database. */
export interface Question {
  plain: { name: string; text: string }
  written: { name: string; text: string }
}

const INTO = `insert into jackfield.act(id, actor_kind, actor_id, session_id, mac, act, outcome, details, subject_kind, subject_id, result)`

/** Of the rows of one look-up, `id` null where there is none: whom it found first, how many, and the first of them. */
const FINDINGS = `case when count(id) > 0 then 'record' end, (array_agg(distinct id) filter (where id is not null))[1]::text,
  json_build_object('matches', count(distinct id),
    'records', coalesce((array_agg(distinct id) filter (where id is not null))[1:5], '{}'))`

/** `found` has as many parameters as `own` says; those of the act follow. */
export function question(name: string, found: string, { by, own }: { by: Way; own: number }): Question {
  const [id, kind, actor, session, mac, ends, goesOn] = Array.from({ length: 7 }, (_, i) => `$${own + 1 + i}`)
  const details = by === 'phone' ? `'{"by":"phone","ends":"' || ${ends}::text || '"}'` : `'${detailsOf(by, '')}'`
  const unless = by === 'phone' ? `having count(id) > 0 or not ${goesOn}::boolean` : ''
  const text = `with found as materialized (${found}),
      written as (${INTO} select ${id}::uuid, ${kind}, ${actor}, ${session}::uuid, decode(${mac}, 'hex'), 'record.look_up', 'done',
        (${details})::json, ${FINDINGS} from found ${unless})
    select * from found`
  return { plain: { name: `${name}-plain`, text: found }, written: { name, text } }
}

/** The question with its values, and those of the act where it is one. */
export function asked({ plain, written }: Question, values: unknown[], { act, goesOn = false }: Asked) {
  if (!act) return { ...plain, values }
  const { id, actor, sessionId, mac, by, ends } = act
  const ofPhone = by === 'phone' ? [ends, goesOn] : []
  return { ...written, values: [...values, id, actor.kind, actor.id, sessionId, mac, ...ofPhone] }
}

/** The same for many numbers at once: `found` is selected for each row `q` of the parameters. */
export function manyQuestion(name: string, found: string, own: readonly string[]): Question {
  const types = [...own.map(() => 'text[]'), 'uuid[]', 'text[]', 'text[]', 'uuid[]', 'text[]', 'text[]', 'boolean[]']
  const parameters = types.map((type, i) => `$${i + 1}::${type}`)
  const act = 'act_id, actor_kind, actor_id, session_id, mac, ends, goes_on'
  const text = `with found as materialized (select q.n::int as n, ${act}, m.*
        from unnest(${parameters.join(', ')}) with ordinality q(${own.join(', ')}, ${act}, n)
        left join lateral (${found}) m on true),
      written as (${INTO} select act_id, actor_kind, actor_id, session_id, decode(mac, 'hex'), 'record.look_up', 'done',
          ('{"by":"phone","ends":"' || ends || '"}')::json, ${FINDINGS}
        from found group by ${act} having count(id) > 0 or not goes_on)
    select n, kind, field, "tableId", id, name, active, "sourceId", modified, stored from found where id is not null`
  const plain = `select q.n::int as n, m.*
    from unnest(${parameters.slice(0, own.length).join(', ')}) with ordinality q(${own.join(', ')}, n)
    cross join lateral (${found}) m`
  return { plain: { name: `${name}-plain`, text: plain }, written: { name, text } }
}

export function manyAsked({ written }: Question, values: unknown[], acts: readonly WrittenAsked[]) {
  const list = (value: (one: WrittenAsked) => string | boolean | null) => literals(acts.map(value))
  const ofActs = [
    list(({ act }) => act.id),
    list(({ act }) => act.actor.kind),
    list(({ act }) => act.actor.id),
    list(({ act }) => act.sessionId),
    list(({ act }) => act.mac),
    list(({ act }) => `"${act.ends}"`),
    list(({ goesOn = false }) => goesOn),
  ]
  return { ...written, values: [...values, ...ofActs] }
}

export interface WrittenAsked extends Asked {
  act: LookupAct
}
