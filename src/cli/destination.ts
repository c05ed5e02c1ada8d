import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { MappingPreview } from '../server/contract/destination-mapping.ts'
import type {
  Destination,
  DestinationFigure,
  DestinationMapping,
  DestinationProblems,
  Readiness,
} from '../server/contract/destinations.ts'
import type { Api } from './api.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { usage } from './failure.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import { ago, columns, count, type Output } from './output.ts'

type Common = JsonOption & AccessOptions
type Work<O> = (access: Access, output: Output, given: { name: string; options: O }) => Promise<ExitCode | undefined>

export function destinationCommand(program: Command, shell: Shell): void {
  const group = program
    .command('destination')
    .description('organisations into which accounts and contacts of all others are written')
  const add = <O extends Common>(command: Command, work: Work<O>) =>
    talksToHub(command.argument('<connection>', 'id or name of the connection')).action((name: string, options: O) =>
      runWithHub(shell, options, (access, output) => work(access, output, { name, options })),
    )
  talksToHub(group.command('list').description('all destinations, with how far they are')).action((options: Common) =>
    runWithHub(shell, options, list),
  )
  add(
    group
      .command('add')
      .description('name a connected organisation as destination; nothing is written before `start`')
      .option('--on-delete <policy>', 'what becomes of rows whose record is gone: keep, deactivate or delete'),
    named,
  )
  add(group.command('readiness').description('each prerequisite, checked now; exit code 3 when one is missing'), ready)
  add(
    group
      .command('columns')
      .description('make the columns and choices that are missing there')
      .requiredOption('--consent', 'the organisation is changed: say so'),
    makeColumns,
  )
  add(
    group.command('start').description('begin to write, or go on').option('--wait', 'wait until all is written'),
    start,
  )
  add(group.command('pause').description('write no more for now'), act('pause'))
  add(group.command('retry').description('try once more what was not taken'), act('retry'))
  add(
    group
      .command('figure')
      .description('list the destination anew and compare it with the hub; exit code 3 when they differ')
      .option('--repair', 'mend what differs'),
    figure,
  )
  add(group.command('problems').description('rows that are not taken there, with the reason'), problems)
  add(
    group
      .command('mapping')
      .description('what is written into which column')
      .option('--set <file>', 'JSON of what differs from the defaults')
      .option('--preview', 'with --set: what it would change, and nothing is stored')
      .option('--reset', 'back to the defaults'),
    mapping,
  )
}

async function list({ api }: Access, output: Output): Promise<undefined> {
  const found = await api.get<{ destinations: Destination[] }>('/destinations')
  output.result(found)
  if (found.destinations.length === 0) output.line('There is no destination. Name one: jackfield destination add')
  for (const destination of found.destinations) tell(output, destination)
}

function tell(output: Output, { connectionName, state, progress, figure: last, problem }: Destination): void {
  const { written, due, parked } = progress
  output.line(`${connectionName}  ${state}  ${count(written)} written, ${count(due)} due, ${count(parked)} not taken`)
  if (last) tellFigure(output, last)
  if (problem) output.line(`  ${problem.message}${problem.mend ? ` ${problem.mend}` : ''}`)
}

function tellFigure(output: Output, { at, held, records, missing, differing, extra, parked }: DestinationFigure): void {
  output.line(
    `  ${ago(at)}: ${count(held)} of ${count(records)} there as written, ${count(missing)} missing, ` +
      `${count(differing)} differing, ${count(extra)} extra, ${count(parked)} not taken`,
  )
}

async function find(api: Api, name: string): Promise<Destination> {
  const connection = await findConnection(api, name)
  const { destinations } = await api.get<{ destinations: Destination[] }>('/destinations')
  const found = destinations.find(({ connectionId }) => connectionId === connection.id)
  if (found) return found
  throw usage(`${connection.name} is no destination. Name it one: jackfield destination add`)
}

const named: Work<Common & { onDelete?: string }> = async ({ api }, output, { name, options }) => {
  const connection = await findConnection(api, name)
  const made = await api.post<Destination>('/destinations', { connection: connection.id, onDelete: options.onDelete })
  output.result({ destination: made })
  output.line(`${connection.name} is a destination. What it still needs: jackfield destination readiness`)
  return undefined
}

const marks = { met: 'ok', unmet: 'MISSING', asked: 'ask', not_needed: '-' } as const

function tellReadiness(output: Output, { ready: isReady, requirements }: Readiness): ExitCode | undefined {
  const rows = requirements.map(({ name, subject, state, message }) => [marks[state], name, subject ?? '', message])
  for (const [i, line] of columns(rows).entries()) {
    output.line(line)
    const { state, mend } = requirements[i]!
    if (state !== 'met' && mend) output.line(`    ${mend}`)
  }
  return isReady ? undefined : exitCode.attention
}

const ready: Work<Common> = async ({ api }, output, { name }) => {
  const readiness = await api.get<Readiness>(`/destinations/${(await find(api, name)).id}/readiness`)
  output.result(readiness)
  return tellReadiness(output, readiness)
}

const makeColumns: Work<Common> = async ({ api }, output, { name }) => {
  const { id } = await find(api, name)
  const left = await api.post<Readiness>(`/destinations/${id}/columns`, { consent: true })
  output.result(left)
  return tellReadiness(output, left)
}

const start: Work<Common & { wait?: boolean }> = async (access, output, { name, options }) => {
  const { api } = access
  const { id } = await find(api, name)
  let now = await api.post<Destination>(`/destinations/${id}/start`)
  if (options.wait) {
    access.work()
    while (!now.progress.filled || now.progress.due > 0) {
      output.draw([`${count(now.progress.written)} written, ${count(now.progress.due)} due`])
      await wait(500)
      now = await api.get<Destination>(`/destinations/${id}`)
    }
    output.draw([])
  }
  output.result({ destination: now })
  tell(output, now)
  return undefined
}

const act =
  (what: 'pause' | 'retry'): Work<Common> =>
  async ({ api }, output, { name }) => {
    const now = await api.post<Destination>(`/destinations/${(await find(api, name)).id}/${what}`)
    output.result({ destination: now })
    tell(output, now)
    return undefined
  }

const figure: Work<Common & { repair?: boolean }> = async (access, output, { name, options }) => {
  const { api } = access
  const { id, state } = await find(api, name)
  if (state !== 'active') throw usage('The destination is paused: nothing is compared. Start it first.')
  let now = await api.post<Destination>(`/destinations/${id}/${options.repair ? 'repair' : 'compare'}`)
  access.work()
  while (now.figureAskedAt !== null) {
    await wait(300)
    now = await api.get<Destination>(`/destinations/${id}`)
  }
  const last = now.figure!
  output.result({ figure: last })
  tellFigure(output, last)
  for (const { kind, entity, rowId } of last.samples) output.line(`  ${kind.padEnd(9)}  ${entity.padEnd(7)}  ${rowId}`)
  return last.missing + last.differing + last.extra > last.repaired ? exitCode.attention : undefined
}

const problems: Work<Common> = async ({ api }, output, { name }) => {
  const { id } = await find(api, name)
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await api.get<DestinationProblems>(`/destinations/${id}/problems`, { cursor, limit: '200' })
    for (const problem of page.problems) {
      output.result(problem)
      output.line(`${problem.entity}  ${problem.name ?? problem.recordId}: ${problem.message}`)
    }
    cursor = page.next ?? undefined
  }
  return undefined
}

type MappingOptions = Common & { set?: string; reset?: boolean; preview?: boolean }

const mapping: Work<MappingOptions> = async ({ api }, output, { name, options }) => {
  const path = `/destinations/${(await find(api, name)).id}/mapping`
  if (options.preview) return await previewMapping(api, output, { path, file: options.set })
  let shown: DestinationMapping
  if (options.reset) shown = await api.put<DestinationMapping>(path, { mapping: null })
  else if (options.set) shown = await api.put<DestinationMapping>(path, { mapping: await readJson(options.set) })
  else shown = await api.get<DestinationMapping>(path)
  output.result(shown)
  for (const [entity, kinds] of Object.entries(shown.mapping)) {
    for (const [crm, lines] of Object.entries(kinds)) {
      output.line(`${entity} of ${crm === '*' ? 'any other CRM' : crm}`)
      const rows = lines.map((line) => [
        `  ${line.to}`,
        '←',
        'field' in line ? line.field : `${line.model} (of the model)`,
      ])
      for (const line of columns(rows)) output.line(line)
    }
  }
  return undefined
}

/** Part by part, as the file names them. */
async function previewMapping(
  api: Api,
  output: Output,
  { path, file }: { path: string; file: string | undefined },
): Promise<undefined> {
  if (file === undefined) throw usage('--preview goes with --set FILE')
  const given = (await readJson(file)) as Record<string, Record<string, unknown>>
  for (const [entity, kinds] of Object.entries(given)) {
    for (const [crm, lines] of Object.entries(kinds)) {
      const preview = await api.post<MappingPreview>(`${path}/${entity}/${encodeURIComponent(crm)}/preview`, { lines })
      output.result({ entity, crm, preview })
      const { looked, records, rewritten } = preview
      const of = looked < records ? ` (${count(looked)} of ${count(records)} looked at)` : ''
      output.line(`${entity} of ${crm === '*' ? 'any other CRM' : crm}: ${count(rewritten)} rows written anew${of}`)
      for (const line of columns(preview.columns.map(toldDifference))) output.line(line)
    }
  }
  return undefined
}

function toldDifference({ to, change, differing, refused, reason, left }: MappingPreview['columns'][number]): string[] {
  const what = change === 'removed' ? `${count(differing)} keep what stands there` : `${count(differing)} differ`
  const not = refused > 0 ? `, ${count(refused)} not taken${reason ? `: ${reason}` : ''}` : ''
  return [`  ${to}`, change, left ? `left out: ${left.replace('_', ' ')}` : `${what}${not}`]
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw usage(`${file} holds no JSON that can be read: ${(error as Error).message}`)
  }
}
