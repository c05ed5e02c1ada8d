import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import type { ConnectionList } from '../server/contract/connections.ts'
import type { Status } from '../server/contract/status.ts'
import { createApi } from './api.ts'
import { type JsonOption, run, type Shell } from './command.ts'
import { type ExitCode, exitCode, exitCodeOf } from './exit-code.ts'
import { Failure } from './failure.ts'
import type { LocalHub } from './hub-access.ts'
import type { Output } from './output.ts'
import { heldBack } from './status.ts'

interface Finding {
  check: string
  ok: boolean
  message: string
  mend?: string
  /** Of a failing one. */
  exit?: ExitCode
}

const leastNode = 24
const leastFreeBytes = 1024 ** 3
/** Beyond this, times that people see and leases' ends drift visibly apart. */
const mostSkewMs = 5_000

export function doctorCommand(program: Command, shell: Shell): void {
  program
    .command('doctor')
    .description('what this machine, the data folder, the database and the connections are like')
    .option('--data <folder>', 'data folder of the hub (default: JACKFIELD_DATA, else ./data)')
    .option('--json', 'print {"checks":[…],"ok"}')
    .action((options: JsonOption & { data?: string }) =>
      run(shell, options, (output) => examine(shell, options.data, output)),
    )
}

async function examine(shell: Shell, data: string | undefined, output: Output): Promise<ExitCode | undefined> {
  const findings: Finding[] = []
  const note = (finding: Finding) => {
    findings.push(finding)
    output.line(`${finding.ok ? '✓' : '✗'} ${finding.check}: ${finding.message}`)
    if (finding.mend !== undefined && !finding.ok) output.line(`  ${finding.mend}`)
  }
  const settings = shell.machine.settings(data)
  note(nodeVersion())
  if (!settings.databaseUrl) {
    note(folder(settings.dataFolder))
    note(diskSpace(settings.dataFolder))
  }
  for (const finding of await database(shell, data)) note(finding)
  const failing = findings.filter((finding) => !finding.ok)
  output.result({ ok: failing.length === 0, checks: findings.map(({ exit: _exit, ...shown }) => shown) })
  return failing.map(({ exit }) => exit ?? exitCode.failed).sort((a, b) => b - a)[0]
}

function nodeVersion(): Finding {
  const ok = Number(process.versions.node.split('.')[0]) >= leastNode
  const mend = `Start by npm run, which brings Node ${leastNode} with it.`
  return { check: 'node', ok, message: `Node ${process.versions.node}`, mend }
}

/** The folder itself, or the first one above it that is there: that is where it would be made. */
function standing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : standing(dirname(path))
}

function folder(path: string): Finding {
  const there = standing(path)
  try {
    accessSync(there, constants.W_OK)
    const fresh = there === path ? '' : ' (it will be made)'
    const open = there === path && (statSync(path).mode & 0o007) !== 0
    const mend = `Others can look into it: chmod 700 ${path}`
    return { check: 'data folder', ok: !open, message: `${path}${fresh}`, mend }
  } catch {
    const mend = 'Give this user the right to write there, or name another folder by --data.'
    return { check: 'data folder', ok: false, message: `${there} cannot be written to`, mend }
  }
}

function diskSpace(path: string): Finding {
  const { bavail, bsize } = statfsSync(standing(path))
  const free = bavail * bsize
  const message = `${(free / 1024 ** 3).toFixed(1)} GB free`
  return { check: 'disk', ok: free >= leastFreeBytes, message, mend: 'A million records take about 2 GB.' }
}

async function database(shell: Shell, data: string | undefined): Promise<Finding[]> {
  let hub: LocalHub
  try {
    hub = await shell.machine.open({ data, quiet: true })
  } catch (error) {
    return [refusal(error)]
  }
  try {
    const { version, durability, skewMs } = await hub.database()
    const durable = Object.entries(durability).map(([name, value]) => `${name} = ${value}`)
    const skew = `${(Math.abs(skewMs) / 1000).toFixed(1)} s apart from the database’s`
    return [
      {
        check: 'database',
        ok: true,
        message: `Postgres ${version}${hub.beside ? ', of the hub that is running' : ''}`,
      },
      { check: 'durability', ok: true, message: durable.join(', ') },
      { check: 'master key', ok: true, message: 'opens what is sealed' },
      { check: 'clock', ok: Math.abs(skewMs) < mostSkewMs, message: skew, mend: 'Set both machines’ clocks by NTP.' },
      await feed(hub),
      ...(await connections(hub)),
    ]
  } finally {
    await hub.close()
  }
}

function refusal(error: unknown): Finding {
  const { code = 'internal', message, detail } = error as { code?: string; message: string; detail?: { mend?: string } }
  const told = error instanceof Failure ? error.told : { code, message, mend: detail?.mend }
  const check = told.code.startsWith('secret.') ? 'master key' : 'database'
  const mend = told.mend === undefined ? {} : { mend: told.mend }
  return { check, ok: false, message: told.message, exit: exitCodeOf(told.code), ...mend }
}

async function feed(hub: LocalHub): Promise<Finding> {
  const { feedHeldBack } = await createApi((asked) => hub.call(asked)).get<Status>('/status')
  const message = feedHeldBack ? heldBack(feedHeldBack) : 'changes are fed as they come'
  const mend = 'End that transaction, or give the hub a database of its own.'
  return { check: 'feed', ok: feedHeldBack === null, message, mend }
}

async function connections(hub: LocalHub): Promise<Finding[]> {
  const list = await createApi((asked) => hub.call(asked)).get<ConnectionList>('/connections')
  return list.connections.map(({ name, state, problem }) => ({
    check: `connection ${name}`,
    ok: state !== 'needs_attention',
    message: problem?.message ?? state,
    exit: exitCode.attention,
    ...(problem?.mend ? { mend: problem.mend } : {}),
  }))
}
