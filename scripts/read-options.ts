import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'

/**
 * As `parseArgs` takes it, with what it is for. `among`: the words of which it takes one; `least`: it takes a whole number,
 * this one or a greater; without either, any word.
 */
type Option = ParseArgsOptionDescriptor & { about: string; among?: readonly string[]; least?: number }

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
      ([name, option]) =>
        ![values[name as keyof typeof values] ?? []].flat().every((word) => takes(option, String(word))),
    )
    if (!wrong) return values as unknown as Values<T>
    return refuseOptions(program, `Option '--${wrong[0]}' takes ${takenBy(wrong[1])}`)
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS_')) throw error
    return refuseOptions(program, (error as Error).message.split(/\.\s/)[0]!)
  }
}

function takes({ among, least }: Option, word: string): boolean {
  if (least !== undefined) return /^\d{1,15}$/.test(word) && Number(word) >= least
  return among?.includes(word) ?? true
}

const takenBy = ({ among, least }: Option) => among?.join(', ') ?? `a whole number, ${least} at the least`

/** Ends the program with one line and the code 2. */
export function refuseOptions(program: string, why: string): never {
  process.stderr.write(`${why}. What there is: ${program} --help\n`)
  return process.exit(2)
}

function usageOf(program: string, options: Record<string, Option>): string {
  const lines = Object.entries(options).map(([name, { type, default: unless, about, among }]) => {
    const given = `--${name}${type === 'string' ? ' …' : ''}`
    const otherwise = typeof unless === 'string' && unless !== '' ? ` (without it: ${unless})` : ''
    return `  ${given.padEnd(20)} ${about}${among ? `: ${among.join(', ')}` : ''}${otherwise}\n`
  })
  return `${program} [options]\n${lines.join('')}`
}
