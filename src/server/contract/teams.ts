import { z } from 'zod'
import { GivenName, Id } from './shapes.ts'

/** People who work together. */
export const Team = z.object({
  id: Id,
  name: z.string(),
  description: z.string(),
  /** Person ids. */
  members: z.array(Id),
  /** Record ids of users and teams of CRMs: what these own is the members' own. */
  owners: z.array(Id),
  /** Sent back with a change, it refuses one made upon an older state. */
  version: z.number().int(),
})
export type Team = z.infer<typeof Team>

/** GET /api/v1/teams, by name */
export const TeamList = z.object({ teams: z.array(Team) })
export type TeamList = z.infer<typeof TeamList>

/** POST /api/v1/teams */
export const TeamInput = z.strictObject({
  name: GivenName,
  description: z.string().trim().max(500).default(''),
  owners: z.array(Id).max(100).default([]),
})
export type TeamInput = z.input<typeof TeamInput>

/** PATCH /api/v1/teams/:id */
export const TeamChange = z.strictObject({
  name: GivenName.optional(),
  description: z.string().trim().max(500).optional(),
  owners: z.array(Id).max(100).optional(),
  version: z.number().int().optional(),
})
export type TeamChange = z.input<typeof TeamChange>

/** GET and PUT /api/v1/people/:id/owners: the CRMs' users that a person is, as record ids. */
export const Owners = z.strictObject({ owners: z.array(Id).max(100) })
export type Owners = z.infer<typeof Owners>
