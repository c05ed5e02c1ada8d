import type { Command } from 'commander'
import type { ConnectionStatus, Status, TableStatus, TransactionHolder } from '../server/contract/status.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import type { AccessOptions } from './hub-access.ts'
import { ago, columns, count, type Output } from './output.ts'

export function statusCommand(program: Command, shell: Shell): void {
  talksToHub(
    program.command('status').description('how every connection stands; exit code 3 when something needs a person'),
  ).action((options: JsonOption & AccessOptions) =>
    runWithHub(shell, options, async ({ api }, output) => tell(output, await api.get<Status>('/status'))),
  )
}

function tell(output: Output, status: Status): ExitCode | undefined {
  output.result(status)
  if (status.connections.length === 0) output.line('No CRM is connected yet: jackfield connect --help')
  for (const connection of status.connections) tellConnection(output, connection)
  if (status.feedHeldBack) output.line(heldBack(status.feedHeldBack))
  const { attention } = status
  const waiting = Object.entries(attention).filter(([, n]) => n > 0)
  output.line(
    waiting.length === 0
      ? 'Nothing needs a person.'
      : `Needs a person: ${waiting.map(([kind, n]) => `${count(n)} ${kind.replace('_', ' ')}`).join(', ')}`,
  )
  const { connection, configuration, run, sweep, unknown_write } = attention
  const urgent = connection + configuration + run + sweep + unknown_write
  return urgent > 0 ? exitCode.attention : undefined
}

/** Whoever follows the feed sees nothing meanwhile. */
export const heldBack = ({ since, by }: NonNullable<Status['feedHeldBack']>) =>
  `Changes since ${since} wait for a long transaction in the hub’s own database${by ? `: ${holder(by)}` : ''}.`

function holder(by: TransactionHolder): string {
  if (by.kind === 'prepared') return `the prepared transaction “${by.gid}”`
  const known = [by.application, by.user && `user ${by.user}`].filter(Boolean).join(', ')
  return `process ${by.pid}${known ? ` (${known})` : ''}`
}

function tellConnection(output: Output, connection: ConnectionStatus): void {
  const { name, crm, state, problem, hintsOpen, writesOpen } = connection
  output.line(`${name} (${crm}, ${connection.id}): ${state.replace('_', ' ')}`)
  if (problem) output.line(`  ${problem.message}${problem.mend ? ` ${problem.mend}` : ''}`)
  if (hintsOpen + writesOpen > 0)
    output.line(`  changes to read: ${count(hintsOpen)}; writes on their way: ${count(writesOpen)}`)
  const rows = connection.tables.filter((table) => table.enabled).map(tableRow)
  for (const line of columns([headings, ...rows])) output.line(`  ${line}`)
  for (const { entity, enabled, gone } of connection.tables) {
    for (const { column, since } of enabled ? gone : []) {
      output.line(`  ${entity}: ${column} is gone in the CRM since ${since}; its last values are kept`)
    }
  }
  output.line()
}

const headings = ['table', 'held', 'last audit', 'parked', 'now']

function tableRow({ entity, counts, completeness, lastPassAt, run, problem }: TableStatus): string[] {
  const complete = completeness
    ? `${count(completeness.held)} of ${count(completeness.crm)} ${ago(completeness.at)}`
    : ''
  const now = run ? `${run.kind} ${run.state}` : `read ${ago(lastPassAt)}`
  const parked = counts.parked > 0 ? count(counts.parked) : ''
  return [entity, count(counts.records), complete, parked, problem ? problem.message : now]
}
