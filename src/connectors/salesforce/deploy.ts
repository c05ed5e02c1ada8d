import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import type { InstallOptions, InstallStep } from '#connectors/installer.ts'
import { HubError } from '#core/errors.ts'
import { askMetadata } from './metadata-call.ts'
import type { MetadataPackage } from './package.ts'

/** A queue of deployments in the organisation comes first. */
const longestMs = 30 * 60_000
const firstPauseMs = 250
const longestPauseMs = 4_000

const count = z.number().int().catch(0)
const words = z.string().nullish()
const result = z.object({
  done: z.boolean(),
  success: z.boolean(),
  status: z.string(),
  numberComponentsTotal: count,
  numberComponentsDeployed: count,
  numberTestsTotal: count,
  numberTestsCompleted: count,
  numberTestErrors: count,
  stateDetail: words,
  errorMessage: words,
  details: z
    .object({
      componentFailures: z
        .array(z.object({ fileName: words, fullName: words, problem: words, lineNumber: z.number().nullish() }))
        .catch([]),
      runTestResult: z
        .object({
          failures: z.array(z.object({ name: words, methodName: words, message: words })).catch([]),
          codeCoverageWarnings: z.array(z.object({ name: words, message: words })).catch([]),
        })
        .nullish(),
    })
    .nullish(),
})
type Result = z.infer<typeof result>
const started = z.object({ id: z.string().regex(/^\w{15,18}$/) })
const asked = z.object({ deployResult: result })

/**
 * Has the CRM take a package, all of it or nothing, and tells how far it is. Each fault is a step; throws
 * push.not_installed at its end where there was one.
 */
export async function* deploy(
  session: CrmSession,
  given: MetadataPackage,
  { checkOnly = false, signal }: InstallOptions = {},
): AsyncGenerator<InstallStep> {
  const { id } = await send(session, given, checkOnly)
  yield { step: 'sent', ok: true, message: `Salesforce has taken the package in as ${id}` }
  const last = yield* follow(session, id, signal)
  if (last.success) {
    yield { step: 'done', ok: true, message: checkOnly ? 'All of it would be taken' : 'Salesforce has taken all of it' }
    return
  }
  const faults = [...faultsOf(last)]
  yield* faults
  throw notInstalled(last, faults)
}

async function send(session: CrmSession, { zip, tests }: MetadataPackage, checkOnly: boolean) {
  const deployOptions = {
    checkOnly,
    singlePackage: true,
    rollbackOnError: true,
    ignoreWarnings: true,
    allowMissingFiles: false,
    // Removal brings no test of its own: the organisation's own rule decides which are run.
    ...(tests.length > 0 ? { testLevel: 'RunSpecifiedTests', runTests: tests } : {}),
  }
  const boundary = `jackfield-${randomBytes(16).toString('hex')}`
  const part = (name: string, rest: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`
  const body = Buffer.concat([
    Buffer.from(part('entity_content', '\r\nContent-Type: application/json')),
    Buffer.from(JSON.stringify({ deployOptions })),
    Buffer.from(`\r\n${part('file', '; filename="jackfield.zip"\r\nContent-Type: application/zip')}`),
    zip,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` }
  return askMetadata(session, 'metadata/deployRequest', started, { method: 'POST', headers, body })
}

async function* follow(session: CrmSession, id: string, signal?: AbortSignal): AsyncGenerator<InstallStep, Result> {
  const path = `metadata/deployRequest/${id}`
  const until = performance.now() + longestMs
  let told = ''
  let isCancelled = false
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 1.4, longestPauseMs)) {
    if (signal?.aborted && !isCancelled) {
      isCancelled = true
      const body = JSON.stringify({ deployResult: { status: 'Canceling' } })
      const headers = { 'content-type': 'application/json' }
      await askMetadata(session, path, z.unknown(), { method: 'PATCH', headers, body })
    }
    const { deployResult } = await askMetadata(session, `${path}?includeDetails=true`, asked, {})
    if (deployResult.done) return deployResult
    const step = progressOf(deployResult)
    if (step.message !== told) yield step
    told = step.message
    if (performance.now() > until) {
      throw new HubError('crm.timeout', `Salesforce has not ended the deployment ${id} within half an hour`, {
        mend: 'Look under Setup → Deployment Status, and try again when it has ended.',
      })
    }
    // A cancellation is asked for at once, and what is under way in Salesforce is waited for.
    await wait(pause, undefined, isCancelled || !signal ? {} : { signal }).catch(() => undefined)
  }
}

function progressOf(now: Result): InstallStep {
  const { numberComponentsDeployed, numberComponentsTotal, numberTestsCompleted, numberTestsTotal } = now
  if (numberTestsTotal > 0 && numberComponentsDeployed >= numberComponentsTotal) {
    const message = `Tests: ${numberTestsCompleted} of ${numberTestsTotal}`
    return { step: 'tests', ok: true, message, done: numberTestsCompleted, total: numberTestsTotal }
  }
  const message = `${now.status}: ${numberComponentsDeployed} of ${numberComponentsTotal} parts`
  return { step: 'components', ok: true, message, done: numberComponentsDeployed, total: numberComponentsTotal }
}

function* faultsOf({ details, errorMessage }: Result): Generator<InstallStep> {
  for (const { fileName, fullName, problem, lineNumber } of details?.componentFailures ?? []) {
    const place = `${fileName || fullName || 'the package'}${lineNumber ? `, line ${lineNumber}` : ''}`
    yield { step: 'components', ok: false, message: `${place}: ${problem ?? 'refused without a reason'}` }
  }
  for (const { name, methodName, message } of details?.runTestResult?.failures ?? []) {
    yield { step: 'tests', ok: false, message: `${name ?? 'A test'}.${methodName ?? ''}: ${message ?? 'failed'}` }
  }
  for (const { name, message } of details?.runTestResult?.codeCoverageWarnings ?? []) {
    yield { step: 'tests', ok: false, message: `${name ? `${name}: ` : ''}${message ?? 'coverage is missing'}` }
  }
  if (errorMessage) yield { step: 'done', ok: false, message: errorMessage }
}

function notInstalled({ status, details }: Result, faults: InstallStep[]): HubError {
  const what = status.startsWith('Cancel') ? 'The deployment was cancelled' : 'Salesforce has refused the package'
  const tests = details?.runTestResult
  const first = faults[0] ? `: ${faults[0].message}` : ''
  const mend = status.startsWith('Cancel')
    ? 'Nothing was changed in Salesforce.'
    : (tests?.failures.length ?? 0) > 0 || (tests?.codeCoverageWarnings.length ?? 0) > 0
      ? 'A rule or a trigger of this organisation stands in the way of the test records: look at the test named, or tell fewer objects.'
      : 'Nothing was changed in Salesforce. Leave out the object that is named, or tell us what it says.'
  return new HubError('push.not_installed', `${what}${first}`, { mend, vendorCode: status })
}
