import { z } from 'zod'
import type { CheckStep } from '#connectors/connector.ts'
import { HubError, isHubError } from '#core/errors.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { CheckResult, ConnectInput, Connection, ConnectionChange, ConnectionList } from '../contract/connections.ts'
import { Quota } from '../contract/quota.ts'
import type { Hub } from '../hub.ts'
import { errorReply } from '../plugins/errors.ts'
import * as shown from '../shown.ts'
import { answerInSteps } from '../step-stream.ts'

type OnStep = (step: CheckStep) => void

export function connectionRoutes(app: Api, hub: Hub): void {
  oneConnection(app, hub)
  const { connections, log } = hub

  app.get(
    '/connections',
    { ...allow('read:status'), schema: { response: { 200: ConnectionList, ...failures } } },
    async () => ({ connections: (await connections.list()).map(shown.connection) }),
  )

  app.post(
    '/connections',
    {
      ...allow('create:integrations', 'connection.create'),
      schema: { body: ConnectInput, response: { 201: Connection, ...failures } },
    },
    (request, reply) =>
      answerInSteps(request, reply, {
        hub,
        status: 201,
        work: async (onStep: OnStep) => {
          const made = await connections.connect(request.body, onStep)
          noteAct(request, { subject: { kind: 'connection', id: made.id }, details: { crm: made.crm } })
          log.info('connected', { connection: made.id, crm: made.crm, url: made.url, by: request.principal!.name })
          return shown.connection(made)
        },
      }),
  )

  app.post(
    '/connections/check',
    {
      ...allow('create:integrations', 'connection.try'),
      schema: { body: ConnectInput, response: { 200: CheckResult, ...failures } },
    },
    (request, reply) =>
      answerInSteps(request, reply, {
        hub,
        status: 200,
        work: (onStep: OnStep) => checked((tell) => connections.tryOut(request.body, tell), onStep),
      }),
  )
}

function oneConnection(app: Api, hub: Hub): void {
  const { connections, log } = hub

  app.get(
    '/connections/:id',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: Connection, ...failures } } },
    async (request) => shown.connection(await connections.find(request.params.id)),
  )

  app.get(
    '/connections/:id/quota',
    { ...allow('read:status'), schema: { params: IdPath, response: { 200: Quota, ...failures } } },
    async (request) => {
      const { id } = await connections.find(request.params.id)
      const [view] = await connections.quotas(id)
      if (!view) throw new HubError('connection.not_found', 'The connection was removed')
      return shown.quota(view)
    },
  )

  app.patch(
    '/connections/:id',
    {
      ...allow('edit:integrations', 'connection.change'),
      schema: { params: IdPath, body: ConnectionChange, response: { 200: Connection, ...failures } },
    },
    async (request) => {
      const { id } = request.params
      const { state, ...change } = request.body
      if (state !== undefined) noteAct(request, { details: { state } })
      if (Object.values(change).some((value) => value !== undefined)) await connections.change(id, change)
      if (state === 'paused') await connections.pause(id)
      if (state === 'active') await connections.resume(id)
      log.info('connection changed', { connection: id, change: request.body, by: request.principal!.name })
      return shown.connection(await connections.find(id))
    },
  )

  app.delete(
    '/connections/:id',
    {
      ...allow('edit:integrations', 'connection.remove'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await connections.remove(request.params.id)
      log.info('connection removed', { connection: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/connections/:id/check',
    {
      ...allow('edit:integrations', 'connection.check'),
      schema: { params: IdPath, response: { 200: CheckResult, ...failures } },
    },
    (request, reply) =>
      answerInSteps(request, reply, {
        hub,
        status: 200,
        work: (onStep: OnStep) => checked((tell) => connections.check(request.params.id, tell), onStep),
      }),
  )
}

/** A check that fails is a good answer to the question; only what is no finding of a check is an error. */
async function checked(check: (onStep: OnStep) => Promise<unknown>, onStep: OnStep): Promise<CheckResult> {
  const steps: CheckStep[] = []
  try {
    await check((step) => {
      steps.push(step)
      onStep(step)
    })
    return { ok: steps.every((step) => step.ok), steps, error: null }
  } catch (error) {
    if (!isHubError(error) || !steps.some((step) => !step.ok)) throw error
    return { ok: false, steps, error: errorReply(error).error }
  }
}
