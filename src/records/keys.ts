import type { Transaction } from '#database/pool.ts'
import type { Derived, Link, Point } from './derive.ts'
import { betweenKeys, literals, texts } from './lists.ts'

const NEW_POINTS = {
  name: 'points-new',
  text: `insert into jackfield.contact_point(kind, value, table_id, record_id, field)
    select kind::"char", value, $1, record_id, field
    from rows from (string_to_table($2, E'\\x1e'), string_to_table($3, E'\\x1e'), unnest($4::uuid[]), string_to_table($5, E'\\x1e'))
      as point(kind, value, record_id, field)
    order by kind, value`,
}
const INSERT_POINTS = { name: 'points-insert', text: `${NEW_POINTS.text} on conflict do nothing` }
const DELETE_POINTS = {
  name: 'points-delete',
  text: `delete from jackfield.contact_point p using
    rows from (string_to_table($2, E'\\x1e'), string_to_table($3, E'\\x1e'), unnest($4::uuid[]), string_to_table($5, E'\\x1e'))
      as gone(kind, value, record_id, field)
    where p.kind = gone.kind::"char" and p.value = gone.value and p.table_id = $1 and p.record_id = gone.record_id and p.field = gone.field`,
}
const NEW_RELATIONS = {
  name: 'relations-new',
  text: `insert into jackfield.relation(target_source_id, role, table_id, record_id)
    select target, role, $1, record_id
    from rows from (string_to_table($2, E'\\x1e'), string_to_table($3, E'\\x1e'), unnest($4::uuid[])) as link(target, role, record_id)
    order by target`,
}
const INSERT_RELATIONS = { name: 'relations-insert', text: `${NEW_RELATIONS.text} on conflict do nothing` }
const DELETE_RELATIONS = {
  name: 'relations-delete',
  text: `delete from jackfield.relation r using
    rows from (string_to_table($2, E'\\x1e'), string_to_table($3, E'\\x1e'), unnest($4::uuid[])) as gone(target, role, record_id)
    where r.target_source_id = gone.target and r.role = gone.role and r.table_id = $1 and r.record_id = gone.record_id`,
}

export type Keys = Pick<Derived, 'points' | 'links'>

export const pointTexts = ({ points }: Keys) => points.map(pointText).join(betweenKeys)
export const linkTexts = ({ links }: Keys) => links.map(linkText).join(betweenKeys)
const pointText = (point: Point) => `${point.kind}:${point.value}:${point.field}`
const linkText = (link: Link) => `${link.role}:${link.target}`

/** Reads `kind:value:field` as record.points keeps it. */
export function readPoint(text: string): Point {
  const end = text.lastIndexOf(':')
  return { kind: text[0] as Point['kind'], value: text.slice(2, end), field: text.slice(end + 1) }
}

export function readLink(text: string): Link {
  const end = text.indexOf(':')
  return { role: text.slice(0, end), target: text.slice(end + 1) }
}

/**
 * Makes rows findable by their telephone numbers, e-mails and relations. `surelyNew`: none of these keys can stand there,
 * which spares the look (a third of the cost); one that does stand there ends the transaction with 23505.
 */
export async function indexKeys(
  tx: Transaction,
  tableId: number,
  rows: readonly ({ id: string } & Keys)[],
  surelyNew = false,
): Promise<void> {
  await runPoints(tx, surelyNew ? NEW_POINTS : INSERT_POINTS, tableId, rows)
  await runLinks(tx, surelyNew ? NEW_RELATIONS : INSERT_RELATIONS, tableId, rows)
}

export interface KeyChange {
  id: string
  /** As stored: record.points and record.links. */
  before: { points: string[]; links: string[] }
  after: Keys
}

/** Takes away the keys that a row no longer has and adds those that are new. */
export async function replaceKeys(tx: Transaction, tableId: number, changes: readonly KeyChange[]): Promise<void> {
  const gone = changes.map(({ id, before, after }) => {
    const kept = new Set([...after.points.map(pointText), ...after.links.map(linkText)])
    return {
      id,
      points: before.points.filter((text) => !kept.has(text)).map(readPoint),
      links: before.links.filter((text) => !kept.has(text)).map(readLink),
    }
  })
  await runPoints(tx, DELETE_POINTS, tableId, gone)
  await runLinks(tx, DELETE_RELATIONS, tableId, gone)
  const fresh = changes.map(({ id, before, after }) => {
    const held = new Set([...before.points, ...before.links])
    return {
      id,
      points: after.points.filter((point) => !held.has(pointText(point))),
      links: after.links.filter((link) => !held.has(linkText(link))),
    }
  })
  await indexKeys(tx, tableId, fresh)
}

type Statement = { name: string; text: string }

async function runPoints(
  tx: Transaction,
  statement: Statement,
  tableId: number,
  rows: readonly ({ id: string } & Pick<Keys, 'points'>)[],
): Promise<void> {
  const kinds: string[] = []
  const values: string[] = []
  const ids: string[] = []
  const fields: string[] = []
  for (const { id, points } of rows) {
    for (const point of points) {
      kinds.push(point.kind)
      values.push(point.value)
      ids.push(id)
      fields.push(point.field)
    }
  }
  if (ids.length === 0) return
  await tx.query({ ...statement, values: [tableId, texts(kinds), texts(values), literals(ids), texts(fields)] })
}

async function runLinks(
  tx: Transaction,
  statement: Statement,
  tableId: number,
  rows: readonly ({ id: string } & Pick<Keys, 'links'>)[],
): Promise<void> {
  const targets: string[] = []
  const roles: string[] = []
  const ids: string[] = []
  for (const { id, links } of rows) {
    for (const link of links) {
      targets.push(link.target)
      roles.push(link.role)
      ids.push(id)
    }
  }
  if (ids.length === 0) return
  await tx.query({ ...statement, values: [tableId, texts(targets), texts(roles), literals(ids)] })
}
