import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { CheckStep, Connection } from '../server/contract/connections.ts'
import { type JsonOption, run, runWithHub, type Shell } from './command.ts'
import { usage } from './failure.ts'
import type { Access, AccessOptions } from './hub-access.ts'
import { type JsonObject, readJson } from './json-file.ts'
import type { Output } from './output.ts'
import { presetOf } from './preset.ts'

interface Options extends JsonOption, AccessOptions {
  /** Of the CRM; `--url` means this here, and the hub's own address stands under `--hub`. */
  url?: string
  /** What the file holds. */
  definition?: JsonObject
  preset?: string
  hub?: string
  authority?: string
  tenant?: string
  clientId?: string
  scope?: string
  username?: string
  loginUrl?: string
  audience?: string
  /** What the file holds; one of these is given. */
  clientSecretFile?: string
  privateKeyFile?: string
  secretFile?: string
  user?: string
  setting: Record<string, string>
  name?: string
  country?: string
  timeZone?: string
  apiVersion?: string
  keyFields?: boolean
}

export function connectCommand(program: Command, shell: Shell): void {
  program
    .command('connect')
    .description('check and connect an organisation of a CRM, and begin to copy it')
    .argument('<crm>', 'kind of CRM: dynamics, salesforce, http')
    .option('--url <address>', 'address of the organisation, as people open it')
    .option('--client-secret-file <file>', 'file with the client secret; - reads it from standard input', readSecret)
    .option(
      '--private-key-file <file>',
      'Salesforce, instead: PEM file with the key that assertions are signed with',
      readSecret,
    )
    .option('--secret-file <file>', 'the same, for a password, key or token', readSecret)
    .option(
      '--definition <file>',
      'http: file that says what the API is like; its baseUrl stands in for --url',
      readJson,
    )
    .option('--preset <name>', 'http, instead: a definition that comes with the hub; `preset list` names them')
    .option('--user <name>', 'http: user of Basic authentication')
    .option('--client-id <id>', 'application (client) id; Salesforce: consumer key')
    .option('--username <name>', 'Salesforce with a private key: user that the hub is')
    .option('--login-url <address>', 'Salesforce: sign-in service, where it is not the organisation’s own address')
    .option('--audience <address>', 'Salesforce with a private key: audience of assertions, where it is not the usual')
    .option('--tenant <id>', 'directory (tenant) id; found from the organisation where it is not given')
    .option('--authority <address>', 'sign-in service, where it is not that of the public cloud')
    .option('--scope <scope>', 'scope of tokens, where it is not the organisation’s default')
    .option('--setting <name=value>', 'any other setting of the authentication; may be repeated', addSetting, {})
    .option('--name <name>', 'what people call the connection')
    .option('--country <code>', 'ISO 3166 code that completes national phone numbers')
    .option('--time-zone <name>', 'IANA name, such as Europe/Brussels')
    .option('--api-version <version>', 'Salesforce: version of the API (default: 60.0)')
    .option('--key-fields', 'consent to a field of the hub’s own in the CRM’s tables, for creates that are made once')
    .option('--json', 'print {"connection"}')
    .option('--data <folder>', 'data folder of the hub (default: JACKFIELD_DATA, else ./data)')
    .option('--hub <address>', 'address of a running hub (default: JACKFIELD_URL)')
    .option('--key <key>', 'its API key (default: JACKFIELD_KEY)')
    .action((crm: string, options: Options) => {
      const { hub, url: _crmUrl, ...rest } = options
      const missing = missingOf(options)
      if (missing !== null) return run(shell, options, () => Promise.reject(usage(missing)))
      const access = hub === undefined ? rest : { ...rest, url: hub }
      return runWithHub(shell, { ...access, mayBeNew: true }, (opened, output) => connect(opened, output, crm, options))
    })
}

function addSetting(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('A setting is name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

async function connect({ api }: Access, output: Output, crm: string, options: Options): Promise<undefined> {
  const { authority, tenant, clientId, scope, username, loginUrl, audience, user } = options
  const { country, timeZone, apiVersion, preset, clientSecretFile, privateKeyFile, secretFile } = options
  const definition = preset === undefined ? options.definition : (await presetOf(api, preset)).definition
  const url = options.url ?? definition?.baseUrl
  const secret = clientSecretFile ?? privateKeyFile ?? secretFile
  const flow = privateKeyFile === undefined ? undefined : 'jwt_bearer'
  const named = given({ authority, tenant, clientId, scope, flow, username, loginUrl, audience, user })
  const body = {
    crm: crm === 'http' ? 'generic-http' : crm,
    url,
    ...given({ name: options.name }),
    authentication: { settings: { ...options.setting, ...named }, secret },
    settings: {
      ...given({ defaultCountry: country, timeZone, apiVersion }),
      ...(options.keyFields ? { keyFields: true } : {}),
      ...(definition ? { definition } : {}),
    },
  }
  const made = await api.postInSteps<CheckStep, Connection>('/connections', body, (step) => tellStep(output, step))
  output.result({ connection: made.id, name: made.name, organisation: made.organisation, url: made.url })
  output.line(`Connected ${made.name} as ${made.id}`)
  output.line(`Copy it now: jackfield sync ${made.id} --wait`)
  return undefined
}

export function tellStep(output: Output, step: CheckStep): void {
  output.line(`${step.ok ? '✓' : '✗'} ${step.message}`)
  if (step.mend !== undefined && !step.ok) output.line(`  ${step.mend}`)
}

function readSecret(file: string): string {
  let secret: string
  try {
    // The line end is the editor's, not the secret's.
    secret = readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new InvalidArgumentError(`It cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  if (secret.trim() === '') throw new InvalidArgumentError('It holds no secret.')
  return secret
}

/** Said before a hub is opened. */
function missingOf({ url, definition, preset, ...secrets }: Options): string | null {
  if (preset !== undefined && definition !== undefined) return 'Only one of --preset and --definition can be taken'
  if (preset === undefined && typeof (url ?? definition?.baseUrl) !== 'string') return 'An address is needed: --url'
  const { clientSecretFile, privateKeyFile, secretFile } = secrets
  const given = [clientSecretFile, privateKeyFile, secretFile].filter((secret) => secret !== undefined)
  if (given.length === 1) return null
  return `${given.length === 0 ? 'A secret is' : 'Only one secret is'} needed: --client-secret-file, --private-key-file or --secret-file`
}

function given(settings: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}
