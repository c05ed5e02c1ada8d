import { z } from 'zod'
import { allow } from '../access.ts'
import { type Api, failures } from '../api.ts'
import { Status } from '../contract/status.ts'
import type { Hub } from '../hub.ts'
import { overview } from '../overview.ts'

/** `exact=true` counts the records now; without it they are as counted a moment ago. */
const StatusQuery = z.object({ exact: z.stringbool().default(false) })

export function statusRoutes(app: Api, hub: Hub): void {
  app.get(
    '/status',
    { ...allow('read:status'), schema: { querystring: StatusQuery, response: { 200: Status, ...failures } } },
    async (request) => overview(hub, request.query.exact),
  )
}
