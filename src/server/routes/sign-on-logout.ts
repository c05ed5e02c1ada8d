import { z } from 'zod'
import { isHubError } from '#core/errors.ts'
import { endByProvider } from '#people/sign-on-logout.ts'
import { allow } from '../access.ts'
import { noteAct, notePerson } from '../acts.ts'
import { type Api, failures } from '../api.ts'
import { ErrorReply } from '../contract/errors.ts'
import { BackChannelInput, BackChannelProblem, ProviderPath } from '../contract/sign-on.ts'
import type { Hub } from '../hub.ts'
import { contextFor } from './sign-on.ts'

export const backChannelPath = (id: string) => `/api/v1/sign-on/${id}/backchannel-logout`

/** A provider's server calls, with a form that holds a token; what it says counts by the token's signature alone. */
export function backChannelRoute(app: Api, hub: Hub): void {
  app.register(async (scope) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(text)))),
    )
    logoutRoute(scope as unknown as Api, hub)
  })
}

function logoutRoute(app: Api, hub: Hub): void {
  app.post(
    '/sign-on/:id/backchannel-logout',
    {
      ...allow('open', 'session.end'),
      schema: {
        params: ProviderPath,
        body: BackChannelInput,
        response: { 200: z.object({}), 400: z.union([BackChannelProblem, ErrorReply]), ...failures },
      },
    },
    async (request, reply) => {
      const { id: provider } = request.params
      const method = 'back_channel'
      noteAct(request, { subject: null, details: { method, provider } })
      reply.header('cache-control', 'no-store')
      try {
        const { sessions, person } = await endByProvider(contextFor(hub, request), provider, request.body.logout_token)
        hub.credentials.forget()
        noteAct(request, { details: { sessions } })
        if (person) notePerson(request, person)
        hub.log.info('sessions ended by a provider', { provider, sessions, person: person?.id ?? null })
        return {}
      } catch (error) {
        if (!isHubError(error, 'sign_on.rejected', 'resource.not_found')) throw error
        if (request.act) request.act.code = error.code
        noteAct(request, { details: { why: error.message } })
        hub.log.warn('a provider’s logout was not believed', { provider, why: error.message })
        return reply.code(400).send({ error: 'invalid_request' as const, error_description: error.message })
      }
    },
  )
}
