import { z } from 'zod'
import { GivenName, Id, Time } from './shapes.ts'

/** What browsers give and take for passkeys, as WebAuthn Level 3 writes it in JSON; bytes are base64url. */
const Bytes = z
  .string()
  .max(20_000)
  .regex(/^[\w-]*$/)
const Credential = z.object({
  id: Bytes.max(1_400),
  rawId: Bytes.max(1_400),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
  clientExtensionResults: z.looseObject({}).default({}),
})

/** `PublicKeyCredential.toJSON()` of `navigator.credentials.create`. */
const NewPasskeyResponse = Credential.extend({
  response: z.object({
    clientDataJSON: Bytes,
    attestationObject: Bytes,
    transports: z.array(z.string().max(50)).max(10).optional(),
  }),
})

/** `PublicKeyCredential.toJSON()` of `navigator.credentials.get`. */
export const PasskeyResponse = Credential.extend({
  response: z.object({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Bytes.max(200).nullish(),
  }),
})

/** For `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`. */
export const PasskeyOptions = z.looseObject({ challenge: z.string() })
export type PasskeyOptions = z.infer<typeof PasskeyOptions>

export const Passkey = z.object({
  id: Id,
  name: z.string(),
  site: z.string().describe('The host name that it was made for; it works there alone.'),
  synced: z.boolean().describe('Kept by its maker on several devices.'),
  createdAt: Time,
  usedAt: Time.nullable(),
})
export type Passkey = z.infer<typeof Passkey>

/** POST /api/v1/me/passkeys */
export const PasskeyInput = z.object({ name: GivenName, response: NewPasskeyResponse })
export type PasskeyInput = z.infer<typeof PasskeyInput>

/** PATCH /api/v1/me/passkeys/:id */
export const PasskeyPatch = z.object({ name: GivenName })
