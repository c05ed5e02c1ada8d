import type { Definition } from '../../api/http-apis.ts'

/** The members that this editor knows are edited by their path, `tables.0.list.path`; all others stay as they came. */
export const emptyDefinition: Definition = {
  name: '',
  baseUrl: '',
  authentication: { kind: 'bearer' },
  tables: [newTable('contact')],
}

export function newTable(entity: string): Definition {
  return { entity, list: { path: '', method: 'GET' }, records: '', paging: { kind: 'none' }, id: 'id' }
}

type Tree = Record<string, unknown>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

export function valueAt(from: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isTree(value) ? value[name] : undefined), from)
}

export function textAt(from: unknown, path: string): string {
  const value = valueAt(from, path)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** A copy with another value there; undefined takes the member away. */
export function withValue(from: Definition, path: string, value: unknown): Definition {
  return put(from, path.split('.'), value) as Definition
}

function put(from: unknown, [name = '', ...rest]: string[], value: unknown): unknown {
  const copy: Tree | unknown[] = Array.isArray(from) ? [...from] : { ...(isTree(from) ? from : {}) }
  const members = copy as Tree
  if (rest.length > 0) members[name] = put(members[name], rest, value)
  else if (value !== undefined) members[name] = value
  else if (Array.isArray(copy)) copy.splice(Number(name), 1)
  else delete members[name]
  return copy
}

export function tablesOf(definition: Definition): Tree[] {
  return Array.isArray(definition.tables) ? definition.tables.filter(isTree) : []
}

/** What hangs on its first member: without it the whole is not told. */
const whole: [string, string][] = [
  ['version', 'path'],
  ['since', 'parameter'],
]
const mayBeEmpty = new Set(['records', 'record', 'value', 'prefix'])

/** Without the fields that were left empty. */
export function cleaned(definition: Definition): Definition {
  const tables = tablesOf(definition).map((table) => {
    const kept = { ...table }
    for (const [name, member] of whole) if (textAt(kept, `${name}.${member}`).trim() === '') delete kept[name]
    if (textAt(kept, 'list.method') !== 'POST' && isTree(kept.list)) {
      const { body: _body, ...list } = kept.list
      kept.list = list
    }
    return kept
  })
  const { quota, ...rest } = definition
  const told = textAt(quota, 'calls') === '' ? {} : { quota }
  return withoutEmpty({ ...rest, ...told, tables }) as Definition
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (!isTree(value)) return typeof value === 'string' ? value.trim() : value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => (member !== '' || mayBeEmpty.has(name)) && !isEmptyList(member))
      .map(([name, member]) => [name, name === 'body' || name === 'query' ? member : withoutEmpty(member)]),
  )
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0

const ofAuthentication: Record<string, string[]> = {
  api_key_header: ['header'],
  api_key_query: ['parameter'],
  client_credentials: ['tokenUrl'],
}
const ofPaging: Record<string, string[]> = {
  page: ['parameter'],
  offset: ['parameter'],
  cursor: ['parameter', 'cursor'],
  next_link: ['link'],
}

/** Paths of what must be filled in before anything can be tried. */
export function missingIn(definition: Definition): string[] {
  const needed = ['name', 'baseUrl']
  const kind = textAt(definition, 'authentication.kind')
  needed.push(...(ofAuthentication[kind] ?? []).map((name) => `authentication.${name}`))
  for (const [i, table] of tablesOf(definition).entries()) {
    const paging = ofPaging[textAt(table, 'paging.kind')] ?? []
    const item = isTree(table.item) ? ['parameter' in table.item ? 'item.parameter' : 'item.path'] : []
    const names = ['entity', 'list.path', 'id', ...paging.map((name) => `paging.${name}`), ...item]
    needed.push(...names.map((name) => `tables.${i}.${name}`))
  }
  return needed.filter((path) => textAt(definition, path).trim() === '')
}

/** `Name: value`, one a line, as headers and parameters are written everywhere. */
export function pairsOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return Object.fromEntries(
    lines.map((line) => {
      const cut = /^([^:=]*)[:=]?(.*)$/.exec(line)
      return [(cut?.[1] ?? line).trim(), (cut?.[2] ?? '').trim()]
    }),
  )
}

export function pairsText(value: unknown): string {
  if (!isTree(value)) return ''
  return Object.entries(value)
    .map(([name, member]) => `${name}: ${String(member)}`)
    .join('\n')
}

/** A preset's text, or null where it is none. */
export function readPreset(text: string): Definition | null {
  try {
    const value: unknown = JSON.parse(text)
    return isTree(value) && Array.isArray(value.tables) && value.tables.length > 0 ? value : null
  } catch {
    return null
  }
}

export const textOfPreset = (definition: Definition) => `${JSON.stringify(cleaned(definition), null, 2)}\n`
