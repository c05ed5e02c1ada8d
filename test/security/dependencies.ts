import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

const waitMs = 60_000

interface Audit {
  metadata?: { vulnerabilities?: Record<string, number>; dependencies?: { total?: number } }
  vulnerabilities?: Record<string, { severity: string; title?: string }>
  message?: string
  error?: { summary?: string }
}

/** What is known of the packages that the hub runs with, where the registry answers. */
export async function checkDependencies(): Promise<Finding> {
  const text = await npmAudit()
  const audit = parsed(text)
  if (!audit?.metadata?.vulnerabilities) {
    const why = audit?.message ?? audit?.error?.summary ?? 'the registry did not answer'
    return { check: 'dependencies', cases: 0, problems: [], notRun: why.slice(0, 200) }
  }
  const grave = Object.entries(audit.vulnerabilities ?? {}).filter(([, { severity }]) => /high|critical/.test(severity))
  return {
    check: 'dependencies',
    cases: audit.metadata.dependencies?.total ?? 0,
    problems: grave.map(([name, { severity }]) => `${name}: ${severity}`),
  }
}

function npmAudit(): Promise<string> {
  const options = { cwd: join(import.meta.dirname, '../..'), timeout: waitMs, maxBuffer: 16 * 1024 * 1024 }
  return new Promise((resolve) => {
    // It exits with 1 where it found something.
    execFile('npm', ['audit', '--omit=dev', '--json'], options, (_error, stdout) => resolve(stdout))
  })
}

function parsed(text: string): Audit | null {
  try {
    return JSON.parse(text) as Audit
  } catch {
    return null
  }
}
