import type { Command } from 'commander'
import type { KeyFields } from '../server/contract/key-fields.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import type { Output } from './output.ts'

interface Options extends JsonOption, AccessOptions {
  consent?: boolean
}

export function keyFieldsCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('key-fields')
      .description('the field of the hub’s own in which creates write their key: where it is, and what is missing')
      .argument('<connection>', 'id or name of the connection')
      .option('--consent', 'consent to the field, make it where it is missing, and look again'),
  ).action((connection: string, options: Options) =>
    runWithHub(shell, options, (access, output) => keyFields(access, output, connection, options)),
  )
}

const said = {
  there: '✓ there',
  hidden: '✗ made, and the hub’s user may not read and edit it: let its permission set do so, then consent again',
  missing: '✗ missing, or not shown to the hub’s user',
}

async function keyFields(
  { api }: Access,
  output: Output,
  name: string,
  { consent = false }: Options,
): Promise<ExitCode | undefined> {
  const { id } = await findConnection(api, name)
  const path = `/connections/${id}/key-fields`
  const found = consent ? await api.post<KeyFields>(path) : await api.get<KeyFields>(path)
  output.result({ keyFields: found })
  if (!found.isNeeded) {
    output.line('This CRM takes ids from the hub: creates need no key of their own')
    return undefined
  }
  if (!found.isConsented) output.line('Not consented to: creates go without a key (--consent makes the field)')
  for (const { entity, state, problem } of found.tables) {
    output.line(`${entity}: ${problem ? `✗ ${problem.message}${problem.mend ? ` ${problem.mend}` : ''}` : said[state]}`)
  }
  const isWhole = found.tables.every(({ state, problem }) => state === 'there' && problem === null)
  return consent && !isWhole ? exitCode.attention : undefined
}
