import { z } from 'zod'
import { permissions } from '#model/permission.ts'
import { EntityName, GivenName, Id } from './shapes.ts'

export const Permission = z.enum(permissions)
export type Permission = z.infer<typeof Permission>

/** A built-in role by its name, or one that people made by its id. */
export const RoleId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)

/** What people called the roles of somebody, by id, for who may not see all roles; the built-in ones are left out. */
export const RoleNames = z.record(RoleId, z.string())

const Words = z.object({ en: z.string(), fr: z.string(), nl: z.string() })

/** GET /api/v1/permissions: the closed list, with words for people. */
export const PermissionList = z.object({
  permissions: z.array(
    z.object({
      permission: Permission,
      group: z.enum(['records', 'integrations', 'contact centre', 'hub']),
      title: Words,
      text: Words,
    }),
  ),
})
export type PermissionList = z.infer<typeof PermissionList>

const Reach = z.enum(['none', 'own', 'all'])

/** A field of the model, or a column as the CRM names it. */
const MaskedField = z.string().min(1).max(200)

/** How far `read:records` and `write:records` reach. `own`: records whose owner is one of the holder's CRM users and teams. */
const Right = z.object({ reads: Reach, writes: Reach, masked: z.array(MaskedField).max(500) })

const RightInput = z.strictObject({ reads: Reach, writes: Reach, masked: z.array(MaskedField).max(500).default([]) })

/** What somebody sees and may write, all their roles together. `all`: everything, whole. */
export const Sight = z.object({
  all: z.boolean(),
  entities: z.array(Right.extend({ entity: EntityName })),
  others: Right,
  owners: z.array(Id),
})
export type Sight = z.infer<typeof Sight>

export const Role = z.object({
  id: RoleId,
  name: z.string(),
  description: z.string(),
  /** Can be copied, neither changed nor deleted. */
  builtIn: z.boolean(),
  permissions: z.array(Permission),
  entities: z.array(Right.extend({ entity: EntityName })),
  /** Of every entity that is not named. */
  others: Right,
  /** Sent back with a change, it refuses one made upon an older state. */
  version: z.number().int(),
  /** Who has it: people, and keys that are not revoked. */
  use: z.object({ people: z.number().int(), keys: z.number().int() }),
})
export type Role = z.infer<typeof Role>

/** GET /api/v1/roles: the built-in ones first */
export const RoleList = z.object({ roles: z.array(Role) })
export type RoleList = z.infer<typeof RoleList>

const Description = z.string().trim().max(500)
const EntityRights = z
  .array(RightInput.extend({ entity: EntityName }))
  .max(200)
  .refine((list) => new Set(list.map(({ entity }) => entity)).size === list.length, 'an entity is named once')

/** POST /api/v1/roles: a copy of another role; what is given stands instead of what that has. */
export const RoleInput = z.strictObject({
  name: GivenName,
  copyOf: RoleId,
  description: Description.optional(),
  permissions: z.array(Permission).max(50).optional(),
  entities: EntityRights.optional(),
  others: RightInput.optional(),
})
export type RoleInput = z.input<typeof RoleInput>

/** PATCH /api/v1/roles/:id */
export const RoleChange = z.strictObject({
  name: GivenName.optional(),
  description: Description.optional(),
  permissions: z.array(Permission).max(50).optional(),
  entities: EntityRights.optional(),
  others: RightInput.optional(),
  version: z.number().int().optional(),
})
export type RoleChange = z.input<typeof RoleChange>
