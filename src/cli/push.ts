import type { Command } from 'commander'
import type { PushResult, PushState, PushStep } from '../server/contract/pushes.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import type { Output } from './output.ts'

interface Options extends JsonOption, AccessOptions {
  install?: boolean
  check?: boolean
  renew?: boolean
  remove?: boolean
  test?: boolean
}

export function pushCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('push')
      .description(
        'how a CRM tells the hub of changes; installs what it needs there, tells how far it is, and tests it',
      )
      .argument('<connection>', 'id or name of the connection')
      .option('--install', 'put the code into the CRM, and wait for its test event')
      .option('--check', 'have the CRM check and test it, and keep nothing')
      .option('--renew', 'install it with a new secret; the old one is void then')
      .option('--remove', 'take the code away again')
      .option('--test', 'wait for a test event'),
  ).action((connection: string, options: Options) =>
    runWithHub(shell, options, (access, output) => push(access, output, connection, options)),
  )
}

const acts = ['install', 'check', 'renew', 'remove', 'test'] as const

async function push({ api }: Access, output: Output, name: string, options: Options): Promise<ExitCode | undefined> {
  const { id } = await findConnection(api, name)
  const act = acts.find((candidate) => options[candidate])
  if (act === undefined) {
    const state = await api.get<PushState>(`/connections/${id}/push`)
    output.result({ push: state })
    output.line(
      state.installed ? `Installed on ${state.installed.at} for ${state.installed.tables.join(', ')}` : 'Not installed',
    )
    if (state.installed && !state.installed.isCurrent) {
      const { missing } = state.installed
      output.line(`Install it again${missing.length > 0 ? `: changes of ${missing.join(', ')} are not told` : ''}`)
    }
    if (state.problem) output.line(`Not registered: ${state.problem.message}`)
    if (state.listener) output.line(`Line to the CRM: ${state.listener.problem?.message ?? state.listener.state}`)
    return undefined
  }
  const result = await api.postInSteps<PushStep, PushResult>(`/connections/${id}/push`, { act }, (step) =>
    output.line(`${step.ok ? '✓' : '✗'} ${step.message}`),
  )
  output.result({ ok: result.ok, steps: result.steps })
  return result.ok ? undefined : exitCode.attention
}
