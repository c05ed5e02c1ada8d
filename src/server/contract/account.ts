import { z } from 'zod'
import { Passkey } from './passkeys.ts'
import { Email, Person } from './people.ts'
import { RoleNames } from './permissions.ts'
import { Password } from './session.ts'
import { GivenName, Time } from './shapes.ts'

/** GET /api/v1/me: whose session asks. 403 `auth.denied` for keys, which have no account. */
export const Account = Person.omit({ passkeys: true }).extend({
  permissions: z.array(z.string()),
  roleNames: RoleNames,
  passkeys: z.array(Passkey),
  recoveryCodes: z.number().int().describe('How many are left.'),
  provenUntil: Time.nullable().describe('Until then nothing has to be shown again.'),
})
export type Account = z.infer<typeof Account>

/** PATCH /api/v1/me. Another address needs a fresh proof. */
export const AccountPatch = z
  .object({ name: GivenName, email: Email })
  .partial()
  .refine(({ name, email }) => name !== undefined || email !== undefined, 'nothing to change')
export type AccountPatch = z.infer<typeof AccountPatch>

/** PUT /api/v1/me/password. Needs a fresh proof; all other sessions end. 400 `password.refused`. */
export const PasswordInput = z.object({ password: Password })
export type PasswordInput = z.infer<typeof PasswordInput>

/** POST /api/v1/me/totp: for an app that makes codes, as text and as the URI of a QR picture. Not in force yet. */
export const NewTotp = z.object({ secret: z.string(), uri: z.string() })
export type NewTotp = z.infer<typeof NewTotp>

/** POST /api/v1/me/totp/confirm. 400 `factor.code_wrong`. */
export const TotpCode = z.object({ code: z.string().regex(/^\s*(\d\s*){6}$/, 'six digits') })

/** Made with the first second factor, else null; shown this once. */
const RecoveryCodes = z.array(z.string()).nullable()
export const FactorAdded = z.object({ recoveryCodes: RecoveryCodes })
export type FactorAdded = z.infer<typeof FactorAdded>
export const PasskeyAdded = z.object({ passkey: Passkey, recoveryCodes: RecoveryCodes })
export type PasskeyAdded = z.infer<typeof PasskeyAdded>
