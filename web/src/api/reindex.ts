import type { Reindexed, ReindexStep } from '../../../src/server/contract/reindex.ts'
import { streamed } from './connections.ts'

/** Makes what is derived of a table's records again, telling how many are done. */
export const reindexTable = (connection: string, entity: string, onStep: (step: ReindexStep) => void) =>
  streamed<Reindexed, ReindexStep>('/reindex', { connection, entity }, onStep)
