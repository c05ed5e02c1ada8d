import type { Command } from 'commander'
import type { CheckStep, Connection } from '../server/contract/connections.ts'
import { findAuthentication } from './authentication.ts'
import { type JsonOption, run, runWithHub, type Shell } from './command.ts'
import {
  accessBeside,
  type CredentialOptions,
  credentialsIn,
  crmOverHub,
  given,
  missingSecret,
  takesCredentials,
} from './credentials.ts'
import { usage } from './failure.ts'
import type { Access, AccessOptions } from './hub-access.ts'
import { type JsonObject, readJson } from './json-file.ts'
import type { Output } from './output.ts'
import { presetOf } from './preset.ts'
import { tellStep } from './tell-step.ts'

interface Options extends JsonOption, AccessOptions, CredentialOptions {
  /** Of the CRM; `--url` means this here, and the hub's own address stands under `--hub`. */
  url?: string
  /** What the file holds. */
  definition?: JsonObject
  preset?: string
  hub?: string
  authentication?: string
  name?: string
  country?: string
  timeZone?: string
  apiVersion?: string
  keyFields?: boolean
}

export function connectCommand(program: Command, shell: Shell): void {
  const command = program
    .command('connect')
    .description('check and connect an organisation of a CRM, and begin to copy it')
    .argument('<crm>', 'kind of CRM: dynamics, salesforce, http')
    .option('--url <address>', 'address of the organisation, as people open it')
  takesCredentials(command)
    .option('--authentication <name>', 'instead of a secret: an authentication that is there, by name or id')
    .option(
      '--definition <file>',
      'http: file that says what the API is like; its baseUrl stands in for --url',
      readJson,
    )
    .option('--preset <name>', 'http, instead: a definition that comes with the hub; `preset list` names them')
    .option('--name <name>', 'what people call the connection')
    .option('--country <code>', 'ISO 3166 code that completes national phone numbers')
    .option('--time-zone <name>', 'IANA name, such as Europe/Brussels')
    .option('--api-version <version>', 'Salesforce: version of the API (default: 60.0)')
    .option('--key-fields', 'consent to a field of the hub’s own in the CRM’s tables, for creates that are made once')
    .option('--json', 'print {"connection"}')
  crmOverHub(command).action((crm: string, options: Options) => {
    const missing = missingOf(options)
    if (missing !== null) return run(shell, options, () => Promise.reject(usage(missing)))
    return runWithHub(shell, { ...accessBeside(options), mayBeNew: true }, (opened, output) =>
      connect(opened, output, crm, options),
    )
  })
}

async function connect({ api }: Access, output: Output, crm: string, options: Options): Promise<undefined> {
  const { country, timeZone, apiVersion, preset, authentication } = options
  const definition = preset === undefined ? options.definition : (await presetOf(api, preset)).definition
  const body = {
    crm: crm === 'http' ? 'generic-http' : crm,
    url: options.url ?? definition?.baseUrl,
    ...given({ name: options.name }),
    authentication:
      authentication === undefined
        ? credentialsIn(options)
        : { id: (await findAuthentication(api, authentication)).id },
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

/** Said before a hub is opened. */
function missingOf(options: Options): string | null {
  const { url, definition, preset, authentication } = options
  if (preset !== undefined && definition !== undefined) return 'Only one of --preset and --definition can be taken'
  if (preset === undefined && typeof (url ?? definition?.baseUrl) !== 'string') return 'An address is needed: --url'
  if (authentication === undefined) return missingSecret(options)
  return missingSecret(options) === null ? 'Either a secret or --authentication is taken' : null
}
