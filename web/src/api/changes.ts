import type { Change, ChangeOperation } from '../../../src/server/contract/changes.ts'

export type { Change, ChangeOperation }
