import { setTimeout as wait } from 'node:timers/promises'
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import type { Write } from '../server/contract/writes.ts'
import type { Api } from './api.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import type { Output } from './output.ts'

interface Options extends JsonOption, AccessOptions {
  connection?: string
  table?: string
  record?: string
  id?: string
  field: Record<string, unknown>
  ifMark?: string
  writeKey?: string
  wait?: boolean
}

export function writeCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('write')
      .description('write to the CRM through the outbox: kept first, sent, read back')
      .addArgument(new Argument('<operation>').choices(['create', 'update', 'upsert', 'delete']))
      .option('--record <id>', 'the hub’s id of the record')
      .option('--connection <id>', 'id or name of the connection, with --table')
      .option('--table <entity>', 'table, such as contact')
      .option('--id <id>', 'the CRM’s id of the record')
      .option('--field <name=value>', 'the CRM’s field; a value that is JSON is taken as such', addField, {})
      .option('--if-mark <mark>', 'only when the CRM still holds this version')
      .addOption(new Option('--write-key <key>', 'the same key again is the same write'))
      .option('--wait', 'wait until it was read back, or failed'),
  ).action((operation: string, options: Options) =>
    runWithHub(shell, options, (access, output) => write(access, output, operation, options)),
  )
}

function addField(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('A field is name=value.')
  return { ...before, [text.slice(0, at)]: readValue(text.slice(at + 1)) }
}

function readValue(text: string): unknown {
  if (!/^(\{|\[|"|-?\d|true$|false$|null$)/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function write(
  access: Access,
  output: Output,
  operation: string,
  options: Options,
): Promise<ExitCode | undefined> {
  const { api } = access
  const connection = options.connection === undefined ? undefined : (await findConnection(api, options.connection)).id
  let row = await api.post<Write>('/writes', {
    operation,
    connection,
    record: options.record,
    entity: options.table,
    sourceId: options.id,
    fields: options.field,
    expectedMark: options.ifMark,
    writeKey: options.writeKey,
  })
  if (options.wait) {
    access.work()
    row = await untilSettled(api, row)
  }
  output.result({ write: row })
  const reason = row.problem ? `: ${row.problem.message}` : ''
  output.line(`${row.operation} of ${row.entity} ${row.sourceId} is ${row.state}${reason}`)
  if (row.state === 'unknown') return exitCode.attention
  return row.state === 'failed' || row.state === 'cancelled' ? exitCode.failed : undefined
}

const lookEveryMs = 200

async function untilSettled(api: Api, kept: Write): Promise<Write> {
  for (let row = kept; ; ) {
    if (['done', 'failed', 'unknown', 'cancelled'].includes(row.state)) return row
    await wait(lookEveryMs)
    row = await api.get<Write>(`/writes/${row.id}`)
  }
}
