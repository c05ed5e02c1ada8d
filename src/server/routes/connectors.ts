import { allow } from '../access.ts'
import { type Api, CrmPath, failures } from '../api.ts'
import { ConnectorList, DiscoverInput, Discovery } from '../contract/connectors.ts'
import type { Hub } from '../hub.ts'

export function connectorRoutes(app: Api, hub: Hub): void {
  app.get(
    '/connectors',
    { ...allow('read:status'), schema: { response: { 200: ConnectorList, ...failures } } },
    async () => ({
      connectors: hub.connectors.map(({ manifest, defaultTables, readSettings }) => ({
        crm: manifest.crm,
        title: manifest.title,
        authentication: manifest.authentication,
        abilities: manifest.abilities,
        needsDefinition: readSettings !== undefined,
        defaultTables: defaultTables.map(({ entity, table, enabledByDefault }) => ({
          entity,
          table,
          enabledByDefault,
        })),
      })),
    }),
  )

  app.post(
    '/connectors/:crm/discover',
    {
      ...allow('create:integrations', 'connector.discover'),
      schema: { params: CrmPath, body: DiscoverInput, response: { 200: Discovery, ...failures } },
    },
    async (request) => hub.connections.discover(request.params.crm, request.body.url),
  )
}
