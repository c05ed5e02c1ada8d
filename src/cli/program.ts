import { Command, CommanderError } from 'commander'
import { auditCommand } from './audit.ts'
import { auditLogCommand } from './audit-log.ts'
import { authenticationCommand } from './authentication.ts'
import type { Shell } from './command.ts'
import { connectCommand } from './connect.ts'
import { demoCommand } from './demo.ts'
import { desktopCommand } from './desktop.ts'
import { destinationCommand } from './destination.ts'
import { doctorCommand } from './doctor.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { keyCommand } from './key.ts'
import { keyFieldsCommand } from './key-fields.ts'
import { lookupCommand } from './lookup.ts'
import { peopleCommand } from './people.ts'
import { presetCommand } from './preset.ts'
import { pushCommand } from './push.ts'
import { reindexCommand } from './reindex.ts'
import { serveCommand } from './serve.ts'
import { signInCommand } from './sign-in.ts'
import { signOnCommand } from './sign-on.ts'
import { simulateCommand } from './simulate.ts'
import { statusCommand } from './status.ts'
import { syncCommand } from './sync.ts'
import { writeCommand } from './write.ts'

const closing = `
Exit codes: 0 well, 1 failed, 2 not understood, 3 something needs a person, 4 hub or database out of reach.`

/** Runs one command line (without node and program name) and answers the exit code. */
export async function runCli(argv: readonly string[], given: Omit<Shell, 'exit'>): Promise<ExitCode> {
  const shell: Shell = { ...given, exit: exitCode.ok }
  const program = new Command('jackfield')
  program
    .description('Plugs any CRM into a contact centre.')
    .addHelpText('after', closing)
    .enablePositionalOptions()
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => shell.streams.stdout.write(text),
      writeErr: (text) => shell.streams.stderr.write(text),
    })
  const commands = [
    serveCommand,
    demoCommand,
    connectCommand,
    authenticationCommand,
    presetCommand,
    syncCommand,
    pushCommand,
    keyFieldsCommand,
    statusCommand,
    auditCommand,
    auditLogCommand,
    lookupCommand,
    writeCommand,
    destinationCommand,
    desktopCommand,
    reindexCommand,
    keyCommand,
    peopleCommand,
    signInCommand,
    signOnCommand,
    simulateCommand,
    doctorCommand,
  ]
  for (const add of commands) add(program, shell)
  for (const command of program.commands) inherit(program, command)
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  }
  return shell.exit
}

/** Subcommands made with `addCommand` or `command` keep their parent's way of ending and writing. */
function inherit(parent: Command, command: Command): void {
  command.copyInheritedSettings(parent).exitOverride()
  for (const child of command.commands) inherit(command, child)
}
