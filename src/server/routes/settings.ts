import { allow } from '../access.ts'
import { type Api, failures } from '../api.ts'
import { HubSettings } from '../contract/settings.ts'
import type { Hub } from '../hub.ts'

export function settingsRoutes(app: Api, { settings }: Hub): void {
  app.get(
    '/settings',
    { ...allow('read:status'), schema: { response: { 200: HubSettings, ...failures } } },
    async () => settings,
  )
}
