import { z } from 'zod'
import type { Authentication as StoredAuthentication } from '#connections/connection.ts'
import type { CheckStep } from '#connectors/connector.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import {
  Authentication,
  AuthenticationChange,
  AuthenticationList,
  NewAuthentication,
  SecretInput,
  SecretReplaced,
} from '../contract/authentications.ts'
import type { Hub } from '../hub.ts'
import * as shown from '../shown.ts'
import { answerInSteps } from '../step-stream.ts'

const edits = allow('edit:integrations')

export function authenticationRoutes(app: Api, hub: Hub): void {
  const { connections, log } = hub

  app.get(
    '/authentications',
    { ...edits, schema: { response: { 200: AuthenticationList, ...failures } } },
    async () => ({ authentications: await withUse(hub, await connections.listAuthentications()) }),
  )

  app.get(
    '/authentications/:id',
    { ...edits, schema: { params: IdPath, response: { 200: Authentication, ...failures } } },
    async (request) => one(hub, await connections.findAuthentication(request.params.id)),
  )

  app.post(
    '/authentications',
    {
      ...allow('edit:integrations', 'authentication.create'),
      schema: { body: NewAuthentication, response: { 201: Authentication, ...failures } },
    },
    (request, reply) =>
      answerInSteps(request, reply, {
        hub,
        status: 201,
        work: async (onStep: (step: CheckStep) => void) => {
          const made = await connections.authentications.create(request.body, onStep)
          const { crm } = request.body
          noteAct(request, { subject: { kind: 'authentication', id: made.id }, details: { crm } })
          log.info('authentication made', { authentication: made.id, crm, by: request.principal!.name })
          return one(hub, made)
        },
      }),
  )

  changeRoutes(app, hub)
}

function changeRoutes(app: Api, hub: Hub): void {
  const { connections, log } = hub

  app.patch(
    '/authentications/:id',
    {
      ...allow('edit:integrations', 'authentication.change'),
      schema: { params: IdPath, body: AuthenticationChange, response: { 200: Authentication, ...failures } },
    },
    async (request) => one(hub, await connections.authentications.rename(request.params.id, request.body.name)),
  )

  app.put(
    '/authentications/:id/secret',
    {
      ...allow('edit:integrations', 'authentication.replace_secret'),
      schema: { params: IdPath, body: SecretInput, response: { 200: SecretReplaced, ...failures } },
    },
    async (request) => {
      const users = await connections.replaceSecret(request.params.id, request.body.secret)
      log.info('secret replaced', { authentication: request.params.id, by: request.principal!.name })
      return { connections: users.map(({ connection, isMended }) => ({ ...shown.use(connection), mended: isMended })) }
    },
  )

  app.delete(
    '/authentications/:id',
    {
      ...allow('edit:integrations', 'authentication.remove'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { kind } = await connections.authentications.remove(request.params.id)
      noteAct(request, { details: { kind } })
      log.info('authentication removed', { authentication: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

async function one(hub: Hub, stored: StoredAuthentication): Promise<Authentication> {
  return (await withUse(hub, [stored]))[0]!
}

async function withUse(hub: Hub, stored: readonly StoredAuthentication[]): Promise<Authentication[]> {
  const [connections, quotas] = await Promise.all([hub.connections.list(), hub.connections.quotas()])
  const { connectors } = hub
  return stored.map((authentication) => shown.authentication(authentication, { connections, quotas, connectors }))
}
