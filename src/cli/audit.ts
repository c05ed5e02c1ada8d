import type { Command } from 'commander'
import type { AuditResult } from '../server/contract/audits.ts'
import type { Run } from '../server/contract/runs.ts'
import { type JsonOption, runWithHub, type Shell, talksToHub } from './command.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { type Access, type AccessOptions, findConnection } from './hub-access.ts'
import { count, type Output } from './output.ts'
import { waitForRuns } from './sync.ts'

interface Options extends JsonOption, AccessOptions {
  table?: string
  repair?: boolean
}

export function auditCommand(program: Command, shell: Shell): void {
  talksToHub(
    program
      .command('audit')
      .description('compare the hub with the CRM, row version by row version; exit code 3 when they differ')
      .argument('<connection>', 'id or name of the connection')
      .option('--table <entity>', 'this table only, such as contact')
      .option('--repair', 'heal what differs'),
  ).action((connection: string, options: Options) =>
    runWithHub(shell, options, (access, output) => audit(access, output, connection, options)),
  )
}

async function audit(access: Access, output: Output, name: string, options: Options): Promise<ExitCode | undefined> {
  const { api } = access
  const { id } = await findConnection(api, name)
  const body = { connection: id, entity: options.table, repair: options.repair === true }
  const { runs } = await api.post<{ runs: Run[] }>('/audits', body)
  access.work()
  const ended = await waitForRuns(api, runs, (now) => output.draw(now.map((run) => `${run.entity}: ${run.state}`)))
  output.draw([])
  const failed = ended.filter((run) => run.state !== 'done')
  const results = ended.flatMap((run) => (run.state === 'done' ? [{ entity: run.entity, ...resultOf(run) }] : []))
  for (const result of results) tell(output, result)
  for (const { entity, state, problem } of failed) output.line(`${entity}: ${problem?.message ?? state}`)
  const sum = (key: 'differences' | 'healed') => results.reduce((total, result) => total + result[key], 0)
  output.result({
    audited: Object.fromEntries(results.map(({ entity, ...result }) => [entity, result])),
    differences: sum('differences'),
    healed: sum('healed'),
    ...(failed.length > 0 ? { failed: failed.map(({ entity, state, problem }) => ({ entity, state, problem })) } : {}),
  })
  if (failed.some((run) => run.problem?.code !== 'sync.sweep_needs_person')) return exitCode.failed
  return failed.length > 0 || sum('differences') > sum('healed') ? exitCode.attention : undefined
}

const resultOf = (run: Run) => run.result as unknown as AuditResult

function tell(output: Output, result: AuditResult & { entity: string }): void {
  const { entity, held, crm, differences, healed, named, parked, deletesVerifiedAt } = result
  output.line(
    `${entity}: ${count(held)} of ${count(crm)} the same, ${count(differences)} differed, ${count(healed)} healed, ` +
      `${count(parked)} parked; deletes ${deletesVerifiedAt ? 'verified' : 'not verified'}`,
  )
  for (const { sourceId, kind } of named) output.line(`  ${kind.padEnd(8)}  ${sourceId}`)
}
