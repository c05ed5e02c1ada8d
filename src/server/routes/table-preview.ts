import { comparisonsOf } from '#connections/check-filter.ts'
import { mappingRules } from '#connections/check-mapping.ts'
import { HubError } from '#core/errors.ts'
import { type FieldType, fieldTypes } from '#model/field.ts'
import { sampleColumns } from '#records/samples.ts'
import { type TablePreview as Previewed, previewChange } from '#sync/preview.ts'
import type { Example } from '#sync/preview-derived.ts'
import { allow } from '../access.ts'
import { type Api, failures, given } from '../api.ts'
import { PreviewInput, TablePreview, TableRules, TableSamples } from '../contract/table-preview.ts'
import type { Hub } from '../hub.ts'
import { errorReply } from '../plugins/errors.ts'
import { viewFor } from '../seen.ts'
import { findTable, TablePath } from './tables.ts'

/** What the editors of a table's settings stand on: the rules, real values, and what a change would do. */
export function previewRoutes(app: Api, hub: Hub): void {
  app.get(
    '/table-rules',
    { ...allow('read:status'), schema: { response: { 200: TableRules, ...failures } } },
    async () => rules(),
  )

  app.get(
    '/connections/:id/tables/:entity/samples',
    { ...allow('read:records'), schema: { params: TablePath, response: { 200: TableSamples, ...failures } } },
    async (request) => {
      const { id, entity } = request.params
      const table = await findTable(hub, id, entity)
      const siblings = (await hub.finder.tables.all()).filter((each) => each.connectionId === id)
      return await sampleColumns(hub.pool, table, siblings, await viewFor(hub, request.principal))
    },
  )

  app.post(
    '/connections/:id/tables/:entity/preview',
    {
      ...allow('edit:integrations', 'table.preview'),
      schema: { params: TablePath, body: PreviewInput, response: { 200: TablePreview, ...failures } },
    },
    async (request) => {
      const { id, entity } = request.params
      const { askCrm, ...change } = request.body
      const parts = { ...hub, connectorOf: (crm: string) => connectorOf(hub, crm) }
      const preview = await previewChange(parts, { connectionId: id, entity, change: given(change), askCrm })
      const view = await viewFor(hub, request.principal)
      return shownPreview(preview, view.of(await findTable(hub, id, entity)) === null)
    },
  )
}

function connectorOf(hub: Hub, crm: string) {
  const found = hub.connectors.find(({ manifest }) => manifest.crm === crm)
  if (found) return found
  throw new HubError('resource.not_found', `This hub has no connector for ${crm}`)
}

function rules(): TableRules {
  const copied = JSON.parse(JSON.stringify(mappingRules)) as TableRules['mapping']
  const comparisons = Object.fromEntries(fieldTypes.map((type: FieldType) => [type, comparisonsOf(type)]))
  return { mapping: copied, comparisons }
}

/** Whoever may not see the table's records whole sees how many change, and none of them. */
function shownPreview(preview: Previewed, seesRecords: boolean): TablePreview {
  const { derived, scope, ...rest } = preview
  const examples = (list: Example[]) => (seesRecords ? list : [])
  const keys = <T extends { examples: Example[] }>(one: T) => ({ ...one, examples: examples(one.examples) })
  return {
    ...rest,
    scope: scope && {
      ...scope,
      entering: seesRecords ? scope.entering : [],
      leaving: seesRecords ? scope.leaving : [],
      crm: scope.crm && { before: scope.crm.before, after: scope.crm.after, problem: problemOf(scope.crm.error) },
    },
    fields: derived.fields.map(keys),
    phones: keys(derived.phones),
    emails: keys(derived.emails),
    relations: keys(derived.relations),
    names: keys(derived.names),
    active: derived.active,
  }
}

function problemOf(error: HubError | null) {
  if (!error) return null
  const { code, message, mend } = errorReply(error).error
  return { code, message, mend: mend ?? null, since: null }
}
