import type { Command } from 'commander'
import type { Configuration, ConfigurationList } from '../server/contract/configurations.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import type { Access, AccessOptions } from './hub-access.ts'
import { columns, count, type Output } from './output.ts'
import { teamsAppCommand } from './teams-app.ts'

export function desktopCommand(program: Command, shell: Shell): void {
  const group = program.command('desktop').description('the agent’s desktop')
  talksToHub(
    group
      .command('configurations')
      .description('how agents work with each CRM; exit code 3 when a configuration needs attention'),
  ).action((options: JsonOption & AccessOptions) => runWithHub(shell, options, configurations))
  teamsAppCommand(group, shell)
}

async function configurations({ api }: Access, output: Output): Promise<ExitCode | undefined> {
  const found = await api.get<ConfigurationList>('/crm-configurations')
  output.result(found)
  if (found.configurations.length === 0) output.line('There is no CRM configuration.')
  for (const line of columns(found.configurations.map(row))) output.line(line)
  const broken = found.configurations.filter(({ state }) => state === 'needs_attention')
  for (const { name, problem } of broken)
    output.line(`${name}: ${problem?.message ?? ''} ${problem?.mend ?? ''}`.trim())
  return broken.length > 0 ? exitCode.attention : undefined
}

function row({ name, connectionName, crm, state, parts }: Configuration): string[] {
  const { agentWorkflows, ...kinds } = parts
  const total = Object.values(kinds).reduce((sum, one) => sum + one, 0)
  return [
    ...[name, `${connectionName} (${crm})`, state.replace('_', ' ')],
    `${count(total)} parts, ${count(agentWorkflows)} agent workflows`,
  ]
}
