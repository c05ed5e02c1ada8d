import type { Command } from 'commander'
import type { Lookup } from '../server/contract/lookup.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import type { AccessOptions } from './hub-access.ts'
import { ago, type Output } from './output.ts'

interface Options extends JsonOption, AccessOptions {
  phone?: boolean
  email?: boolean
  name?: boolean
}

export function lookupCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('lookup')
      .description('who is this? By a phone number in any notation, an e-mail address, or the beginning of a name')
      .argument('<text...>', 'number, address or name')
      .option('--phone', 'take it as a number')
      .option('--email', 'take it as an address')
      .option('--name', 'take it as a name'),
  ).action((words: string[], options: Options) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const text = words.join(' ')
      const answer = await api.get<Lookup>('/lookup', { [wayOf(text, options)]: text })
      output.result(answer)
      tell(output, answer)
      return undefined
    }),
  )
}

function wayOf(text: string, options: Options): 'phone' | 'email' | 'name' {
  const told = (['phone', 'email', 'name'] as const).find((way) => options[way])
  if (told) return told
  if (text.includes('@')) return 'email'
  return /^[\d\s()+./-]*(\s*(x|ext\.?)\s*\d+)?$/i.test(text) ? 'phone' : 'name'
}

function tell(output: Output, { matches, whyNone }: Lookup): void {
  for (const match of matches) {
    output.line(`${match.name ?? '(no name)'}  ${match.entity}  ${match.score.toFixed(2)}`)
    output.line(`  ${match.why.join(', ')}; as of ${ago(match.asOf)}`)
    output.line(`  ${match.source.url}`)
  }
  for (const reason of whyNone) output.line(reason)
}
