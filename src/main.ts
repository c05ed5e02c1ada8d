#!/usr/bin/env node
import { appendFileSync, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Machine, OpenRequest } from '#cli/hub-access.ts'
import { runCli } from '#cli/program.ts'
import { toHostPort } from '#core/address.ts'
import { createLog } from '#core/log.ts'
import { readHolder } from '#database/embedded-claim.ts'
import { clusterData } from '#database/embedded-cluster.ts'
import type { OpenOptions } from './app.ts'
import { readSettings, type Settings } from './env.ts'

/** Read by the command line itself. */
const ownVariables = new Set(['JACKFIELD_URL', 'JACKFIELD_KEY', 'JACKFIELD_TEST_DATABASE_URL'])

function settingsFor(data: string | undefined): Settings {
  const environment = data === undefined ? process.env : { ...process.env, JACKFIELD_DATA: resolve(data) }
  return readSettings(environment, { terminal: process.stderr.isTTY })
}

const machine: Machine = {
  environment: process.env,
  settings: settingsFor,
  hasHub(data) {
    const { databaseUrl, dataFolder } = settingsFor(data)
    return databaseUrl !== undefined || existsSync(clusterData(dataFolder))
  },
  runningAt: async (data) => (await readHolder(settingsFor(data).dataFolder))?.url,
  async open(request) {
    const settings = settingsFor(request.data)
    const logging = loggingFor(settings, request)
    const unknown = settings.unknown.filter((name) => !ownVariables.has(name))
    if (unknown.length > 0) createLog(logging).warn('variables that nothing reads; are they misspelt?', { unknown })
    const allowHosts = new Set([...settings.allowHosts, ...(request.allowHosts ?? []).map((host) => toHostPort(host))])
    const { role = 'all', alone = false } = request
    // The whole hub takes most of a second to load, which help, a slip and a command to a hub elsewhere do without.
    const { openHub } = await import('./app.ts')
    return openHub({ settings: { ...settings, allowHosts }, logging, role, alone })
  },
}

function loggingFor({ logLevel, logFormat }: Settings, { quiet, logFile }: OpenRequest): OpenOptions['logging'] {
  if (logFile !== undefined) {
    return { level: logLevel, format: 'text', write: (line) => appendFileSync(logFile, line) }
  }
  // A command says itself what it did; what it was not asked for is worth a word only when it goes wrong.
  const level = quiet && process.env.JACKFIELD_LOG_LEVEL === undefined ? 'error' : logLevel
  return { level, format: logFormat, write: (line) => void process.stderr.write(line) }
}

const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
// The last one comes when the terminal is closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // A second one ends the process at once, as if nobody listened.
  process.once(signal, () => {
    stop()
    process.once(signal, () => process.exit(130))
  })
}
// Nobody reads any more: a result is of no use then, while a log may be missed.
process.stdout.on('error', () => stop())
process.stderr.on('error', () => undefined)
// A failure of the work's thread is one of the second kind.
for (const kind of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(kind, (error) => {
    createLog().error('nobody handled this', { error })
    process.exit(1)
  })
}

process.exitCode = await runCli(process.argv.slice(2), {
  machine,
  stopped,
  streams: { stdout: process.stdout, stderr: process.stderr },
})
