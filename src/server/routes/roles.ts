import { z } from 'zod'
import { HubError } from '#core/errors.ts'
import { permissions } from '#model/permission.ts'
import { type Sight, seesEverything } from '#model/sight.ts'
import { refuseBeyond } from '#people/grants.ts'
import { permissionWords } from '#people/permission-words.ts'
import type { Principal } from '#people/principal.ts'
import { type Grants, grantsOf, type Role } from '#people/role.ts'
import {
  changeRole,
  createRole,
  deleteRole,
  findRole,
  listRoles,
  type RoleSettings,
  type RoleUse,
  roleUse,
} from '#people/role-store.ts'
import { allow } from '../access.ts'
import { noteAct } from '../acts.ts'
import { type Api, failures, given } from '../api.ts'
import * as contract from '../contract/permissions.ts'
import type { Hub } from '../hub.ts'

const RolePath = z.object({ id: contract.RoleId })

export function roleRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub
  changeRoutes(app, hub)

  app.get(
    '/permissions',
    { ...allow('signed in'), schema: { response: { 200: contract.PermissionList, ...failures } } },
    async () => ({ permissions: permissions.map((permission) => ({ permission, ...permissionWords[permission] })) }),
  )

  app.get(
    '/roles',
    // Whoever makes keys chooses among them; acts name them.
    {
      ...allow(['manage:people', 'manage:keys', 'read:audit']),
      schema: { response: { 200: contract.RoleList, ...failures } },
    },
    async () => {
      const [roles, use] = await Promise.all([listRoles(pool), roleUse(pool)])
      return { roles: roles.map((role) => shown(role, use.get(role.id))) }
    },
  )

  app.get(
    '/roles/:id',
    { ...allow('manage:people'), schema: { params: RolePath, response: { 200: contract.Role, ...failures } } },
    async (request) => withUse(hub, await findRole(pool, request.params.id)),
  )

  app.post(
    '/roles',
    {
      ...allow('manage:people', 'role.create'),
      schema: { body: contract.RoleInput, response: { 201: contract.Role, ...failures } },
    },
    async (request, reply) => {
      const { copyOf, ...over } = request.body
      const { description, permissions: granted, entities, others } = await findRole(pool, copyOf)
      const settings: RoleSettings = { description, permissions: granted, entities, others, ...given(over) }
      refuseBeyond(request.principal!, roleGrants(settings))
      const made = await createRole(pool, settings, request.principal!.name)
      noteAct(request, { subject: { kind: 'role', id: made.id }, details: { copyOf, permissions: made.permissions } })
      log.info('role made', { role: made.id, name: made.name, copyOf, by: request.principal!.name })
      return reply.code(201).send(shown(made, undefined))
    },
  )
}

function changeRoutes(app: Api, hub: Hub): void {
  const { pool, log } = hub

  app.patch(
    '/roles/:id',
    {
      ...allow('manage:people', 'role.change'),
      schema: { params: RolePath, body: contract.RoleChange, response: { 200: contract.Role, ...failures } },
    },
    async (request) => {
      const { id } = request.params
      const change = given(request.body)
      const before = await findRole(pool, id)
      refuseBeyond(request.principal!, roleGrants({ ...before, ...change }))
      // The version that was looked at: what somebody else makes of it meanwhile was not.
      const changed = await changeRole(pool, id, { version: before.version, ...change })
      hub.credentials.forget()
      noteAct(request, { details: { permissions: changed.permissions, version: changed.version } })
      log.info('role changed', { role: id, by: request.principal!.name })
      return withUse(hub, changed)
    },
  )

  app.delete(
    '/roles/:id',
    {
      ...allow('manage:people', 'role.remove'),
      schema: { params: RolePath, response: { 204: z.null(), ...failures } },
    },
    async (request, reply) => {
      await deleteRole(pool, request.params.id)
      log.info('role deleted', { role: request.params.id, by: request.principal!.name })
      return reply.code(204).send(null)
    },
  )
}

const roleGrants = (settings: RoleSettings): Grants =>
  grantsOf([{ id: '', builtIn: false, version: 1, ...settings }], new Set())

/** Whoever makes a record somebody's own has it: whoever sees only their own gives away no more. */
export function refuseOwners({ sight }: Principal, owners: readonly string[]): void {
  const parts = [sight.others, ...sight.entities.values()]
  const isLimited = !seesEverything(sight) || parts.some(({ writes }) => writes === 'own')
  if (!isLimited || owners.every((id) => sight.owners.has(id))) return
  throw new HubError('auth.denied', 'Nobody can give away more than they have: records that are not your own')
}

async function withUse({ pool }: Hub, role: Role): Promise<contract.Role> {
  return shown(role, (await roleUse(pool)).get(role.id))
}

const shown = (role: Role, use: RoleUse = { people: 0, keys: 0 }): contract.Role => ({ ...role, use })

export function shownSight({ all, entities, others, owners }: Sight): contract.Sight {
  const shownPart = ({ reads, writes, masked }: Sight['others']) => ({ reads, writes, masked: [...masked] })
  return {
    all,
    entities: [...entities].map(([entity, part]) => ({ entity, ...shownPart(part) })),
    others: shownPart(others),
    owners: [...owners],
  }
}
