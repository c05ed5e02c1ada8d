import type { FastifyRequest } from 'fastify'
import { HubError } from '#core/errors.ts'
import type { LookupQuery } from '#records/lookup.ts'
import { allow } from '../access.ts'
import { askerOf } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import * as contract from '../contract/lookup.ts'
import type { Hub } from '../hub.ts'
import { viewFor } from '../seen.ts'

const ways = ['phone', 'email', 'name'] as const
const longest = { phone: 200, email: 320, name: 200 }

/** While the phone rings: nothing on this way is checked twice, copied or serialised by schema. */
export function lookupRoutes(app: Api, hub: Hub, observe: (seconds: number) => void): void {
  app.get(
    '/lookup',
    {
      config: { ...allow('read:records').config, crowd: 'lookup' },
      // The schema is for the documents; the query is read by hand below.
      schema: { querystring: contract.LookupQuery, response: { 200: contract.Lookup, ...failures } },
      validatorCompiler: () => (value: unknown) => ({ value }),
    },
    async (request, reply) => {
      const began = performance.now()
      const view = viewFor(hub, request.principal)
      const asker = askerOf(request.principal)
      const answer = await hub.lookUp(queryOf(request), asker, view instanceof Promise ? await view : view)
      observe((performance.now() - began) / 1000)
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer) as never)
    },
  )
}

function queryOf(request: FastifyRequest): LookupQuery {
  const query = request.query as Record<string, unknown>
  const asked = ways.filter((way) => query[way] !== undefined && query[way] !== '')
  const [way] = asked
  if (way === undefined || asked.length > 1) {
    throw new HubError('input.invalid', 'The query: exactly one of phone, email or name is looked up')
  }
  const text = query[way]
  if (typeof text !== 'string' || text.length > longest[way]) {
    throw new HubError('input.invalid', `${way}: one text of at most ${longest[way]} characters`, { field: way })
  }
  return { [way]: text } as LookupQuery
}
