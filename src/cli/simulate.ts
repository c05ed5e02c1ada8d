import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { run, type Shell } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { usage } from './failure.ts'

/** The simulator's own program: it shares nothing with the hub, so it runs as a process of its own. */
export function simulatorProgram(crm: string): string {
  const file = fileURLToPath(new URL(`../../simulators/${crm}/main.ts`, import.meta.url))
  if (!/^[a-z]+$/.test(crm) || !existsSync(file)) throw usage(`There is no simulator of “${crm}”`)
  return file
}

export function simulateCommand(program: Command, shell: Shell): void {
  program
    .command('simulate')
    .description('run a simulated CRM, or calls of a contact centre: jackfield simulate dynamics --port 0 --json')
    .argument('<what>', 'kind of CRM: dynamics, salesforce, http; or calls')
    .argument('[options...]', 'handed on to the simulator')
    .allowUnknownOption()
    .passThroughOptions()
    .action((crm: string, options: string[]) => run(shell, {}, () => simulate(shell, crm, options)))
}

async function simulate(shell: Shell, crm: string, options: string[]): Promise<ExitCode> {
  const child = spawn(process.execPath, [simulatorProgram(crm), ...options], { stdio: 'inherit' })
  void shell.stopped.then(() => child.kill('SIGTERM'))
  const { promise, resolve } = Promise.withResolvers<ExitCode>()
  child.once('error', () => resolve(exitCode.failed))
  child.once('exit', (code, signal) => resolve(code === 0 || signal === 'SIGTERM' ? exitCode.ok : exitCode.failed))
  return promise
}
