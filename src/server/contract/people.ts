import { z } from 'zod'
import { RoleId } from './permissions.ts'
import { GivenName, Id, Time } from './shapes.ts'

export const Roles = z.array(RoleId).min(1).max(20)

/** As people write them: something, an at sign, a host. Whether it arrives is not asked. */
export const Email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@\p{Cc}\p{Cf}]+@[^\s@\p{Cc}\p{Cf}]+$/u, 'an address has the form name@host')

export const Person = z.object({
  id: Id,
  name: z.string(),
  email: z.string().nullable().describe('Absent on the first administrator until they give one.'),
  state: z.enum(['active', 'suspended']),
  roles: z.array(z.string()),
  hasPassword: z.boolean(),
  hasTotp: z.boolean().describe('An app for codes is set up.'),
  passkeys: z.number().int(),
  identities: z.number().int().describe('Accounts of providers by which they sign in.'),
  createdAt: Time,
  createdBy: z.string(),
  signedInAt: Time.nullable(),
})
export type Person = z.infer<typeof Person>

/** GET /api/v1/people */
export const PersonList = z.object({ people: z.array(Person) })
export type PersonList = z.infer<typeof PersonList>

/** PATCH /api/v1/people/:id. Roles need a fresh proof (403 `auth.proof_needed`). */
export const PersonPatch = z
  .object({ name: GivenName, roles: Roles })
  .partial()
  .refine(({ name, roles }) => name !== undefined || roles !== undefined, 'nothing to change')
export type PersonPatch = z.infer<typeof PersonPatch>

/** POST /api/v1/people/:id/reset: `<origin>/sign-in#<token>` signs them in once, for 24 hours. It is shown this once. */
export const HandedLink = z.object({ token: z.string(), expiresAt: Time })
export type HandedLink = z.infer<typeof HandedLink>

export const ShownSession = z.object({
  id: Id,
  method: z.enum([
    'link',
    'invitation',
    'password',
    'password_and_code',
    'password_and_passkey',
    'passkey',
    'sign_on',
    'frame',
  ]),
  createdAt: Time,
  seenAt: Time,
  expiresAt: Time,
  address: z.string().nullable(),
  agent: z.string().nullable().describe('What the browser says of itself.'),
  current: z.boolean().describe('The one that asks.'),
})
export type ShownSession = z.infer<typeof ShownSession>

/** GET /api/v1/me/sessions and /api/v1/people/:id/sessions */
export const SessionList = z.object({ sessions: z.array(ShownSession) })
export type SessionList = z.infer<typeof SessionList>
