import { type RunKind, requestRun } from '#sync/run.ts'
import { until } from '../support/hub.ts'
import type { HttpHub } from './http-hub.ts'

export type { Shape } from './http-hub.ts'

interface Told {
  code: string
  message: string
  mend?: string
  page?: number
}

/** Asks for a run and waits until it ended, or met its first problem; answers that problem. */
export async function readRun({ pool }: HttpHub, tableId: number, kind: RunKind): Promise<Told | null> {
  const { id } = await requestRun(pool, {
    tableId,
    kind,
    cause: 'test',
    options: kind === 'audit' ? { repair: true } : {},
  })
  return (
    await until(async () => {
      const { rows } = await pool.query<{ state: string; problem: Told | null }>(
        'select state, problem from jackfield.sync_run where id = $1',
        [id],
      )
      const [run] = rows
      return run && (run.problem !== null || run.state === 'done' || run.state === 'failed') ? run : null
    })
  ).problem
}
