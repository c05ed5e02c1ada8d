import { changeMapping, changePart, type ManageParts, shownMapping } from '#destination/manage.ts'
import { findPart, type PartName } from '#destination/mapping-part.ts'
import { previewMapping } from '#destination/preview.ts'
import { findDestination } from '#destination/store.ts'
import { isWhole } from '#records/view.ts'
import { allow } from '../access.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import {
  MappingPart,
  MappingPartInput,
  MappingPartPath,
  MappingPreview,
  MappingPreviewInput,
} from '../contract/destination-mapping.ts'
import { DestinationMapping, DestinationMappingInput } from '../contract/destinations.ts'
import type { Hub } from '../hub.ts'
import { viewFor } from '../seen.ts'

/** What is written into which column of a destination: as a whole, and by kind of CRM. */
export function mappingRoutes(app: Api, hub: Hub, parts: ManageParts): void {
  const { pool, log } = hub
  partRoutes(app, hub, parts)

  app.get(
    '/destinations/:id/mapping',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: DestinationMapping, ...failures } } },
    async (request) => shownMapping(await findDestination(pool, request.params.id)),
  )

  app.put(
    '/destinations/:id/mapping',
    {
      ...allow('edit:integrations', 'destination.change_mapping'),
      schema: { params: IdPath, body: DestinationMappingInput, response: { 200: DestinationMapping, ...failures } },
    },
    async (request) => {
      const { id } = request.params
      const { mapping } = request.body
      await changeMapping(parts, id, mapping === null ? null : given(mapping))
      hub.wakeWorkers()
      log.info('mapping of a destination changed', { destination: id, by: request.principal!.name })
      return shownMapping(await findDestination(pool, id))
    },
  )
}

function partRoutes(app: Api, hub: Hub, parts: ManageParts): void {
  const { pool, log } = hub
  const path = '/destinations/:id/mapping/:entity/:crm'
  const shown = async (name: PartName) => JSON.parse(JSON.stringify(await findPart(pool, name))) as MappingPart

  app.get(
    path,
    { ...allow('read:status'), schema: { params: MappingPartPath, response: { 200: MappingPart, ...failures } } },
    async (request) => shown(request.params),
  )

  app.put(
    path,
    {
      ...allow('edit:integrations', 'destination.change_mapping'),
      schema: { params: MappingPartPath, body: MappingPartInput, response: { 200: MappingPart, ...failures } },
    },
    async (request) => {
      await changePart(parts, request.params, request.body)
      hub.wakeWorkers()
      const { id, entity, crm } = request.params
      log.info('mapping of a destination changed', { destination: id, entity, crm, by: request.principal!.name })
      return shown(request.params)
    },
  )

  app.post(
    `${path}/preview`,
    {
      ...allow('edit:integrations', 'destination.preview_mapping'),
      schema: { params: MappingPartPath, body: MappingPreviewInput, response: { 200: MappingPreview, ...failures } },
    },
    async (request) => {
      const preview = await previewMapping(parts, request.params, request.body.lines)
      if (isWhole(await viewFor(hub, request.principal))) return preview
      // Whoever may not see all records sees how many change, and none of them.
      return { ...preview, columns: preview.columns.map((one) => ({ ...one, reason: null, examples: [] })) }
    },
  )
}
