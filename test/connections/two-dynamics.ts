import type { RunningDynamics } from '../../simulators/dynamics/server.ts'

/** Both organisations stand before one directory, and know the first one's app: one authentication signs in to both. */
export function shareDirectory(first: RunningDynamics, second: RunningDynamics): void {
  first.simulator.directory.resources.add(second.url)
  second.simulator.auth.directory = first.simulator.directory
  const { tables, appUser } = second.simulator.org
  const user = [...tables.get('systemuser')!.entries.values()].find((row) => row.id === appUser)!
  user.fields.applicationid = first.clientId
}
