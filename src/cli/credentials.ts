import { type Command, InvalidArgumentError } from 'commander'
import type { JsonOption } from './command.ts'
import type { AccessOptions } from './hub-access.ts'
import { readSecret } from './secret-file.ts'

/** By what the hub signs in to a CRM, as options of a command. */
export interface CredentialOptions {
  authority?: string
  tenant?: string
  clientId?: string
  scope?: string
  username?: string
  loginUrl?: string
  audience?: string
  user?: string
  setting: Record<string, string>
  /** What the file holds; one of these is given. */
  clientSecretFile?: string
  privateKeyFile?: string
  secretFile?: string
}

export function takesCredentials(command: Command): Command {
  return command
    .option('--client-secret-file <file>', 'file with the client secret; - reads it from standard input', readSecret)
    .option(
      '--private-key-file <file>',
      'Salesforce, instead: PEM file with the key that assertions are signed with',
      readSecret,
    )
    .option('--secret-file <file>', 'the same, for a password, key or token', readSecret)
    .option('--user <name>', 'http: user of Basic authentication')
    .option('--client-id <id>', 'application (client) id; Salesforce: consumer key')
    .option('--username <name>', 'Salesforce with a private key: user that the hub is')
    .option('--login-url <address>', 'Salesforce: sign-in service, where it is not the organisation’s own address')
    .option('--audience <address>', 'Salesforce with a private key: audience of assertions, where it is not the usual')
    .option('--tenant <id>', 'directory (tenant) id; found from the organisation where it is not given')
    .option('--authority <address>', 'sign-in service, where it is not that of the public cloud')
    .option('--scope <scope>', 'scope of tokens, where it is not the organisation’s default')
    .option('--setting <name=value>', 'any other setting of the authentication; may be repeated', addSetting, {})
}

function addSetting(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('A setting is name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

const secretsOf = ({ clientSecretFile, privateKeyFile, secretFile }: CredentialOptions) =>
  [clientSecretFile, privateKeyFile, secretFile].filter((secret) => secret !== undefined)

/** What lacks, to be said before a hub is opened; null where nothing does. */
export function missingSecret(options: CredentialOptions): string | null {
  const given = secretsOf(options)
  if (given.length === 1) return null
  return `${given.length === 0 ? 'A secret is' : 'Only one secret is'} needed: --client-secret-file, --private-key-file or --secret-file`
}

export function credentialsIn(options: CredentialOptions): { settings: Record<string, string>; secret: string } {
  const { authority, tenant, clientId, scope, username, loginUrl, audience, user, privateKeyFile } = options
  const flow = privateKeyFile === undefined ? undefined : 'jwt_bearer'
  const named = given({ authority, tenant, clientId, scope, flow, username, loginUrl, audience, user })
  return { settings: { ...options.setting, ...named }, secret: secretsOf(options)[0] ?? '' }
}

/** What is not undefined. */
export function given(settings: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

/** For commands whose `--url` is the CRM's. */
export function crmOverHub(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of the hub (default: JACKFIELD_DATA, else ./data)')
    .option('--hub <address>', 'address of a running hub (default: JACKFIELD_URL)')
    .option('--key <key>', 'its API key (default: JACKFIELD_KEY)')
}

export function accessBeside(options: AccessOptions & JsonOption & { hub?: string }): AccessOptions & JsonOption {
  const { hub, url: _crmUrl, ...rest } = options
  return hub === undefined ? rest : { ...rest, url: hub }
}
