import type { AuditResult } from '../../../src/server/contract/audits.ts'
import type { RunsRequested } from '../../../src/server/contract/runs.ts'
import { act } from './request.ts'

export type { AuditResult }

export const audit = (input: { connection: string; entity?: string; repair: boolean }) =>
  act<RunsRequested>('POST', '/audits', input)
