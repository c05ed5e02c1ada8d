import { noProperty, odata } from './errors.ts'
import { edmOf, type Resolve } from './evaluate.ts'
import { type Filter, parseFilter } from './odata-filter.ts'
import type { Column } from './schema.ts'
import { type Row, reader, type Table } from './table.ts'

export type Expand = { nav: string; options: Query }
export type Query = {
  select: string[] | null
  filter: Filter | null
  orderby: { path: string; descending: boolean }[]
  top: number | null
  expand: Expand[]
  count: boolean
  skiptoken: string | null
  deltatoken: string | null
  /** Name and value of each option as sent, for links that repeat them. */
  sent: [string, string][]
}

const KNOWN = new Set(
  '$select $filter $orderby $top $expand $count $skiptoken $deltatoken $skip LabelLanguages'.split(' '),
)

export function splitUrl(url: string): { path: string; query: string } {
  const at = url.indexOf('?')
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw odata(`The request URI is not valid: '${text.slice(0, 100)}' cannot be decoded.`)
  }
}

export function parseQuery(query: string): Query {
  const sent = query
    .split('&')
    .filter(Boolean)
    .map((part): [string, string] => {
      const at = part.indexOf('=')
      return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), part.slice(at + 1)]
    })
  for (const [name] of sent) {
    if (name === '$skip') throw odata('Skip Clause is not supported in CRM')
    if (name.startsWith('$') && !KNOWN.has(name)) throw odata(`The query parameter '${name}' is not supported.`)
  }
  return { ...parseOptions(sent.map(([name, value]) => [name, decode(value)])), sent }
}

function parseOptions(options: [string, string][]): Query {
  const of = (name: string) => options.find(([n]) => n === name)?.[1] ?? null
  const filter = of('$filter')
  const count = of('$count')
  if (count !== null && count !== 'true' && count !== 'false')
    throw odata(`Invalid value '${count}' for $count query option found.`)
  return {
    select: listOf(of('$select')),
    filter: filter === null ? null : parseFilter(filter),
    orderby: (listOf(of('$orderby')) ?? []).map(parseOrder),
    top: parseTop(of('$top')),
    expand: parseExpand(of('$expand') ?? ''),
    count: count === 'true',
    skiptoken: of('$skiptoken'),
    deltatoken: of('$deltatoken'),
    sent: [],
  }
}

const listOf = (text: string | null) => (text === null || text === '' ? null : text.split(',').map((s) => s.trim()))

function parseOrder(text: string): { path: string; descending: boolean } {
  const [, path, direction] = /^(\S+)(?:\s+(asc|desc))?$/.exec(text) ?? []
  if (path === undefined) throw odata(`Syntax error in $orderby: '${text}'.`)
  return { path, descending: direction === 'desc' }
}

function parseTop(text: string | null): number | null {
  if (text === null) return null
  if (!/^\d+$/.test(text))
    throw odata(
      `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
    )
  return Number(text)
}

/** `a($select=x,y;$filter=z),b` */
function parseExpand(text: string): Expand[] {
  return splitOutside(text, ',').map((item) => {
    const [, nav, inner] = /^([^(]+)(?:\((.*)\))?$/s.exec(item.trim()) ?? []
    if (nav === undefined) throw odata(`Syntax error in $expand: '${item}'.`)
    const options = splitOutside(inner ?? '', ';').map((option): [string, string] => {
      const at = option.indexOf('=')
      return [option.slice(0, at).trim(), option.slice(at + 1)]
    })
    return { nav: nav.trim(), options: parseOptions(options) }
  })
}

function splitOutside(text: string, separator: string): string[] {
  const out: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === "'") quoted = !quoted
    if (quoted) continue
    if (c === '(' || c === '[') depth++
    if (c === ')' || c === ']') depth--
    if (c === separator && depth === 0) {
      out.push(text.slice(from, i))
      from = i + 1
    }
  }
  out.push(text.slice(from))
  return out.filter((s) => s.trim() !== '')
}

export const columnsOf = (table: Table): Column[] => [...table.columns.values()].filter((c) => c.name !== 'authvalue')

/** The columns to answer, the primary key among them; null is all of them. */
export function selected(table: Table, select: string[] | null): Column[] {
  if (select === null || select.includes('*')) return columnsOf(table)
  const columns = select.map((name) => {
    const column = table.columns.get(name)
    if (!column || column.name === 'authvalue') throw noProperty(name, table.definition.logical)
    return column
  })
  const pk = table.columns.get(table.definition.pk)!
  return columns.includes(pk) ? columns : [...columns, pk]
}

/** Paths of a filter or an order on a table's own columns. */
export function resolver(table: Table): Resolve<Row> {
  return (path) => {
    const column = table.columns.get(path)
    if (!column) throw noProperty(path, table.definition.logical)
    return { read: reader(table, path), edm: edmOf(column.type) }
  }
}
