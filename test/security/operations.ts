import { randomUUID } from 'node:crypto'

// biome-ignore lint/suspicious/noExplicitAny: a document of schemas
type Json = any

/** A route as the hub's own document tells it. */
export interface Operation {
  method: string
  /** With its parameters in braces. */
  path: string
  /** The permissions of which one is needed, or `signed in`, or `open`. */
  admits: string[]
  parameters: { name: string; in: 'path' | 'query' }[]
  /** Of its JSON body. */
  body: Json | null
}

export const nameOf = ({ method, path }: Operation) => `${method} ${path}`

/** Every route of the document, with schemas in place of references to them. */
export function operationsOf(document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(([method, told]) => ({
      path,
      method: method.toUpperCase(),
      admits: told['x-access'] ?? [],
      parameters: told.parameters ?? [],
      body: resolved(told.requestBody?.content?.['application/json']?.schema, document, 0) ?? null,
    })),
  )
}

/** A filter holds filters: after so many references on the way down they end. */
const deepest = 4

function resolved(schema: Json, document: Json, depth: number): Json {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map((part) => resolved(part, document, depth))
  if (typeof schema.$ref === 'string') {
    if (depth > deepest) return {}
    const target = schema.$ref
      .slice(2)
      .split('/')
      .reduce((node: Json, name: string) => node?.[name], document)
    return resolved(target, document, depth + 1)
  }
  return Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, resolved(part, document, depth)]))
}

const examples: Record<string, string> = {
  crm: 'dynamics',
  entity: 'contact',
  act: 'pause',
  kind: 'webhook',
  cursor: '',
  limit: '5',
  phone: '+3225550100',
  email: 'a@example.org',
  name: 'ab',
}

/** The address with made-up values, or with those that are given. */
export function addressOf({ path }: Operation, values: Record<string, string> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? examples[name] ?? randomUUID()),
  )
}

/** A body of the schema's form. Addresses lead nowhere. */
export function sampleOf(schema: Json, name = ''): unknown {
  if (typeof schema !== 'object' || schema === null) return 'x'
  if (schema.const !== undefined) return schema.const
  if (Array.isArray(schema.enum)) return schema.enum[0]
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0]
  if (choice) return sampleOf(choice, name)
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'object':
      return sampleObject(schema)
    case 'array':
      return [sampleOf(schema.items, name)]
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1)
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return sampleText(schema, name)
  }
}

function sampleObject(schema: Json): Record<string, unknown> {
  const parts = Object.entries<Json>(schema.properties ?? {}).map(([key, part]) => [key, sampleOf(part, key)])
  if (parts.length > 0) return Object.fromEntries(parts)
  return schema.additionalProperties ? { x: sampleOf(schema.additionalProperties) } : {}
}

function sampleText({ format, pattern, minLength }: Json, name: string): string {
  if (format === 'uuid' || format === 'guid' || /\[0-9a-f/i.test(pattern ?? '')) return randomUUID()
  if (format === 'date-time') return new Date().toISOString()
  if (isAddress(name)) return 'http://127.0.0.1:1'
  if (name === 'entity') return 'contact'
  if (name === 'crm') return 'dynamics'
  return 'x'.repeat(Math.max(1, minLength ?? 1))
}

/** What by its name is an address that the hub may call. */
export const isAddress = (name: string) => /(url|uri|link|origin|host|authority|endpoint|address|issuer)$/i.test(name)

/** Every place of a body: its path, and its schema. */
export function placesOf(schema: Json, at: string[] = []): { at: string[]; schema: Json }[] {
  if (typeof schema !== 'object' || schema === null) return []
  const here = { at, schema }
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  if (choices.length > 0) return choices.flatMap((choice: Json) => placesOf(choice, at))
  if (schema.type === 'array') return [here, ...placesOf(schema.items, [...at, '0'])]
  const named = Object.entries<Json>(schema.properties ?? {})
  return [here, ...named.flatMap(([name, part]) => placesOf(part, [...at, name]))]
}

/** The body with another value in one place; the rest is made as the schema has it. */
export function withValue(body: unknown, at: readonly string[], value: unknown): unknown {
  const [first, ...rest] = at
  if (first === undefined) return value
  const whole = Array.isArray(body) ? [...body] : { ...(body as object | null) }
  return Object.assign(whole, { [first]: withValue((whole as Record<string, unknown>)[first], rest, value) })
}
