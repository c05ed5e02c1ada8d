import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Command } from 'commander'
import type {
  AuditedAct,
  AuditLogPage,
  AuditVerified,
  VerifyFinding,
  VerifyStep,
} from '../server/contract/audit-log.ts'
import type { Api } from './api.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { usage } from './failure.ts'
import type { AccessOptions } from './hub-access.ts'
import { columns, count, type Output } from './output.ts'

interface Filters extends JsonOption, AccessOptions {
  actor?: string
  act?: string
  subject?: string
  outcome?: string
  from?: string
  to?: string
}

export function auditLogCommand(program: Command, shell: Shell): void {
  const log = program.command('audit-log').description('who did what: list it, prove it, take it along')

  filtered(log.command('list').description('acts, newest first'))
    .option('--limit <number>', 'at most so many', '50')
    .action((options: Filters & { limit: string }) =>
      runWithHub(shell, options, async ({ api }, output) => list(api, output, options)),
    )

  talksToHub(
    log
      .command('verify')
      .description('prove that no act was removed, added or altered; exit code 3 when one was')
      .option('--head <hash>', 'a head of an earlier verification, noted elsewhere: tells whether the end was cut off'),
  ).action((options: JsonOption & AccessOptions & { head?: string }) =>
    runWithHub(shell, options, async ({ api }, output) => verify(api, output, options.head)),
  )

  filtered(log.command('export').description('all acts that the filters let through, as one file'))
    .option('--format <format>', 'csv, json or ndjson', 'csv')
    .option('--out <file>', 'a new file (default: standard output)')
    .action((options: Filters & { format: string; out?: string }) =>
      runWithHub(shell, options, async ({ api }, output) => exportTo(api, output, shell, options)),
    )
}

function filtered(command: Command): Command {
  return talksToHub(
    command
      .option('--actor <id>', 'by this person, key or session')
      .option('--act <name>', 'this act only, such as key.create')
      .option('--subject <id>', 'done to this')
      .option('--outcome <outcome>', 'begun, done, refused or failed')
      .option('--from <time>', 'since this time, such as 2026-11-01 or 2026-11-01T09:30:00Z')
      .option('--to <time>', 'before this time'),
  )
}

function queryOf({ actor, act, subject, outcome, from, to }: Filters): Record<string, string | undefined> {
  return { actor, act, subject, outcome, from: timeOf(from), to: timeOf(to) }
}

function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw usage(`“${text}” is no time; write it as 2026-11-01 or 2026-11-01T09:30:00Z`)
  return at.toISOString()
}

const mostInPage = 1_000

async function list(api: Api, output: Output, options: Filters & { limit: string }): Promise<undefined> {
  let left = Number(options.limit)
  if (!Number.isInteger(left) || left < 1)
    throw usage(`--limit takes a whole number, 1 or more; not “${options.limit}”`)
  const acts: AuditedAct[] = []
  for (let cursor: string | undefined; left > 0; ) {
    const query = { ...queryOf(options), limit: String(Math.min(left, mostInPage)), cursor }
    const page = await api.get<AuditLogPage>('/audit-log', query)
    acts.push(...page.acts)
    left -= page.acts.length
    if (page.next === null) break
    cursor = page.next
  }
  output.result({ acts })
  for (const line of columns(acts.map(row))) output.line(line)
  return undefined
}

function row({ at, actor, act, subject, outcome, details, erased }: AuditedAct): string[] {
  const who = actor.name ?? (erased ? '(erased)' : `${actor.kind} ${actor.id}`)
  const what = subject ? (subject.name ?? `${subject.kind} ${subject.id}`) : ''
  const how = outcome === 'begun' ? 'begun, no outcome known' : outcome
  const code = typeof details.code === 'string' ? ` (${details.code})` : ''
  return [at, printable(who), act, how + code, printable(what)]
}

/** A name must not act upon the terminal. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, ' ')

async function verify(api: Api, output: Output, head: string | undefined): Promise<ExitCode | undefined> {
  const body = head === undefined ? {} : { head }
  const found = await api.postInSteps<VerifyStep, AuditVerified>('/audit-log/verify', body, (step) =>
    output.draw([`${count(step.blocks)} of ${count(step.of)} blocks, ${count(step.acts)} acts`]),
  )
  output.draw([])
  output.result(found)
  for (const finding of found.findings) output.line(sentenceOf(finding))
  if (found.more) output.line('… and more.')
  const { blocks, acts, unsealed, droppedBlocks } = found
  const dropped =
    droppedBlocks > 0 ? `, ${count(droppedBlocks)} of them dropped by the hub when their time was over` : ''
  output.line(
    `${found.ok ? 'The audit log is whole' : 'The audit log is NOT as the hub wrote it'}: ${count(acts)} acts in ` +
      `${count(blocks)} blocks${dropped}, ${count(unsealed)} not sealed yet.`,
  )
  if (found.head !== null) output.line(`Head: ${found.head}`)
  return found.ok ? undefined : exitCode.attention
}

function sentenceOf({ kind, block, id, at, key }: VerifyFinding): string {
  const where = block === null ? 'outside the blocks' : `in block ${block}`
  const when = at === null ? '' : ` of ${at}`
  if (kind === 'block_removed') return `Block ${block} was removed.`
  if (kind === 'block_altered') return `Block ${block} was altered.`
  if (kind === 'key_unknown') return `Block ${block} was sealed under master key ${key}, which is not given.`
  if (kind === 'head_missing') return 'No block has the head that was given: the end was cut off, or all was made anew.'
  return `Act ${id}${when} was ${kind} ${where}.`
}

async function exportTo(
  api: Api,
  output: Output,
  { streams }: Shell,
  options: Filters & { format: string; out?: string },
): Promise<undefined> {
  const { format, out } = options
  if (!['csv', 'json', 'ndjson'].includes(format)) throw usage(`There is no format “${format}”: csv, json or ndjson`)
  const query = { ...queryOf(options), format }
  if (out === undefined) {
    await api.text('/audit-log/export', query, async (text) => void streams.stdout.write(text))
    return undefined
  }
  // Never over a file that is there.
  const file = createWriteStream(out, { flags: 'wx', mode: 0o600 })
  await once(file, 'open')
  let bytes = 0
  await api.text('/audit-log/export', query, async (text) => {
    bytes += Buffer.byteLength(text)
    if (!file.write(text)) await once(file, 'drain')
  })
  file.end()
  await once(file, 'finish')
  output.result({ exported: out, bytes })
  output.line(`${out}: ${count(bytes)} bytes`)
  return undefined
}
