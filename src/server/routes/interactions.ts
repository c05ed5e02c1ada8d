import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import { listIdentities, removeIdentity, setIdentity } from '#desktop/agents.ts'
import { buildCard } from '#desktop/card.ts'
import { interactionId } from '#desktop/interaction-id.ts'
import { interactionLedger } from '#desktop/ledger.ts'
import { listInteractions } from '#desktop/open-interactions.ts'
import { shownInteractions } from '#desktop/shown-interaction.ts'
import { loadInteraction } from '#desktop/store.ts'
import { allow } from '../access.ts'
import { noteAct, notePerson } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { Card } from '../contract/desktop.ts'
import {
  AgentIdentity,
  AgentIdentityList,
  EventBatch,
  EventInput,
  EventsTaken,
  type FullEvent,
  Interaction,
  InteractionInput,
  InteractionLedger,
  InteractionList,
  InteractionQuery,
} from '../contract/interactions.ts'
import { noPerson, refuseOthers, viewerOf } from '../desktop-viewer.ts'
import type { Hub } from '../hub.ts'
import { finderFor } from '../seen.ts'
import { takeTold } from '../told-events.ts'

export function interactionRoutes(app: Api, hub: Hub): void {
  toldRoutes(app, hub)
  identityRoutes(app, hub)

  app.get(
    '/interactions',
    {
      ...allow(['use:desktop', 'read:interactions']),
      schema: { querystring: InteractionQuery, response: { 200: InteractionList, ...failures } },
    },
    async (request, reply) => {
      const { record: recordId, ...query } = request.query
      const { permissions, kind, id } = request.principal!
      // Who may not see others' sees their own; a program of nobody's sees none.
      const personId = permissions.has('read:interactions') ? null : kind === 'person' ? id : noPerson
      const { interactions, next } = await listInteractions(hub.pool, {
        ...given({ ...query, recordId }),
        personId,
      } as never)
      const finder = await finderFor(hub, request.principal)
      const shown = await shownInteractions(hub.pool, finder, interactions)
      // That a record is linked is not told to who may not see it.
      if (recordId !== undefined && !shown.some(({ links }) => links.some((link) => link.recordId === recordId))) {
        return reply.type(json).send(JSON.stringify({ interactions: [], next: null }) as never)
      }
      return reply.type(json).send(JSON.stringify({ interactions: shown, next }) as never)
    },
  )

  app.get(
    '/interactions/ledger',
    { ...allow('read:interactions'), schema: { response: { 200: InteractionLedger, ...failures } } },
    async () => interactionLedger(hub.pool),
  )

  app.get(
    '/interactions/:id',
    {
      ...allow(['use:desktop', 'read:interactions']),
      schema: { params: IdPath, response: { 200: Card, ...failures } },
    },
    async (request, reply) => {
      await refuseOthers(hub, request.principal!, request.params.id)
      const card = await buildCard(hub.desktop, request.params.id, await viewerOf(hub, request.principal!))
      return reply.type(json).send(JSON.stringify(card) as never)
    },
  )
}

const json = 'application/json; charset=utf-8'

/** What is told by programs with a key. Events are kept with who sent them: they are an act's own record. */
function toldRoutes(app: Api, hub: Hub): void {
  const taking = (events: readonly FullEvent[], principal: { kind: string; id: string }) =>
    takeTold(hub, events, `${principal.kind}:${principal.id}`)

  const shown = async (id: string, principal: Parameters<typeof finderFor>[1]) => {
    const [one] = await shownInteractions(hub.pool, await finderFor(hub, principal), [
      await loadInteraction(hub.pool, id),
    ])
    return JSON.stringify(one)
  }

  app.post(
    '/interactions',
    {
      ...allow('send:interactions', 'no act'),
      schema: { body: InteractionInput, response: { 201: Interaction, ...failures } },
    },
    async (request, reply) => {
      const { at = new Date(hub.clock.now()).toISOString(), ...body } = request.body
      await taking([{ ...body, at, type: 'offered' }], request.principal!)
      const id = interactionId(body.source, body.interaction)
      return reply
        .code(201)
        .type(json)
        .send((await shown(id, request.principal)) as never)
    },
  )

  app.post(
    '/interactions/:id/events',
    {
      ...allow('send:interactions', 'no act'),
      schema: { params: IdPath, body: EventInput, response: { 200: Interaction, ...failures } },
    },
    async (request, reply) => {
      const { source, externalId: interaction } = await loadInteraction(hub.pool, request.params.id)
      await taking([{ ...request.body, source, interaction }], request.principal!)
      return reply.type(json).send((await shown(request.params.id, request.principal)) as never)
    },
  )

  app.post(
    '/interaction-events',
    {
      ...allow('send:interactions', 'no act'),
      schema: { body: EventBatch, response: { 200: EventsTaken, ...failures } },
    },
    async (request) => ({ taken: await taking(request.body.events, request.principal!) }),
  )
}

function identityRoutes(app: Api, hub: Hub): void {
  app.get(
    '/agent-identities',
    { ...allow('manage:people'), schema: { response: { 200: AgentIdentityList, ...failures } } },
    async () => ({ identities: await listIdentities(hub.pool) }),
  )

  app.put(
    '/agent-identities',
    {
      ...allow('manage:people', 'agent_identity.set'),
      schema: { body: AgentIdentity, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { source, agentId, personId } = request.body
      await setIdentity(hub.pool, request.body).catch(nameMissingPerson)
      notePerson(request, { id: personId }, { source, agent: agentId })
      hub.desktop.changed()
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/agent-identities',
    {
      ...allow('manage:people', 'agent_identity.remove'),
      schema: { querystring: AgentIdentity.omit({ personId: true }), response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { source, agentId } = request.query
      if (!(await removeIdentity(hub.pool, source, agentId))) {
        throw new HubError('resource.not_found', `Nobody is the agent '${agentId}' of '${source}'`)
      }
      noteAct(request, { details: { source, agent: agentId } })
      return reply.code(204).send(null)
    },
  )
}

/** 23503: the row that is referred to is not there. */
function nameMissingPerson(error: unknown): never {
  if ((error as { code?: unknown }).code !== '23503') throw error
  throw new HubError('resource.not_found', 'There is no such person', { cause: error, field: 'personId' })
}
