import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'

/** As `parseArgs` takes it, with what it is for, and of which words it takes one where not any. */
type Option = ParseArgsOptionDescriptor & { about: string; among?: readonly string[] }

type Values<T extends Record<string, Option>> = ReturnType<typeof parseArgs<{ options: T }>>['values']

/**
 * Options of a program that people start. `--help` tells them and ends the program well; what is no option of it ends it
 * with one line and the code 2.
 */
export function readOptions<T extends Record<string, Option>>(
  program: string,
  options: T,
  args = process.argv.slice(2),
): Values<T> {
  try {
    const { help, ...values } = parseArgs({
      args,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    }).values as Values<T> & { help?: boolean }
    if (help) {
      process.stdout.write(usageOf(program, options))
      return process.exit(0)
    }
    const wrong = Object.entries(options).find(
      ([name, option]) => !isAmong(option, values[name as keyof typeof values]),
    )
    if (!wrong) return values as unknown as Values<T>
    return refuse(program, `Option '--${wrong[0]}' takes ${wrong[1].among?.join(', ')}`)
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_')) throw error
    return refuse(program, (error as Error).message.split('. ')[0]!)
  }
}

const isAmong = ({ among }: Option, given: unknown) =>
  among === undefined || given === undefined || [given].flat().every((word) => among.includes(String(word)))

function refuse(program: string, why: string): never {
  process.stderr.write(`${why}. What there is: ${program} --help\n`)
  return process.exit(2)
}

function usageOf(program: string, options: Record<string, Option>): string {
  const lines = Object.entries(options).map(([name, { type, default: unless, about }]) => {
    const given = `--${name}${type === 'string' ? ' …' : ''}`
    const otherwise = typeof unless === 'string' && unless !== '' ? ` (without it: ${unless})` : ''
    return `  ${given.padEnd(20)} ${about}${otherwise}\n`
  })
  return `${program} [options]\n${lines.join('')}`
}
