import type { Command } from 'commander'
import { type JsonOption, run, type Shell } from './command.ts'
import { Failure } from './failure.ts'

export function signInCommand(program: Command, shell: Shell): void {
  program
    .command('sign-in')
    .description('print a new one-time link to the console of the hub that runs on this data folder')
    .option('--data <folder>', 'data folder of the hub (default: JACKFIELD_DATA, else ./data)')
    .option('--origin <address>', 'address of the console, when it cannot be found out')
    .option('--person <e-mail>', 'whom it signs in (default: the first administrator)')
    .option('--json', 'print {"signIn"}')
    .action((options: JsonOption & { data?: string; origin?: string; person?: string }) =>
      run(shell, options, async (output) => {
        const origin = options.origin ?? (await shell.machine.runningAt(options.data))
        if (!origin) {
          throw new Failure({ code: 'hub.unreachable', message: 'No hub runs on this data folder; --origin names one' })
        }
        const hub = await shell.machine.open({ data: options.data, quiet: true })
        try {
          const signIn = await hub.signInLink(origin.replace(/\/+$/, ''), options.person)
          output.result({ signIn })
          output.line(signIn)
        } finally {
          await hub.close()
        }
        return undefined
      }),
    )
}
