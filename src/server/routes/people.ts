import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import { inTransaction } from '#database/pool.ts'
import { erasePerson } from '#desktop/erase-person.ts'
import { dropInvitationsOf } from '#people/invitation.ts'
import {
  activatePerson,
  changeRights,
  endSessionsOf,
  findPerson,
  listPeople,
  refuseUnlessRemoved,
  removePerson,
  renamePerson,
  setRoles,
  suspendPerson,
} from '#people/person.ts'
import type { Principal } from '#people/principal.ts'
import { requireProof } from '#people/proof.ts'
import { resetPerson } from '#people/reset.ts'
import { endSession, listSessions } from '#people/session.ts'
import { allow } from '../access.ts'
import { noteAct, notePerson } from '../acts.ts'
import { type Api, failures, IdPath } from '../api.ts'
import { HandedLink, Person, PersonList, PersonPatch, SessionList } from '../contract/people.ts'
import { Id } from '../contract/shapes.ts'
import type { Hub } from '../hub.ts'
import { time } from '../shown.ts'
import { person, session } from '../shown-people.ts'

const manages = allow('manage:people')

export function peopleRoutes(app: Api, hub: Hub): void {
  app.get('/people', { ...manages, schema: { response: { 200: PersonList, ...failures } } }, async () => {
    return { people: (await listPeople(hub.pool)).map(person) }
  })

  app.get(
    '/people/:id',
    { ...manages, schema: { params: IdPath, response: { 200: Person, ...failures } } },
    async (request) => person(await findPerson(hub.pool, request.params.id)),
  )

  app.patch(
    '/people/:id',
    {
      ...allow('manage:people', 'person.change'),
      schema: { params: IdPath, body: PersonPatch, response: { 200: Person, ...failures } },
    },
    async (request) => {
      const { id } = request.params
      const { name, roles } = request.body
      const actor = request.principal!
      noteAct(request, { details: roles === undefined ? {} : { roles } })
      if (roles !== undefined) {
        await requireProof(hub.pool, actor)
        await setRoles(hub.pool, actor, id, roles)
      }
      if (name !== undefined)
        await changeRights(hub.pool, actor, id, async (tx) => void (await renamePerson(tx, id, { name })))
      told(hub, actor, 'person changed', id)
      const changed = await findPerson(hub.pool, id)
      notePerson(request, changed)
      return person(changed)
    },
  )

  stateRoutes(app, hub)
  sessionsOfRoutes(app, hub)
}

/** Whatever process asks next must not believe what it knew. */
function told(hub: Hub, actor: Principal, what: string, id: string): void {
  hub.credentials.forget()
  hub.log.info(what, { person: id, by: actor.id })
}

function stateRoutes(app: Api, hub: Hub): void {
  const answersPerson = { params: IdPath, response: { 200: Person, ...failures } }

  app.post(
    '/people/:id/suspend',
    { ...allow('manage:people', 'person.suspend'), schema: answersPerson },
    async (request) => {
      const changed = await suspendPerson(hub.pool, request.principal!, request.params.id)
      notePerson(request, changed)
      told(hub, request.principal!, 'person suspended', request.params.id)
      return person(changed)
    },
  )

  app.post(
    '/people/:id/activate',
    { ...allow('manage:people', 'person.activate'), schema: answersPerson },
    async (request) => {
      await requireProof(hub.pool, request.principal!)
      const changed = await activatePerson(hub.pool, request.principal!, request.params.id)
      notePerson(request, changed)
      told(hub, request.principal!, 'person activated', request.params.id)
      return person(changed)
    },
  )

  app.post(
    '/people/:id/reset',
    {
      ...allow('manage:people', 'person.reset'),
      schema: { params: IdPath, response: { 200: HandedLink, ...failures } },
    },
    async (request) => {
      await requireProof(hub.pool, request.principal!)
      const { token, expiresAt } = await resetPerson(hub.pool, request.principal!, request.params.id)
      told(hub, request.principal!, 'ways in reset', request.params.id)
      return { token, expiresAt: time(expiresAt) }
    },
  )

  app.delete(
    '/people/:id/personal-data',
    {
      ...allow('manage:people', 'person.erase'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await requireProof(hub.pool, request.principal!)
      noteAct(request, { details: { interactions: await erasePersonalData(hub, request.params.id) } })
      told(hub, request.principal!, 'personal data erased', request.params.id)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/people/:id',
    {
      ...allow('manage:people', 'person.remove'),
      schema: { params: IdPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await requireProof(hub.pool, request.principal!)
      notePerson(request, await removePerson(hub.pool, request.principal!, request.params.id))
      told(hub, request.principal!, 'person removed', request.params.id)
      return reply.code(204).send(null)
    },
  )
}

/**
 * What is left of a removed person: their values in the audit log, the invitation that they accepted, and their names in
 * interactions; answers in how many of these.
 */
async function erasePersonalData({ pool, audit }: Hub, id: string): Promise<number> {
  await inTransaction(pool, (tx) => refuseUnlessRemoved(tx, id))
  const interactions = await erasePerson(pool, id)
  return inTransaction(pool, async (tx) => {
    await refuseUnlessRemoved(tx, id)
    const invitations = await dropInvitationsOf(tx, id)
    const erased = await audit.acts.persons.erase(tx, `person:${id}`)
    if (erased || invitations > 0 || interactions > 0) return interactions
    throw new HubError('resource.not_found', `Nothing of a person ${id} is kept`)
  })
}

const SessionPath = z.object({ id: Id, sessionId: Id })

function sessionsOfRoutes(app: Api, hub: Hub): void {
  app.get(
    '/people/:id/sessions',
    { ...manages, schema: { params: IdPath, response: { 200: SessionList, ...failures } } },
    async (request) => {
      const { id } = await findPerson(hub.pool, request.params.id)
      const own = request.principal!.sessionId
      return { sessions: (await listSessions(hub.pool, id)).map((each) => session(each, own)) }
    },
  )

  app.delete(
    '/people/:id/sessions',
    { ...allow('manage:people', 'session.end'), schema: { params: IdPath, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      const { id } = await findPerson(hub.pool, request.params.id)
      await endSessionsOf(hub.pool, id)
      told(hub, request.principal!, 'sessions ended', id)
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/people/:id/sessions/:sessionId',
    {
      ...allow('manage:people', 'session.end'),
      schema: { params: SessionPath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      const { id, sessionId } = request.params
      await endSession(hub.pool, id, sessionId)
      told(hub, request.principal!, 'session ended', id)
      return reply.code(204).send(null)
    },
  )
}
