import type { TableScope } from '#connectors/connector.ts'
import { HubError } from '#core/errors.ts'
import type { FieldType } from '#model/field.ts'
import { allOf, moment, quoted } from './filter.ts'
import { activities } from './object-tables.ts'

/**
 * What a walk asks, and how far it came: all of it stands in the walk's link, so that a page can be asked for by any
 * process at any time. Locators of the CRM's own are not used: they die after days, or when others open more.
 */
export interface Question {
  /** The object. */
  from: string
  select: readonly string[]
  /** One letter a field: what a text of a CSV means. */
  types: string
  where: string | null
  order: 'Id' | 'SystemModstamp'
  /** Asked of `queryAll`, which has what is deleted or archived too. */
  all: boolean
  /** Deleted rows too, with these fields behind the row's own that tell them; empty: none are asked for. */
  deletion: readonly string[]
  /** The last row that was met. */
  after: { id: string; stamp?: string } | null
  /** A job of the Bulk API is to answer it; null until it is made. */
  job?: { id: string; polls: number; locator: string | null } | 'to be made'
}

/**
 * What tells the rows that are there: `query` leaves out the recycle bin, but also the tasks and events that Salesforce has
 * archived ("Archived Activities"), which are records as before.
 */
export function present({ table }: TableScope, where: string | null): Pick<Question, 'where' | 'all'> {
  if (!activities.has(table.setName)) return { where, all: false }
  return { where: allOf([...(where === null ? [] : [where]), 'IsDeleted = false']), all: true }
}

/** The fields that order and tell rows apart, beside those that are copied. */
export function selectedFields(scope: TableScope): string[] {
  return [...new Set([scope.table.idField, ...scope.columns, 'SystemModstamp'])]
}

const letters: Partial<Record<FieldType, string>> = {
  integer: 'n',
  bigint: 'n',
  decimal: 'n',
  money: 'n',
  boolean: 'b',
  datetime: 'd',
}

export function typesOf({ table }: TableScope, select: readonly string[]): string {
  const types = new Map(table.fields.map(({ name, type }) => [name, type]))
  return select.map((name) => (name === 'SystemModstamp' ? 'd' : (letters[types.get(name) ?? 'other'] ?? 't'))).join('')
}

export function toLink({ job, after, ...question }: Question): string {
  const { from, select, types, where, order, all, deletion } = question
  const parts = new URLSearchParams({ from, select: select.join(','), types, order })
  if (where !== null) parts.set('where', where)
  if (all) parts.set('all', '1')
  if (deletion.length > 0) parts.set('deletion', deletion.join(','))
  if (after) parts.set('after', after.id)
  if (after?.stamp) parts.set('stamp', after.stamp)
  if (job && job !== 'to be made') {
    parts.set('job', job.id)
    parts.set('polls', String(job.polls))
    if (job.locator !== null) parts.set('locator', job.locator)
  }
  return `${job ? 'bulk' : 'rows'}?${parts}`
}

export function fromLink(link: string): Question {
  const [kind, rest = ''] = [link.slice(0, link.indexOf('?')), link.slice(link.indexOf('?') + 1)]
  const parts = new URLSearchParams(rest)
  const [from, select, types, order] = ['from', 'select', 'types', 'order'].map((name) => parts.get(name))
  if (!from || !select || !types || (order !== 'Id' && order !== 'SystemModstamp')) {
    throw new HubError('crm.delta_expired', 'The place to go on from is not of this connector’s form')
  }
  const [after, stamp, job] = [parts.get('after'), parts.get('stamp'), parts.get('job')]
  return {
    from,
    select: select.split(','),
    types,
    where: parts.get('where'),
    order,
    // Links of before have no word for it.
    all: parts.has('all') || parts.has('deletion'),
    deletion: parts.get('deletion')?.split(',') ?? [],
    after: after ? { id: after, ...(stamp ? { stamp } : {}) } : null,
    ...(kind === 'bulk' ? { job: job ? jobOf(job, parts) : ('to be made' as const) } : {}),
  }
}

const jobOf = (id: string, parts: URLSearchParams) => ({
  id,
  polls: Number(parts.get('polls') ?? 0),
  locator: parts.get('locator'),
})

/** In SOQL; `limit` null for a job, which gives all rows and needs no order. */
export function toSoql(question: Question, limit: number | null): string {
  const { from, select, where, order, deletion } = question
  const conditions = [where, place(question)].filter((part) => part !== null)
  const wanted = conditions.length > 1 ? conditions.map((part) => `(${part})`).join(' AND ') : conditions[0]
  const parts = [`SELECT ${[...select, ...deletion].join(',')} FROM ${from}`]
  if (wanted !== undefined) parts.push(`WHERE ${wanted}`)
  if (limit !== null) parts.push(`ORDER BY ${order === 'Id' ? 'Id' : 'SystemModstamp,Id'} LIMIT ${limit}`)
  return parts.join(' ')
}

/** Rows behind the last one that was met: equal times are told apart by the id, so none falls between two pages. */
function place({ order, after }: Question): string | null {
  if (after === null) return null
  const id = quoted(after.id)
  if (order === 'Id' || !after.stamp) return `Id > ${id}`
  const stamp = moment(Date.parse(after.stamp))
  return `SystemModstamp > ${stamp} OR (SystemModstamp = ${stamp} AND Id > ${id})`
}
