import type { Command } from 'commander'
import type { Reindexed, ReindexStep } from '../server/contract/reindex.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type AccessOptions, findConnection } from './hub-access.ts'
import { count } from './output.ts'

export function reindexCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('reindex')
      .description('make names, numbers, search words and relations again from what is held, without asking the CRM')
      .argument('<connection>', 'id or name of the connection')
      .option('--table <entity>', 'this table only, such as contact'),
  ).action((name: string, options: JsonOption & AccessOptions & { table?: string }) =>
    runWithHub(shell, options, async ({ api }, output) => {
      const { id } = await findConnection(api, name)
      const body = { connection: id, entity: options.table }
      const done = await api.postInSteps<ReindexStep, Reindexed>('/reindex', body, ({ entity, seen }) =>
        output.draw([`${entity}: ${count(seen)}`]),
      )
      output.draw([])
      output.result(done)
      for (const { entity, seen, remade, keysMended } of done.tables) {
        output.line(
          `${entity}: ${count(seen)} read, ${count(remade)} made anew, ${count(keysMended)} index entries mended`,
        )
      }
      return undefined
    }),
  )
}
