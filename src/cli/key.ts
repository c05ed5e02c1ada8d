import { type Command, Option } from 'commander'
import type { ApiKey, ApiKeyList, NewApiKey } from '../server/contract/keys.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { usage } from './failure.ts'
import type { AccessOptions } from './hub-access.ts'
import { ago, columns } from './output.ts'

type Common = JsonOption & AccessOptions

const all = [
  'read:records',
  'read:status',
  'write:records',
  'manage:connections',
  'manage:sync',
  'manage:keys',
  'read:audit',
]

export function keyCommand(program: Command, shell: Shell): void {
  const key = program.command('key').description('API keys of programs')

  talksToHub(
    key
      .command('create')
      .description('make a key; it is shown once')
      .addOption(
        new Option('--scope <scope...>', `what it may do: ${all.join(', ')}, or all`).makeOptionMandatory(true),
      )
      .option('--name <name>', 'what it is for', 'made on the command line'),
  ).action((options: Common & { scope: string[]; name: string }) =>
    runWithHub(shell, { ...options, mayBeNew: true }, async ({ api }, output) => {
      const made = await api.post<NewApiKey>('/keys', { name: options.name, scopes: scopesOf(options.scope) })
      output.result({ key: made.key, id: made.id, name: made.name, scopes: made.scopes })
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

/** As `--scope a b`, `--scope a --scope b` or `--scope a,b`. */
function scopesOf(given: readonly string[]): string[] {
  const scopes = given.flatMap((text) => text.split(',')).filter((text) => text !== '')
  const unknown = scopes.find((scope) => scope !== 'all' && !all.includes(scope))
  if (unknown !== undefined) throw usage(`There is no scope “${unknown}”. There are: ${all.join(', ')}, all`)
  return scopes.includes('all') ? all : scopes
}

function row({ id, name, hint, scopes, lastUsedAt, revokedAt }: ApiKey): string[] {
  return [id, name, `…${hint}`, scopes.join(' '), revokedAt ? 'revoked' : `used ${ago(lastUsedAt)}`]
}
