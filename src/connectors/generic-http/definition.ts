import { z } from 'zod'
import { isWindowAddress } from '#connectors/window.ts'
import { HubError } from '#core/errors.ts'
import { headerName, pathForm } from './paths.ts'

/**
 * What an API is like, told as data: kept in the connection's settings, and shared between people as a file (a preset).
 * Nothing in it is secret. docs/connect/http.md is its reference.
 */

const short = z.string().min(1).max(200)
const text = z.string().max(4000)
/** A dotted path into JSON, with places in arrays: `data.items`, `phones[0].number`. */
const path = z
  .string()
  .max(500)
  .regex(pathForm, 'a path is names joined by dots, with places in arrays: phones[0].number')
/** As `path`, or `header:Name` for a header of the reply. */
const place = z
  .string()
  .max(500)
  .refine((given) => pathForm.test(given) || headerName(given) !== null, {
    message: 'give a path into the reply, or header:Name',
  })
const token = z.string().regex(/^[!#$%&'*+\-.^_`|~\w]+$/, 'a header’s name has letters, digits and hyphens')
/** Those that carry secrets, or that the hub itself sets. */
const reserved = /^(?:authorization|cookie|proxy-authorization|host|content-length|transfer-encoding|connection)$/i
const headerText = z
  .string()
  .max(4000)
  .regex(/^[^\p{Cc}]*$/u, 'a header’s value is one line')
const headers = z
  .record(
    token.refine((name) => !reserved.test(name), 'this header is not a definition’s to set'),
    headerText,
  )
  .default({})
const entity = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/)
/** Relative to the base address; may carry placeholders. */
const address = z
  .string()
  .min(1)
  .max(2000)
  .regex(/^\/(?!\/)/, 'an address begins with one slash')

/** Of no other scheme: a browser that follows a link to `javascript:` runs what stands there. */
const webAddress = z.url({ protocol: /^https?$/ }).max(2000)

const windowAddress = webAddress.refine(isWindowAddress, 'an address that people sign in at begins with https')

/** Where tokens are given for a client's id and secret, and for what. */
const tokenPlace = {
  tokenUrl: webAddress,
  scope: text.optional(),
  audience: text.optional(),
  /** How client id and secret travel: as the request's user and password, or in its form. */
  credentials: z.enum(['header', 'form']).default('form'),
}

const authentication = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** The user's name is a setting of the authentication. */
  z.strictObject({ kind: z.literal('basic') }),
  z.strictObject({ kind: z.literal('bearer') }),
  z.strictObject({ kind: z.literal('api_key_header'), header: token, prefix: z.string().max(50).default('') }),
  z.strictObject({ kind: z.literal('api_key_query'), parameter: short }),
  z.strictObject({
    kind: z.literal('client_credentials'),
    ...tokenPlace,
    /** Where people can sign in as themselves, though the service signs in without them. */
    authorizeUrl: windowAddress.optional(),
  }),
  z.strictObject({ kind: z.literal('authorization_code'), ...tokenPlace, authorizeUrl: windowAddress }),
])

/** Where a parameter of the request goes: its query, or its JSON body by path. */
const within = z.enum(['query', 'body']).default('query')
const size = { sizeParameter: short.optional(), size: z.int().min(1).max(10_000).default(100), in: within }

const paging = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('page'), parameter: short, first: z.int().min(0).max(1).default(1), ...size }),
  z.strictObject({ kind: z.literal('offset'), parameter: short, ...size }),
  z.strictObject({ kind: z.literal('cursor'), parameter: short, cursor: place, ...size }),
  z.strictObject({ kind: z.literal('next_link'), link: place, ...size }),
  z.strictObject({ kind: z.literal('link_header'), ...size }),
])

const timeFormat = z.enum(['iso', 'epoch_seconds', 'epoch_milliseconds', 'date'])

const list = z.strictObject({
  path: address,
  method: z.enum(['GET', 'POST']).default('GET'),
  query: z.record(short, text).default({}),
  headers,
  /** For POST: sent as JSON. */
  body: z.record(z.string(), z.unknown()).optional(),
})

const fieldTypes = [
  'text',
  'memo',
  'integer',
  'decimal',
  'money',
  'boolean',
  'date',
  'datetime',
  'lookup',
  'other',
] as const

const field = z.strictObject({
  path,
  type: z.enum(fieldTypes),
  label: short.optional(),
  /** Of a date or time that is no ISO text. */
  format: timeFormat.optional(),
  /** For a lookup: the entities that it may point at. */
  entities: z.array(entity).max(10).optional(),
})

/** A member of the record that holds one of these values. */
const oneOf = z.strictObject({
  path,
  values: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .max(20),
})

const table = z.strictObject({
  entity,
  label: short.optional(),
  list,
  format: z.enum(['json', 'ndjson']).default('json'),
  /** Where the records stand in the reply; empty: the reply itself is the list. */
  records: z.union([path, z.literal('')]).default(''),
  paging: paging.default({ kind: 'none' }),
  /** Where the reply tells how many records there are: the hub counts, and stops where they do not come. */
  total: place.optional(),
  id: path,
  /** What grows with every change of a record: orders two readings of it. */
  version: z.strictObject({ path, format: z.enum([...timeFormat.options, 'integer']).default('iso') }).optional(),
  /** When a record was last changed. */
  modified: path.optional(),
  /** Asks for what was changed since a time; without it every pass compares the whole table. */
  since: z
    .strictObject({ parameter: short, format: timeFormat.default('iso'), value: text.default('{since}'), in: within })
    .optional(),
  /** How records are read by id; without it the whole list is read to find out about one. */
  item: z
    .union([
      z.strictObject({
        path: address.regex(/\{id\}/, 'the address needs {id}'),
        record: z.union([path, z.literal('')]).default(''),
      }),
      z.strictObject({
        parameter: short,
        separator: z.string().min(1).max(5).default(','),
        most: z.int().min(1).max(100).default(50),
        in: within,
      }),
    ])
    .optional(),
  /** A record of which this holds counts as deleted. */
  deleted: oneOf.optional(),
  /** The record's page for people, with {id}. */
  webUrl: webAddress.optional(),
  /** What is copied; suggested from the first records where it is not told. */
  fields: z.array(field).min(1).max(300).optional(),
  name: z.array(z.array(path).min(1).max(5)).max(10).optional(),
  phones: z.array(path).max(20).optional(),
  emails: z.array(path).max(20).optional(),
  country: z.array(path).max(5).optional(),
  active: oneOf.optional(),
})

export const definitionSchema = z
  .strictObject({
    jackfield: z.literal('http-definition/1').default('http-definition/1'),
    name: short,
    description: text.optional(),
    baseUrl: webAddress,
    /** Tells two organisations behind one address apart; record ids hang on it. */
    organisation: short.optional(),
    authentication,
    headers,
    /** The calls that the API allows within so many seconds; a modest pace where it is not told. */
    quota: z
      .strictObject({ calls: z.int().min(2).max(10_000_000), seconds: z.int().min(1).max(86_400).default(60) })
      .optional(),
    push: z
      .strictObject({
        /** How pushes prove themselves: signed over their body, or by a secret in a header. */
        proof: z.enum(['signature', 'secret']).default('signature'),
        /** Where the record's id stands in what is posted to an address of one entity and operation. */
        id: path.default('id'),
      })
      .default({ proof: 'signature', id: 'id' }),
    tables: z.array(table).min(1).max(50),
  })
  .superRefine((given, context) => {
    const seen = new Set<string>()
    for (const [i, one] of given.tables.entries()) {
      if (seen.has(one.entity))
        context.addIssue({ code: 'custom', path: ['tables', i, 'entity'], message: 'is there twice' })
      seen.add(one.entity)
      if (one.list.method === 'GET' && one.list.body !== undefined)
        context.addIssue({ code: 'custom', path: ['tables', i, 'list', 'body'], message: 'only a POST has a body' })
      if (one.format === 'ndjson' && one.records !== '')
        context.addIssue({ code: 'custom', path: ['tables', i, 'records'], message: 'lines hold one record each' })
    }
  })

export type Definition = z.infer<typeof definitionSchema>
export type TableRequest = z.infer<typeof table>
export type Paging = TableRequest['paging']
export type TimeFormat = z.infer<typeof timeFormat>
export type DefinedField = z.infer<typeof field>

/** Throws input.invalid naming the first place that is wrong. */
export function readDefinition(given: unknown): Definition {
  const parsed = definitionSchema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const where = ['definition', ...(issue?.path ?? [])].join('.')
  throw new HubError(
    'input.invalid',
    `The definition is wrong at ${where}: ${issue?.message ?? 'not of the expected form'}`,
    {
      field: where,
      mend: 'Correct that place; docs/connect/http.md describes every member.',
    },
  )
}

const known = new WeakMap<object, Definition>()

/** The definition among a connection's settings: checked when it was stored, parsed once for each time they are loaded. */
export function definitionOf({ settings }: { settings: Readonly<Record<string, unknown>> }): Definition {
  const given = settings.definition
  if (typeof given !== 'object' || given === null) {
    throw new HubError('input.invalid', 'The connection has no definition of its API', { field: 'definition' })
  }
  const definition = known.get(given) ?? readDefinition(given)
  known.set(given, definition)
  return definition
}

/** Throws resource.not_found. */
export function tableOf(definition: Definition, entity: string): TableRequest {
  const found = definition.tables.find((one) => one.entity === entity)
  if (found) return found
  throw new HubError('resource.not_found', `The definition “${definition.name}” has no table ${entity.slice(0, 100)}`, {
    mend: 'Add the table to the connection’s definition.',
  })
}
