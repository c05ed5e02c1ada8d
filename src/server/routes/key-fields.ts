import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { KeyFields } from '../contract/key-fields.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'

export function keyFieldRoutes(app: Api, { connections, log }: Hub): void {
  const schema = { params: IdPath, response: { 200: KeyFields, ...failures } }

  app.get('/connections/:id/key-fields', { ...allow('read:status'), schema }, async ({ params }) =>
    shownFields(await connections.keyFields(params.id)),
  )

  app.post(
    '/connections/:id/key-fields',
    { ...allow('edit:integrations', 'connection.change'), schema },
    async (request) => {
      const { id } = request.params
      noteAct(request, { details: { keyFields: true } })
      log.info('consent to fields for keys', { connection: id, by: request.principal!.name })
      return shownFields(await connections.consentToKeyFields(id))
    },
  )
}

type Found = Awaited<ReturnType<Hub['connections']['keyFields']>>

const shownFields = ({ tables, ...rest }: Found): KeyFields => ({
  ...rest,
  tables: tables.map((table) => ({ ...table, problem: shown.problem(table.problem) })),
})
