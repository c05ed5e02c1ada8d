import { type Command, InvalidArgumentError, Option } from 'commander'
import type {
  IdentityProvider,
  IdentityProviderInput,
  IdentityProviderList,
  IssuerCheck,
  IssuerInput,
} from '../server/contract/sign-on.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { exitCode } from './exit-code.ts'
import { usage } from './failure.ts'
import type { AccessOptions } from './hub-access.ts'
import { columns } from './output.ts'
import { consoleAt } from './people.ts'
import { rolesNamed } from './role.ts'
import { readSecret } from './secret-file.ts'

type Common = JsonOption & AccessOptions

export function signOnCommand(program: Command, shell: Shell): void {
  const signOn = program.command('sign-on').description('providers (OpenID Connect) by which people sign in')

  talksToHub(signOn.command('list').description('all providers')).action((options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { providers } = await api.get<IdentityProviderList>('/identity-providers')
      output.result({ providers })
      for (const line of columns(providers.map(row))) output.line(line)
      return undefined
    }),
  )

  addCommand(signOn, shell)
  testCommand(signOn, shell)

  talksToHub(
    signOn
      .command('remove')
      .description('end signing in by a provider; accounts stay, roles that it gave go')
      .argument('<id>', 'its short name'),
  ).action((id: string, options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      await api.delete(`/identity-providers/${encodeURIComponent(id)}`)
      output.result({ removed: id })
      output.line('Removed.')
      return undefined
    }),
  )
}

const row = ({ id, name, issuer, enabled, createsAccounts }: IdentityProvider) => [
  ...[id, name, issuer, enabled ? 'on' : 'off'],
  createsAccounts ? 'makes accounts' : 'for who is invited',
]

interface AddOptions extends Common {
  issuer: string
  clientId: string
  clientSecretFile?: string
  name?: string
  tenant?: string
  scope?: string[]
  groupClaim?: string
  group?: [string, string][]
  createAccounts?: boolean
  defaultRole?: string[]
  userinfo?: boolean
  origin?: string
}

function addCommand(signOn: Command, shell: Shell): void {
  const command = signOn
    .command('add')
    .description('let people sign in by a provider; prints the addresses to register there')
    .argument('<id>', 'a short name of your choice; it stands in the callback address')
    .requiredOption('--issuer <address>', 'the provider, as it names itself')
    .requiredOption('--client-id <id>', 'of the application that is registered there')
    .option(
      '--client-secret-file <file>',
      'file with its secret; - reads standard input; none: by PKCE alone',
      readSecret,
    )
    .option('--name <name>', 'what the button says (default: the short name)')
    .option('--tenant <id>', 'where the issuer is for several tenants: the one that is let in')
    .option('--scope <scope...>', 'what is asked for (default: openid profile email)')
    .option('--group-claim <claim>', 'the claim that tells the groups')
    .addOption(new Option('--group <group=role...>', 'whoever is in the group has the role').argParser(readGroup))
    .option('--create-accounts', 'whoever has no account gets one by signing in')
    .option('--default-role <role...>', 'of accounts that are so made')
    .option('--origin <address>', 'address of the console, when it cannot be found out')
    .option('--userinfo', 'also read claims from the provider’s userinfo')
  talksToHub(command).action((id: string, options: AddOptions) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const groups = options.group ?? []
      const roles = await rolesNamed(api, [...groups.map(([, role]) => role), ...(options.defaultRole ?? [])])
      const provider = await api.post<IdentityProvider>('/identity-providers', {
        ...settingsOf(id, options),
        groups: groups.map(([group], i) => ({ group, role: roles[i]! })),
        defaultRoles: roles.slice(groups.length),
      } satisfies IdentityProviderInput)
      // It is added by now: where its console will be may be still to come.
      const at = await consoleAt(shell.machine, options).catch(() => 'https://<hub>')
      const callbackUrl = provider.callbackUrl ?? `${at}/api/v1/sign-on/${provider.id}/callback`
      const signedOutUrl = provider.signedOutUrl ?? `${at}/sign-in`
      const backChannelUrl = provider.backChannelUrl ?? `${at}/api/v1/sign-on/${provider.id}/backchannel-logout`
      output.result({ provider: { ...provider, callbackUrl, signedOutUrl, backChannelUrl } })
      output.line('Register at the provider')
      for (const line of columns([
        ['as callback address', callbackUrl],
        ['and after signing out', signedOutUrl],
        ['for back-channel logout', backChannelUrl],
      ]))
        output.line(line)
      return undefined
    }),
  )
}

function settingsOf(id: string, options: AddOptions) {
  const { issuer, clientId, clientSecretFile, name = id, tenant, scope, groupClaim } = options
  return {
    ...{ id, name, issuer, clientId },
    ...(clientSecretFile === undefined ? {} : { clientSecret: clientSecretFile }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(scope === undefined ? {} : { scopes: scope.flatMap((text) => text.split(',')) }),
    ...(groupClaim === undefined ? {} : { groupClaim }),
    createsAccounts: options.createAccounts ?? false,
    readsUserinfo: options.userinfo ?? false,
  }
}

/** The role stands behind the last equals sign: names of groups may have some of their own. */
function readGroup(text: string, before: [string, string][] | undefined): [string, string][] {
  const at = text.lastIndexOf('=')
  if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError('It has the form group=role.')
  return [...(before ?? []), [text.slice(0, at), text.slice(at + 1)]]
}

interface TestOptions extends Common {
  issuer?: string
  tenant?: string
}

function testCommand(signOn: Command, shell: Shell): void {
  const command = signOn
    .command('test')
    .description('read what a provider tells of itself, and say what of it fails')
    .argument('[id]', 'its short name; or')
    .option('--issuer <address>', 'one that is not added yet')
    .option('--tenant <id>', 'with --issuer: the one tenant that is let in')
  talksToHub(command).action((id: string | undefined, options: TestOptions) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { issuer, tenant = null } = options
      if ((id === undefined) === (issuer === undefined)) throw usage('Either a short name or --issuer is needed')
      const check =
        issuer === undefined
          ? await api.post<IssuerCheck>(`/identity-providers/${encodeURIComponent(id!)}/check`)
          : await api.post<IssuerCheck>('/identity-providers/check', { issuer, tenant } satisfies IssuerInput)
      output.result({ check })
      for (const line of columns(check.steps.map(stepRow))) output.line(line)
      if (check.ok && !check.signsOut)
        output.line('Signing out there is not offered: signing out ends the hub’s session alone.')
      return check.ok ? undefined : exitCode.failed
    }),
  )
}

const stepRow = ({ stage, state, message, mend }: IssuerCheck['steps'][number]) => [
  stage.replace('_', ' '),
  state === 'passed' ? 'well' : state === 'failed' ? `${message}${mend === null ? '' : ` (${mend})`}` : '-',
]
