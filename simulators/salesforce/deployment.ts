import type { Component } from './components.ts'

export type Failure = Component & { problem: string; line: number }
type TestFailure = { name: string; methodName: string; message: string; stackTrace: string }
export type Deployment = {
  id: string
  options: Record<string, unknown>
  status: 'Pending' | 'InProgress' | 'Succeeded' | 'SucceededPartial' | 'Failed' | 'Canceling' | 'Canceled'
  components: Component[]
  deployed: Component[]
  failures: Failure[]
  tests: string[]
  testFailures: TestFailure[]
  coverageWarnings: { name: string; message: string }[]
  created: Set<string>
  startedAt: number
  completedAt: number | null
  userId: string
}

/** What was deployed, and what is installed by it: `ApexTrigger HubContact` → its component. */
export type Deployments = { list: Map<string, Deployment>; installed: Map<string, Component>; next: number }

export const makeDeployments = (): Deployments => ({ list: new Map(), installed: new Map(), next: 1 })
