/** What a script can trust; docs/cli.md says the same to people. */
export const exitCode = {
  ok: 0,
  /** It was tried and did not succeed. */
  failed: 1,
  /** The command was not understood. */
  usage: 2,
  /** It went well, and found something that a person has to see to. */
  attention: 3,
  /** The hub or its database cannot be reached. */
  unreachable: 4,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

const unreachable = new Set(['database.unavailable', 'database.in_use', 'hub.unreachable', 'server.busy'])

export function exitCodeOf(code: string): ExitCode {
  if (unreachable.has(code) || code.startsWith('database.')) return exitCode.unreachable
  return code === 'usage' ? exitCode.usage : exitCode.failed
}
