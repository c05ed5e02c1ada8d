import type { Command } from 'commander'
import type { Definition, PresetList } from '../server/contract/http-apis.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { usage } from './failure.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import { readJson } from './json-file.ts'
import { columns, type Output } from './output.ts'

type Options = JsonOption & AccessOptions

export function presetCommand(program: Command, shell: Shell): void {
  const group = program
    .command('preset')
    .description('definitions of HTTP APIs as files: those that come with the hub, and those of connections')
  talksToHub(group.command('list').description('those that come with the hub')).action((options: Options) =>
    runWithHub(shell, options, list),
  )
  talksToHub(
    group
      .command('show')
      .description('print one, to be kept as a file and changed')
      .argument('<preset>', 'its name in the list'),
  ).action((name: string, options: Options) =>
    runWithHub(shell, options, async ({ api }, output) => tell(output, (await presetOf(api, name)).definition)),
  )
  talksToHub(
    group
      .command('export')
      .description('print the definition of a connection; it holds no secret')
      .argument('<connection>', 'id or name of the connection'),
  ).action((name: string, options: Options) =>
    runWithHub(shell, options, async ({ api }, output) => tell(output, await definitionOf(api, name))),
  )
  talksToHub(
    group
      .command('import')
      .description('try a definition at a connection, and read everything anew by it')
      .argument('<connection>', 'id or name of the connection')
      .argument('<file>', 'JSON of a definition', readJson),
  ).action((name: string, definition: Definition, options: Options) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { id } = await findConnection(api, name)
      const changed = await api.put<Definition>(`/connections/${id}/definition`, definition)
      output.result({ definition: changed })
      output.line(`${name} is read by “${String(changed.name)}” from now on`)
      return undefined
    }),
  )
}

type Api = Access['api']

export async function presetOf(api: Api, name: string): Promise<PresetList['presets'][number]> {
  const { presets } = await api.get<PresetList>('/connectors/generic-http/presets')
  const found = presets.find(({ id }) => id === name.toLowerCase())
  if (found) return found
  throw usage(`There is no preset “${name}”. There are: ${presets.map(({ id }) => id).join(', ')}`)
}

async function list({ api }: Access, output: Output): Promise<undefined> {
  const { presets } = await api.get<PresetList>('/connectors/generic-http/presets')
  output.result({ presets: presets.map(({ id, name, description }) => ({ id, name, description })) })
  for (const line of columns(presets.map(({ id, name, description }) => [id, name, firstSentence(description)]))) {
    output.line(line)
  }
  output.line('Connect one: jackfield connect http --preset <name> --secret-file <file>')
  return undefined
}

const firstSentence = (text: string | null) => /^.*?\.(?=\s|$)/.exec(text ?? '')?.[0] ?? text ?? ''

async function definitionOf(api: Api, name: string): Promise<Definition> {
  const { id } = await findConnection(api, name)
  return await api.get<Definition>(`/connections/${id}/definition`)
}

/** As a file holds it, whether a person or a program asks. */
function tell(output: Output, definition: Definition): undefined {
  if (output.json) output.result(definition)
  else output.line(JSON.stringify(definition, null, 2))
}
