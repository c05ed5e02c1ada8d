import { z } from 'zod'
import {
  addMember,
  changeTeam,
  createTeam,
  deleteTeam,
  findTeam,
  listTeams,
  ownersOfPerson,
  removeMember,
  setOwnersOfPerson,
} from '#people/team.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given, IdPath } from '../api.ts'
import { Id } from '../contract/shapes.ts'
import { Owners, Team, TeamChange, TeamInput, TeamList } from '../contract/teams.ts'
import type { Hub } from '../hub.ts'
import { refuseOwners } from './roles.ts'

const MemberPath = z.object({ id: Id, person: Id })

export function teamRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  memberRoutes(app, hub)
  ownerRoutes(app, hub)

  app.get('/teams', { ...allow('manage:people'), schema: { response: { 200: TeamList, ...failures } } }, async () => ({
    teams: await listTeams(pool),
  }))

  app.get(
    '/teams/:id',
    { ...allow('manage:people'), schema: { params: IdPath, response: { 200: Team, ...failures } } },
    async (request) => findTeam(pool, request.params.id),
  )

  app.post(
    '/teams',
    { ...allow('manage:people', 'team.create'), schema: { body: TeamInput, response: { 201: Team, ...failures } } },
    async (request, reply) => {
      refuseOwners(request.principal!, request.body.owners)
      const made = await createTeam(pool, request.body, request.principal!.name)
      noteAct(request, { subject: { kind: 'team', id: made.id }, details: { owners: made.owners } })
      log.info('team made', { team: made.id, by: request.principal!.name })
      return reply.code(201).send(made)
    },
  )

  app.patch(
    '/teams/:id',
    {
      ...allow('manage:people', 'team.change'),
      schema: { params: IdPath, body: TeamChange, response: { 200: Team, ...failures } },
    },
    async (request) => {
      refuseOwners(request.principal!, request.body.owners ?? [])
      const changed = await changeTeam(pool, request.params.id, given(request.body))
      hub.credentials.forget()
      log.info('team changed', { team: changed.id, by: request.principal!.name })
      return changed
    },
  )

  app.delete(
    '/teams/:id',
    { ...allow('manage:people', 'team.remove'), schema: { params: IdPath, response: { 204: z.null(), ...failures } } },
    async (request, reply) => {
      await deleteTeam(pool, request.params.id)
      hub.credentials.forget()
      log.info('team deleted', { team: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

function memberRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  const schema = { params: MemberPath, response: { 200: Team, ...failures } }

  app.put('/teams/:id/members/:person', { ...allow('manage:people', 'team.add_member'), schema }, async (request) => {
    const { id, person } = request.params
    refuseOwners(request.principal!, (await findTeam(pool, id)).owners)
    const team = await addMember(pool, id, person)
    hub.credentials.forget()
    log.info('member added to a team', { team: id, person, by: request.principal!.name })
    return team
  })

  app.delete(
    '/teams/:id/members/:person',
    { ...allow('manage:people', 'team.remove_member'), schema },
    async (request) => {
      const { id, person } = request.params
      const team = await removeMember(pool, id, person)
      hub.credentials.forget()
      log.info('member removed from a team', { team: id, person, by: request.principal!.name })
      return team
    },
  )
}

function ownerRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.get(
    '/people/:id/owners',
    { ...allow('manage:people'), schema: { params: IdPath, response: { 200: Owners, ...failures } } },
    async (request) => ({ owners: await ownersOfPerson(pool, request.params.id) }),
  )

  app.put(
    '/people/:id/owners',
    {
      ...allow('manage:people', 'person.set_owners'),
      schema: { params: IdPath, body: Owners, response: { 200: Owners, ...failures } },
    },
    async (request) => {
      refuseOwners(request.principal!, request.body.owners)
      const owners = await setOwnersOfPerson(pool, request.params.id, request.body.owners)
      hub.credentials.forget()
      noteAct(request, { details: { owners } })
      log.info('own users of a person set', { person: request.params.id, by: request.principal!.name })
      return { owners }
    },
  )
}
