import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { toHostPort } from '#core/address.ts'
import type { ProxySetting } from '#core/dial.ts'
import { HubError } from '#core/errors.ts'
import type { LogFormat, LogLevel } from '#core/log.ts'
import { logFormats, logLevels } from '#core/log.ts'
import { redactor } from '#core/redact.ts'

export interface Settings {
  /** Absent: the embedded Postgres in the data folder. */
  databaseUrl: string | undefined
  dataFolder: string
  host: string
  /** 0 means any free one. */
  port: number
  /** Where vendors and browsers reach this hub, without a slash at its end. */
  publicUrl: string | undefined
  allowHosts: ReadonlySet<string>
  /** The text of the key or keys, as given or as read from the named file. */
  masterKey: string | undefined
  logLevel: LogLevel
  logFormat: LogFormat
  /** ISO 3166-1 alpha-2, for phone numbers without a country of their own. */
  defaultCountry: string | undefined
  /** So long writes that are done or cancelled are kept, with their keys. */
  keepWritesDays: number
  /** How long a person's session lasts unused, and at most. */
  sessions: { idleHours: number; days: number }
  /** By so much the clock of a provider by which people sign in may differ. */
  signOnSkewSeconds: number
  /** Addresses and networks of proxies in front of the hub, whose word counts for from where a request comes. */
  trustedProxies: readonly string[]
  /** So long acts stay in the audit log. */
  keepActsDays: number
  /** How long interactions that are over and written to the CRM stay; 0: for ever. */
  keepInteractionsDays: number
  /** How many fields of one entity an agent's card may show. */
  dynamicData: { textFields: number; otherFields: number }
  proxy: ProxySetting | undefined
  /** JACKFIELD_… variables that nothing reads, most likely misspelt: to be warned of at the start. */
  unknown: string[]
}

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const isCountry = (code: string) => /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined

function isUrl(text: string, ...protocols: string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
}

function isPlainBase(text: string): boolean {
  if (!isUrl(text, 'http:', 'https:')) return false
  const { search, hash, username } = new URL(text)
  return search === '' && hash === '' && username === ''
}

function hostPorts(text: string): ReadonlySet<string> {
  return new Set(words(text).map((pair) => toHostPort(pair)))
}

const isNetwork = (word: string) => {
  const [address = '', bits = '', ...more] = word.split('/')
  const most = isIP(address) === 6 ? 128 : 32
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (!word.includes('/') || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  )
}
const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')
const isHostPort = (word: string) => /^(\[[^\]]+\]|[^:[\]/@*]+):\d{1,5}$/.test(word) && URL.canParse(`https://${word}/`)
const proxyUrl = z.string().refine((text) => isUrl(text, 'http:', 'https:'))

/** One schema per variable; its description says what is accepted, in messages and in docs/settings.md. */
export const variables = {
  DATABASE_URL: z
    .string()
    .refine((text) => isUrl(text, 'postgres:', 'postgresql:'))
    .describe('a URL postgres://user:password@host:port/database'),
  JACKFIELD_DATA: z.string().describe('a folder'),
  JACKFIELD_HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .describe('an address or name of this machine'),
  JACKFIELD_PORT: z.coerce.number().int().min(0).max(65_535).describe('0 to 65535; 0 takes any free one'),
  JACKFIELD_PUBLIC_URL: z.string().refine(isPlainBase).describe('an http or https URL without query'),
  JACKFIELD_ALLOW_HOSTS: z
    .string()
    .refine((text) => words(text).every(isHostPort))
    .transform(hostPorts)
    .describe('host:port pairs, separated by commas'),
  JACKFIELD_MASTER_KEY: z.string().describe('32 bytes in hex or base64; several separated by commas, the first seals'),
  JACKFIELD_MASTER_KEY_FILE: z.string().describe('a file holding what JACKFIELD_MASTER_KEY would'),
  JACKFIELD_LOG_LEVEL: z.enum(logLevels).describe(`one of ${logLevels.join(', ')}`),
  JACKFIELD_LOG_FORMAT: z.enum(logFormats).describe(`one of ${logFormats.join(', ')}`),
  JACKFIELD_DEFAULT_COUNTRY: z.string().refine(isCountry).describe('two capital letters (ISO 3166), such as BE'),
  JACKFIELD_KEEP_WRITES_DAYS: z.coerce.number().int().min(1).max(36_500).describe('a whole number of days, 1 or more'),
  JACKFIELD_SESSION_IDLE_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(8_760)
    .describe('a whole number of hours, 1 to 8760'),
  JACKFIELD_SESSION_DAYS: z.coerce.number().int().min(1).max(365).describe('a whole number of days, 1 to 365'),
  JACKFIELD_SIGN_ON_SKEW_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(600)
    .describe('a whole number of seconds, 0 to 600'),
  JACKFIELD_TRUST_PROXIES: z
    .string()
    .refine((text) => words(text).every(isNetwork))
    .transform(words)
    .describe('addresses or networks such as 10.0.0.0/8, separated by commas'),
  JACKFIELD_KEEP_ACTS_DAYS: z.coerce.number().int().min(1).max(36_500).describe('a whole number of days, 1 or more'),
  JACKFIELD_KEEP_INTERACTIONS_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(36_500)
    .describe('a whole number of days; 0 keeps them for ever'),
  JACKFIELD_DYNAMIC_TEXT_FIELDS: z.coerce.number().int().min(1).max(50).describe('a whole number, 1 to 50'),
  JACKFIELD_DYNAMIC_OTHER_FIELDS: z.coerce.number().int().min(0).max(50).describe('a whole number, 0 to 50'),
  HTTPS_PROXY: proxyUrl.describe('an http or https URL'),
  NO_PROXY: z.string().describe('hosts, host:port pairs or .domains, separated by commas; * for all'),
} as const

type Variable = keyof typeof variables
type Values = { [Name in Variable]?: z.output<(typeof variables)[Name]> }
type Environment = Readonly<Record<string, string | undefined>>

export interface ReadOptions {
  /** Whether people read the log as it is written; decides its form where nothing is set. */
  terminal?: boolean
}

/** The environment as typed settings, or `configuration.invalid` naming every variable that is not as it should be. */
export function readSettings(environment: Environment, options: ReadOptions = {}): Settings {
  const problems: string[] = []
  const values = parseAll(environment, problems)
  const masterKey = readMasterKey(values, problems)
  if (problems.length > 0) {
    throw new HubError('configuration.invalid', `the environment cannot be used:\n${problems.join('\n')}`, {
      mend: 'Correct or remove these variables; docs/settings.md describes each.',
    })
  }
  const settings: Settings = {
    databaseUrl: values.DATABASE_URL,
    dataFolder: resolve(values.JACKFIELD_DATA ?? 'data'),
    host: values.JACKFIELD_HOST ?? '127.0.0.1',
    port: values.JACKFIELD_PORT ?? 8484,
    publicUrl: values.JACKFIELD_PUBLIC_URL?.replace(/\/+$/, ''),
    allowHosts: values.JACKFIELD_ALLOW_HOSTS ?? new Set(),
    masterKey,
    logLevel: values.JACKFIELD_LOG_LEVEL ?? 'info',
    logFormat: values.JACKFIELD_LOG_FORMAT ?? (options.terminal ? 'text' : 'json'),
    defaultCountry: values.JACKFIELD_DEFAULT_COUNTRY,
    keepWritesDays: values.JACKFIELD_KEEP_WRITES_DAYS ?? 90,
    sessions: { idleHours: values.JACKFIELD_SESSION_IDLE_HOURS ?? 12, days: values.JACKFIELD_SESSION_DAYS ?? 7 },
    signOnSkewSeconds: values.JACKFIELD_SIGN_ON_SKEW_SECONDS ?? 60,
    trustedProxies: values.JACKFIELD_TRUST_PROXIES ?? [],
    keepInteractionsDays: values.JACKFIELD_KEEP_INTERACTIONS_DAYS ?? 730,
    keepActsDays: values.JACKFIELD_KEEP_ACTS_DAYS ?? 400,
    dynamicData: {
      textFields: values.JACKFIELD_DYNAMIC_TEXT_FIELDS ?? 5,
      otherFields: values.JACKFIELD_DYNAMIC_OTHER_FIELDS ?? 3,
    },
    proxy: values.HTTPS_PROXY ? { url: values.HTTPS_PROXY, except: values.NO_PROXY ?? '' } : undefined,
    unknown: Object.keys(environment).filter((name) => name.startsWith('JACKFIELD_') && !(name in variables)),
  }
  hideSecrets(settings)
  return settings
}

/** An empty variable counts as absent, as in most shells and compose files. The proxy's two are also known in lower case. */
function given(environment: Environment, name: Variable): string | undefined {
  const text = environment[name] ?? (name.endsWith('_PROXY') ? environment[name.toLowerCase()] : undefined)
  return text?.trim() || undefined
}

function parseAll(environment: Environment, problems: string[]): Values {
  const values: Record<string, unknown> = {}
  for (const name of Object.keys(variables) as Variable[]) {
    const text = given(environment, name)
    if (text === undefined) continue
    const parsed = variables[name].safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else problems.push(`  ${name}${shown(name, text)} is not ${variables[name].description}`)
  }
  return values as Values
}

/** What was given helps to find the slip, but not where it may hold a password. */
function shown(name: Variable, text: string): string {
  return name === 'DATABASE_URL' || name === 'HTTPS_PROXY' ? '' : ` “${text.slice(0, 80)}”`
}

function readMasterKey(values: Values, problems: string[]): string | undefined {
  const { JACKFIELD_MASTER_KEY: text, JACKFIELD_MASTER_KEY_FILE: file } = values
  if (text !== undefined && file !== undefined) {
    problems.push('  JACKFIELD_MASTER_KEY and JACKFIELD_MASTER_KEY_FILE are both given; one of them is accepted')
  }
  if (file === undefined) return text
  try {
    const content = readFileSync(file, 'utf8').trim()
    if (content === '') problems.push(`  JACKFIELD_MASTER_KEY_FILE names ${file}, which is empty`)
    return content
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    problems.push(`  JACKFIELD_MASTER_KEY_FILE names ${file}, which cannot be read (${code})`)
    return undefined
  }
}

/** Keeps what the settings hold of secrets out of this thread's log. */
export function hideSecrets({
  databaseUrl,
  proxy,
  masterKey,
}: Pick<Settings, 'databaseUrl' | 'proxy' | 'masterKey'>): void {
  for (const text of [databaseUrl, proxy?.url]) {
    const password = text === undefined ? '' : new URL(text).password
    if (password) redactor.register(decodeURIComponent(password))
  }
  for (const key of words(masterKey ?? '')) redactor.register(key)
}
