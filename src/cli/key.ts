import { type Command, Option } from 'commander'
import { permissions as all } from '#model/permission.ts'
import type { ApiKey, ApiKeyList, NewApiKey } from '../server/contract/keys.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { usage } from './failure.ts'
import type { AccessOptions } from './hub-access.ts'
import { ago, columns } from './output.ts'
import { rolesNamed } from './role.ts'

type Common = JsonOption & AccessOptions

interface KeyOptions {
  scope: string[]
  name: string
  role?: string
  owner?: string[]
}

/** What it stood for is asked for instead. */
const older = 'manage:connections'

export function keyCommand(program: Command, shell: Shell): void {
  const key = program.command('key').description('API keys of programs')

  talksToHub(
    key
      .command('create')
      .description('make a key; it is shown once')
      .addOption(
        new Option('--scope <scope...>', `what it may do: ${all.join(', ')}, or all`).makeOptionMandatory(true),
      )
      .option('--name <name>', 'what it is for', 'made on the command line')
      .option('--role <role>', 'see and write only what this role does (its name or id)')
      .option('--owner <record...>', 'with a role that sees its own: record ids of the CRM users and teams that it is'),
  ).action((options: Common & KeyOptions) =>
    runWithHub(shell, { ...options, mayBeNew: true }, async ({ api }, output) => {
      const made = await api.post<NewApiKey>('/keys', {
        name: options.name,
        scopes: scopesOf(options.scope),
        ...(options.role === undefined ? {} : { role: (await rolesNamed(api, [options.role]))[0] }),
        owners: options.owner ?? [],
      })
      const role = made.role === null ? {} : { role: made.role }
      output.result({ key: made.key, id: made.id, name: made.name, scopes: made.scopes, ...role })
      output.line(made.key)
      return undefined
    }),
  )

  talksToHub(key.command('list').description('all keys, without their text')).action((options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { keys } = await api.get<ApiKeyList>('/keys')
      output.result({ keys })
      for (const line of columns(keys.map(row))) output.line(line)
      return undefined
    }),
  )

  talksToHub(
    key.command('revoke').description('end a key; it stops working within seconds').argument('<id>', 'id of the key'),
  ).action((id: string, options: Common) =>
    runWithHub(shell, options, async ({ api }, output) => {
      await api.delete(`/keys/${encodeURIComponent(id)}`)
      output.result({ revoked: id })
      output.line('Revoked.')
      return undefined
    }),
  )
}

const isPermission = (text: string) => all.some((permission) => permission === text)

/** As `--scope a b`, `--scope a --scope b` or `--scope a,b`. */
function scopesOf(given: readonly string[]): string[] {
  const scopes = given.flatMap((text) => text.split(',')).filter((text) => text !== '')
  const unknown = scopes.find((scope) => scope !== 'all' && scope !== older && !isPermission(scope))
  if (unknown !== undefined) throw usage(`There is no scope “${unknown}”. There are: ${all.join(', ')}, all`)
  if (scopes.includes('all')) return [...all]
  return [
    ...new Set(scopes.flatMap((scope) => (scope === older ? ['create:integrations', 'edit:integrations'] : [scope]))),
  ]
}

function row({ id, name, hint, scopes, lastUsedAt, revokedAt }: ApiKey): string[] {
  return [id, name, `…${hint}`, scopes.join(' '), revokedAt ? 'revoked' : `used ${ago(lastUsedAt)}`]
}
