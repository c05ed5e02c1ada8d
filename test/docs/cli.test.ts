import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shell } from '#cli/command.ts'
import { runCli } from '#cli/program.ts'
import { paper, tableRows } from './papers.ts'

/** What the command line says to these words; nothing that only helps needs a hub. */
async function say(...argv: string[]): Promise<string> {
  let said = ''
  const stream = {
    write: (text: string) => {
      said += text
      return true
    },
  }
  const streams = { stdout: stream, stderr: stream } as unknown as Shell['streams']
  await runCli(argv, { machine: {} as Shell['machine'], streams, stopped: new Promise(() => undefined) })
  return said
}

/** Names below "Commands:" of a help text. */
async function commandsOf(...argv: string[]): Promise<string[]> {
  const [, list = ''] = (await say(...argv, '--help')).split('\nCommands:\n')
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1]!).filter((name) => name !== 'help')
}

const [, commandPart = ''] = paper('docs/cli.md').split('\n## Commands\n')
const [commandTable = '', ...after] = commandPart.split('\n## ')
// A row may tell of several: `key create …`, `key list`, `key revoke ID`.
const documented = tableRows(commandTable).map(([first = '', does = '']) => ({
  calls: [...first.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  does,
}))
const firstWord = (call: string) => call.split(' ')[0]!

test('docs/cli.md has a row for every command, and no other', async () => {
  const commands = await commandsOf()
  assert.ok(commands.length > 10)
  assert.deepEqual([...new Set(documented.map(({ calls }) => firstWord(calls[0]!)))].sort(), commands.sort())
  assert.ok(after.length > 0)
})

/** What a row's call names that the help of its command does not know. */
async function unknownIn(call: string, does: string): Promise<string[]> {
  const [name = '', second = ''] = call.split(' ')
  const hasSubcommands = (await commandsOf(name)).length > 0
  const options = `${call} ${does}`.match(/--[a-z-]+/g) ?? []
  const unknown: string[] = []
  for (const word of hasSubcommands ? second.split(/[|…]/).filter(Boolean) : ['']) {
    const words = [name, word].filter(Boolean)
    const help = await say(...words, '--help')
    if (!help.startsWith('Usage:')) unknown.push(words.join(' '))
    unknown.push(...options.filter((option) => !help.includes(option)).map((option) => [...words, option].join(' ')))
  }
  return unknown
}

test('every option and subcommand that docs/cli.md names is known', async () => {
  const calls = documented.flatMap((row) => row.calls.map((call) => ({ call, does: row.does })))
  const unknown = await Promise.all(calls.map(({ call, does }) => unknownIn(call, does)))
  assert.deepEqual(unknown.flat(), [])
})
