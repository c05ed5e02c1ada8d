import type { Reply } from '../exchange/http.ts'
import { type Component, componentsOf, customField, element, elements, problemOf } from './components.ts'
import { dateTime } from './dates.ts'
import type { Deployment, Failure } from './deployment.ts'
import { ApiError, json, notFound } from './errors.ts'
import { makeId } from './ids.ts'
import { now, type Organisation } from './organisation.ts'
import type { Call, Simulator } from './simulator.ts'
import { multipart, unzip } from './zip.ts'

const keyOf = ({ type, fullName }: Component) => `${type} ${fullName}`

/** `/metadata/deployRequest` */
export function deployRequest(call: Call): Reply {
  const [, , id] = call.segments
  if (!call.sim.org.settings.mayDeploy)
    throw new ApiError(
      403,
      'INSUFFICIENT_ACCESS',
      'INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
    )
  if (id === undefined) {
    const parts = multipart(call.body, call.headers['content-type'] ?? '')
    const { deployOptions = {} } = readOptions(parts.get('entity_content'))
    const made = startDeploy(call, parts.get('file') ?? Buffer.alloc(0), deployOptions)
    return json(201, {
      id: made.id,
      validatedDeployRequestId: null,
      deployOptions,
      deployResult: resultOf(call.sim, made, false),
    })
  }
  const found = call.sim.deployments.list.get(id)
  if (!found) throw notFound()
  if (call.method === 'PATCH') {
    if (found.completedAt === null) found.status = 'Canceling'
    return json(202, { id, deployResult: resultOf(call.sim, found, false) })
  }
  const details = call.query.get('includeDetails') === 'true'
  return json(200, {
    id,
    url: `/services/data/${call.version}/metadata/deployRequest/${id}`,
    deployOptions: found.options,
    deployResult: resultOf(call.sim, found, details),
  })
}

function readOptions(part: Buffer | undefined): { deployOptions?: Record<string, unknown> } {
  try {
    return JSON.parse(part?.toString('utf8') ?? '{}') as { deployOptions?: Record<string, unknown> }
  } catch (error) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', (error as Error).message)
  }
}

export function startDeploy(call: Call, zip: Buffer, options: Record<string, unknown>): Deployment {
  const { sim } = call
  const files = unzip(zip)
  if (files === null) throw new ApiError(400, 'INVALID_FIELD', 'The zip file is not valid')
  if (!files.has('package.xml')) throw new ApiError(400, 'INVALID_FIELD', 'No package.xml found')
  const components = componentsOf(files)
  const made: Deployment = {
    id: makeId('0Af', sim.org.instance, sim.deployments.next++),
    options,
    status: 'Pending',
    components,
    deployed: [],
    failures: [],
    tests: [],
    testFailures: [],
    coverageWarnings: [],
    created: new Set(),
    startedAt: now(sim.org),
    completedAt: null,
    userId: call.userId,
  }
  sim.deployments.list.set(made.id, made)
  advance(sim, made, files, call.struck)
  return made
}

/** Pending → InProgress, one component at a time → its end. */
function advance(sim: Simulator, made: Deployment, files: Map<string, string>, struck: string[]): void {
  const wait = sim.org.settings.deployStateMs
  const left = [...made.components]
  const step = () => {
    if (made.status === 'Canceling') {
      end(sim.org, made, 'Canceled')
      return
    }
    made.status = 'InProgress'
    const component = left.shift()
    if (component) {
      const problem = problemOf(sim.org, component, files)
      if (problem) made.failures.push({ ...component, ...problem })
      else made.deployed.push(component)
    } else {
      finish(sim, made, files, struck)
      return
    }
    setTimeout(step, wait / 4).unref()
  }
  setTimeout(step, wait).unref()
}

function end(org: Organisation, made: Deployment, status: Deployment['status']): void {
  made.status = status
  made.completedAt = now(org)
}

function finish(sim: Simulator, made: Deployment, files: Map<string, string>, struck: string[]): void {
  runTests(made, struck)
  const failed = made.failures.length > 0 || made.testFailures.length > 0 || made.coverageWarnings.length > 0
  const partial = failed && made.options.rollbackOnError === false && made.testFailures.length === 0
  if (failed && !partial) {
    end(sim.org, made, 'Failed')
    return
  }
  if (made.options.checkOnly !== true) {
    for (const component of made.deployed) install(sim, made, component)
    for (const name of destroyed(files)) sim.deployments.installed.delete(name)
  }
  end(sim.org, made, partial ? 'SucceededPartial' : 'Succeeded')
}

/** The components that the package takes away: their type and name. */
function destroyed(files: Map<string, string>): string[] {
  const lists = ['destructiveChanges.xml', 'destructiveChangesPost.xml', 'destructiveChangesPre.xml']
  const types = lists.flatMap((path) => elements(files.get(path) ?? '', 'types'))
  return types.flatMap((type) => elements(type, 'members').map((member) => `${element(type, 'name')} ${member}`))
}

/** Tests are not run: they pass unless a fault says otherwise; triggers without a test class lack coverage. */
function runTests(made: Deployment, struck: string[]): void {
  const level = made.options.testLevel
  const isTest = ({ source }: Component) => /@IsTest\b/i.test(source)
  const apex = made.components.filter((c) => c.type.startsWith('Apex'))
  if (level === 'NoTestRun' || apex.length === 0 || made.failures.length > 0) return
  made.tests = apex.filter(isTest).map((c) => c.fullName)
  if (struck.includes('test-failed'))
    made.testFailures = made.tests.map((name) => ({
      name,
      methodName: 'sends',
      message: 'System.AssertException: Assertion Failed',
      stackTrace: `Class.${name}.sends: line 1, column 1`,
    }))
  if (level !== undefined && (made.tests.length === 0 || struck.includes('coverage')))
    made.coverageWarnings = [
      {
        name: '',
        message:
          'Average test coverage across all Apex Classes and Triggers is 0%, at least 75% test coverage is required.',
      },
    ]
}

function install(sim: Simulator, made: Deployment, component: Component): void {
  const key = keyOf(component)
  if (!sim.deployments.installed.has(key)) made.created.add(key)
  if (component.type === 'CustomField') customField(sim.org, component.fullName, component.source)
  if (component.type === 'CustomObject')
    for (const field of elements(component.source, 'fields'))
      customField(sim.org, `${component.fullName}.${element(field, 'fullName')}`, field)
  sim.deployments.installed.set(key, component)
}

/** DeployResult; component messages only with details. */
export function resultOf(sim: Simulator, made: Deployment, details: boolean): Record<string, unknown> {
  const { org } = sim
  const tests = made.completedAt === null ? 0 : made.tests.length
  const problems = made.testFailures.length + made.coverageWarnings.length
  return {
    id: made.id,
    status: made.status,
    done: made.completedAt !== null,
    success: made.status === 'Succeeded' || made.status === 'SucceededPartial',
    checkOnly: made.options.checkOnly === true,
    ignoreWarnings: made.options.ignoreWarnings === true,
    rollbackOnError: made.options.rollbackOnError !== false,
    runTestsEnabled: made.tests.length > 0,
    numberComponentsTotal: made.components.length,
    numberComponentsDeployed: made.deployed.length,
    numberComponentErrors: made.failures.length,
    numberTestsTotal: made.tests.length,
    numberTestsCompleted: tests - made.testFailures.length,
    numberTestErrors: problems,
    createdBy: made.userId,
    createdDate: dateTime(made.startedAt),
    startDate: dateTime(made.startedAt),
    lastModifiedDate: dateTime(made.completedAt ?? now(org)),
    completedDate: made.completedAt === null ? null : dateTime(made.completedAt),
    stateDetail:
      made.status === 'InProgress'
        ? `Processing Type: ${made.components[made.deployed.length]?.type ?? 'Apex Tests'}`
        : null,
    errorMessage: null,
    errorStatusCode: null,
    details: {
      componentSuccesses: details ? made.deployed.map((c) => message(made, c, null)) : [],
      componentFailures: details ? made.failures.map((f) => message(made, f, f)) : [],
      runTestResult: details
        ? {
            numTestsRun: made.tests.length,
            numFailures: made.testFailures.length,
            totalTime: 12,
            successes: [],
            failures: made.testFailures,
            codeCoverage: [],
            codeCoverageWarnings: made.coverageWarnings,
          }
        : null,
    },
  }
}

const message = (made: Deployment, c: Component, failure: Failure | null) => ({
  fileName: c.fileName,
  fullName: c.fullName,
  componentType: c.type,
  id: null,
  created: made.created.has(keyOf(c)),
  changed: failure === null,
  deleted: false,
  success: failure === null,
  problem: failure?.problem ?? null,
  problemType: failure ? 'Error' : null,
  lineNumber: failure?.line ?? null,
  columnNumber: failure ? 1 : null,
  createdDate: dateTime(made.startedAt),
})
