import type { CheckStep } from '#connectors/connector.ts'
import type { OwnSettings } from '#connectors/own-settings.ts'
import { HubError } from '#core/errors.ts'

/** Throws what is wrong with the first of a definition's tables that cannot be read, and where it stands. */
export function needReadable({ tables }: Pick<OwnSettings, 'tables'>, steps: readonly CheckStep[]): void {
  const failed = steps.find(({ ok }) => !ok)
  if (!failed) return
  const at = tables.findIndex(({ table }) => table === failed.subject)
  throw new HubError('crm.refused', `The definition’s table ${failed.subject} cannot be read: ${failed.message}`, {
    field: at < 0 ? 'definition' : `definition.tables.${at}`,
    mend: `${failed.mend ?? 'Try the table in the definition.'} Nothing was stored.`,
  })
}
