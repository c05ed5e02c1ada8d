import { z } from 'zod'
import type { CrmSession } from '#connectors/call.ts'
import type { TableScope } from '#connectors/connector.ts'
import { isHubError } from '#core/errors.ts'
import { askJson } from './client.ts'
import { scopeCondition } from './filter.ts'
import { present } from './question.ts'

const counted = z.looseObject({ totalSize: z.number().int().min(0) })

/** How many rows the scope holds; it decides whether they are read by query or by a job, which is what null leads to. */
export async function estimate(session: CrmSession, scope: TableScope): Promise<number | null> {
  const { where, all } = present(scope, scopeCondition(scope))
  const soql = `SELECT COUNT() FROM ${scope.table.setName}${where === null ? '' : ` WHERE ${where}`}`
  const asked = { what: `to count ${scope.table.name}`, lane: 'initial' } as const
  const answer = await askJson(
    session,
    `${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`,
    asked,
    counted,
  ).catch((error: unknown) => {
    // A count of very many rows runs out of time; the walk itself does not.
    if (isHubError(error, 'crm.timeout', 'crm.refused', 'crm.body_invalid')) return null
    throw error
  })
  return answer?.totalSize ?? null
}
