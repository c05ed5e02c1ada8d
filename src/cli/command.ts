import type { Command } from 'commander'
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts'
import { Failure, type Told } from './failure.ts'
import { type Access, type AccessOptions, type Machine, openAccess } from './hub-access.ts'
import { createOutput, type Output, type Streams } from './output.ts'

/** What every command is given. */
export interface Shell {
  machine: Machine
  streams: Streams
  /** Resolves at the first Ctrl-C or SIGTERM. */
  stopped: Promise<void>
  /** What the process will end with. */
  exit: ExitCode
}

export interface JsonOption {
  json?: boolean
}

/** The options of commands that talk to a hub. */
export function talksToHub(command: Command): Command {
  return command
    .option('--json', 'print one JSON object a line')
    .option('--data <folder>', 'data folder of the hub (default: JACKFIELD_DATA, else ./data)')
    .option('--url <address>', 'address of a running hub (default: JACKFIELD_URL)')
    .option('--key <key>', 'its API key (default: JACKFIELD_KEY)')
}

/** Runs a command to its end; whatever it throws is told, and becomes the exit code. */
export async function run(
  shell: Shell,
  options: JsonOption,
  work: (output: Output) => Promise<ExitCode | undefined>,
): Promise<void> {
  const output = createOutput(shell.streams, options.json === true)
  try {
    shell.exit = (await work(output)) ?? exitCode.ok
  } catch (error) {
    const told = toTold(error)
    output.error(told)
    shell.exit = exitCodeOf(told.code)
  }
}

/** As `run`, with a hub that is opened before and closed after. */
export function runWithHub(
  shell: Shell,
  options: JsonOption & AccessOptions,
  work: (access: Access, output: Output) => Promise<ExitCode | undefined>,
): Promise<void> {
  return run(shell, options, async (output) => {
    const access = await openAccess(shell.machine, options)
    try {
      return await work(access, output)
    } finally {
      await access.close()
    }
  })
}

/** A HubError of this process, an error of the API, or something that nobody foresaw. */
function toTold(error: unknown): Told {
  if (error instanceof Failure) return error.told
  const { code, message, detail } = error as { code?: unknown; message: string; detail?: { mend?: string } }
  const told = { code: typeof code === 'string' ? code : 'internal', message }
  return detail?.mend === undefined ? told : { ...told, mend: detail.mend }
}
