import { inspect } from 'node:util'

/** One line of JSON that test/run.ts reads; the mark keeps it apart from what a test itself prints. */
export const reportMark = '\u001e'

export type Report =
  | { kind: 'started'; name: string }
  | { kind: 'passed'; name: string }
  | { kind: 'skipped'; name: string; why: string }
  | { kind: 'failed'; name: string; error: string }
  | { kind: 'ended'; name: string }

interface TestEvent {
  type: string
  data: {
    name: string
    nesting: number
    skip?: string | boolean
    todo?: string | boolean
    details?: { type?: string; error?: Error & { failureType?: string } }
  }
}

/** A reporter for `node --test-reporter`. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = []
  for await (const { type, data } of events) {
    if (type === 'test:dequeue') {
      // 'test:start' comes in the order of the report, which for a test may be when it ends.
      if (data.nesting === 0) yield line({ kind: 'started', name: data.name })
    } else if (type === 'test:start') {
      path.length = data.nesting
      path.push(data.name)
    } else if (type === 'test:pass' || type === 'test:fail') {
      const above = path.slice(0, data.nesting)
      const result = judge(type === 'test:pass', data, [...above, data.name].join(' › '))
      if (result) yield line(result)
      if (data.nesting === 0) yield line({ kind: 'ended', name: data.name })
    }
  }
}

function judge(passed: boolean, data: TestEvent['data'], name: string): Report | undefined {
  const { type, error } = data.details ?? {}
  const excuse = [data.skip, data.todo].find((given) => given !== undefined && given !== false)
  if (excuse !== undefined) return { kind: 'skipped', name, why: typeof excuse === 'string' ? excuse : '' }
  if (passed) return type === 'suite' ? undefined : { kind: 'passed', name }
  // What failed inside has been said by itself.
  if (error?.failureType === 'subtestsFailed') return undefined
  return { kind: 'failed', name, error: inspect(error?.cause ?? error, { depth: 6 }) }
}

function line(report: Report): string {
  return `\n${reportMark}${JSON.stringify(report)}\n`
}
