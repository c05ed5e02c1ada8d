import { type Command, Option } from 'commander'
import { type JsonOption, run, type Shell } from './command.ts'
import type { LocalHub } from './hub-access.ts'
import { portOf } from './numbers.ts'
import type { Output } from './output.ts'

interface Options extends JsonOption {
  port?: number
  host?: string
  data?: string
  role: 'web' | 'work' | 'all'
}

export function serveCommand(program: Command, shell: Shell): void {
  program
    .command('serve')
    .description('run the hub until it is stopped')
    .option('--port <number>', 'port to listen on; 0 takes any free one (default: JACKFIELD_PORT, else 8484)', portOf)
    .option('--host <address>', 'address to listen on (default: JACKFIELD_HOST, else 127.0.0.1)')
    .option('--data <folder>', 'data folder (default: JACKFIELD_DATA, else ./data)')
    .addOption(
      new Option('--role <role>', 'what this process does; several processes share one DATABASE_URL')
        .choices(['web', 'work', 'all'])
        .default('all'),
    )
    .option('--json', 'print {"url","signIn","pid"} once the hub is ready')
    .action((options: Options) => run(shell, options, (output) => serve(shell, options, output)))
}

async function serve(shell: Shell, options: Options, output: Output): Promise<undefined> {
  const hub = await shell.machine.open({ data: options.data, role: options.role, alone: true })
  try {
    await start(shell, hub, options, output)
    await shell.stopped
    output.line('Stopping; what is under way ends first.')
  } finally {
    await hub.close()
  }
}

async function start(shell: Shell, hub: LocalHub, options: Options, output: Output): Promise<void> {
  const settings = shell.machine.settings(options.data)
  const url = await hub.listen({ host: options.host ?? settings.host, port: options.port ?? settings.port })
  if (options.role !== 'web') hub.startWork()
  const signIn = options.role === 'work' ? null : await hub.signInLink(url)
  output.result({ url, signIn, pid: process.pid })
  output.line(`Jackfield serves at ${url} (process ${process.pid}, Postgres ${hub.databaseVersion})`)
  if (signIn) output.line(`Sign in once, within an hour, by ${signIn}`)
}
