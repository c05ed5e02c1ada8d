import type { Command } from 'commander'
import type { Authentication, AuthenticationList, SecretReplaced } from '../server/contract/authentications.ts'
import type { CheckStep } from '../server/contract/connections.ts'
import type { Api } from './api.ts'
import { type JsonOption, run, runWithHub, type Shell, talksToHub } from './command.ts'
import {
  accessBeside,
  type CredentialOptions,
  credentialsIn,
  crmOverHub,
  missingSecret,
  takesCredentials,
} from './credentials.ts'
import { exitCode } from './exit-code.ts'
import { usage } from './failure.ts'
import { type Access, type AccessOptions, theOne } from './hub-access.ts'
import { columns, type Output } from './output.ts'
import { readSecret } from './secret-file.ts'
import { tellStep } from './tell-step.ts'

type Common = JsonOption & AccessOptions

export function authenticationCommand(program: Command, shell: Shell): void {
  const group = program.command('authentication').description('credentials by which the hub signs in to CRMs')
  talksToHub(group.command('list').description('all of them, and what uses each')).action((options: Common) =>
    runWithHub(shell, options, list),
  )
  talksToHub(group.command('show').description('one of them').argument('<name>', named)).action(
    (name: string, options: Common) => runWithHub(shell, options, (access, output) => show(access, output, name)),
  )
  addCommand(group, shell)
  talksToHub(
    group
      .command('rename')
      .description('call it something else')
      .argument('<name>', named)
      .argument('<new name>', 'what people call it from now on'),
  ).action((name: string, newName: string, options: Common) =>
    runWithHub(shell, options, (access, output) => rename(access, output, name, newName)),
  )
  secretCommand(group, shell)
  talksToHub(
    group.command('remove').description('forget it; refused while a connection uses it').argument('<name>', named),
  ).action((name: string, options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { id } = await findAuthentication(api, name)
      await api.delete(`/authentications/${id}`)
      output.result({ removed: id })
      output.line('Removed.')
      return undefined
    }),
  )
}

const named = 'name or id of the authentication'

async function list({ api }: Access, output: Output): Promise<undefined> {
  const { authentications } = await api.get<AuthenticationList>('/authentications')
  output.result({ authentications })
  if (authentications.length === 0) output.line('There is none. Make one: jackfield authentication add')
  for (const line of columns(authentications.map(row))) output.line(line)
  return undefined
}

const row = ({ id, name, crm, connections, problem }: Authentication) => [
  ...[id, name, crm, connections.map((one) => one.name).join(', ') || 'unused'],
  problem?.message ?? '',
]

async function show({ api }: Access, output: Output, name: string): Promise<undefined> {
  tell(output, await findAuthentication(api, name))
  return undefined
}

function tell(output: Output, authentication: Authentication): void {
  const { id, name, crm, settings, consent, connections, tokenExpiresAt, problem } = authentication
  output.result({ authentication })
  output.line(`${name}  ${crm}  ${id}`)
  for (const line of columns(Object.entries(settings).map(([key, value]) => [`  ${key}`, value]))) output.line(line)
  for (const one of connections) output.line(`  used by ${one.name} (${one.state})`)
  if (connections.length === 0) output.line('  used by nothing')
  if (consent === 'waiting') output.line('  waits until somebody signs in to the CRM: console, Authentications')
  if (tokenExpiresAt) output.line(`  token ends at ${tokenExpiresAt}`)
  if (problem) output.line(`  ${problem.message}${problem.mend ? ` ${problem.mend}` : ''}`)
}

interface AddOptions extends Common, CredentialOptions {
  name: string
  /** Of the CRM. */
  url: string
  /** Somebody signs in to the CRM in its window. */
  window?: boolean
  hub?: string
}

function addCommand(group: Command, shell: Shell): void {
  const command = group
    .command('add')
    .description('make one by itself, for connections to share; it is tried first')
    .argument('<crm>', 'kind of CRM: dynamics, salesforce')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--url <address>', 'of an organisation that it signs in to, as people open it')
    .option('--window', 'somebody signs in to the CRM in its window, from the console; the secret is that of the app')
    .option('--json', 'print {"authentication"}')
  crmOverHub(takesCredentials(command)).action((crm: string, options: AddOptions) => {
    const missing = options.window ? null : missingSecret(options)
    if (missing !== null) return run(shell, options, () => Promise.reject(usage(missing)))
    return runWithHub(shell, { ...accessBeside(options), mayBeNew: true }, async ({ api }, output) => {
      const { name, url } = options
      const { settings, secret } = credentialsIn(options)
      const flow = options.window ? { flow: 'authorization_code' } : {}
      const body = { name, crm, url, settings: { ...settings, ...flow }, secret }
      const onStep = (step: CheckStep) => tellStep(output, step)
      tell(output, await api.postInSteps<CheckStep, Authentication>('/authentications', body, onStep))
      return undefined
    })
  })
}

async function rename({ api }: Access, output: Output, name: string, newName: string): Promise<undefined> {
  const { id } = await findAuthentication(api, name)
  tell(output, await api.patch<Authentication>(`/authentications/${id}`, { name: newName }))
  return undefined
}

function secretCommand(group: Command, shell: Shell): void {
  const command = group
    .command('replace-secret')
    .description('enter a new secret; exit code 3 when a connection that uses it still needs attention')
    .argument('<name>', named)
    .requiredOption('--secret-file <file>', 'file with the secret; - reads it from standard input', readSecret)
  talksToHub(command).action((name: string, options: Common & { secretFile: string }) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { id } = await findAuthentication(api, name)
      const secret = { secret: options.secretFile }
      const { connections } = await api.put<SecretReplaced>(`/authentications/${id}/secret`, secret)
      output.result({ replaced: id, connections })
      output.line('Replaced.')
      for (const one of connections) output.line(`  ${one.name}: ${one.mended ? 'works again' : one.state}`)
      return connections.some(({ state }) => state === 'needs_attention') ? exitCode.attention : undefined
    }),
  )
}

export async function findAuthentication(api: Api, text: string): Promise<Authentication> {
  const { authentications } = await api.get<AuthenticationList>('/authentications')
  return theOne('authentication', authentications, text)
}
