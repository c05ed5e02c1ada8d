import { z } from 'zod'
import { RoleId } from './permissions.ts'
import { GivenName, Id, Time } from './shapes.ts'

/** Chosen by whoever adds a provider; it stands in the callback address. */
export const ProviderId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)

export const ProviderPath = z.object({ id: ProviderId })

/** GET /api/v1/sign-on/providers: for the sign-in page, so open to everybody. */
export const SignOnList = z.object({ providers: z.array(z.object({ id: ProviderId, name: z.string() })) })
export type SignOnList = z.infer<typeof SignOnList>

/** GET /api/v1/sign-on/:id/start: sends the browser to the provider; it comes back to a path of the console. */
export const SignOnStart = z.object({ return: z.string().max(2_000).optional() })

const GroupRole = z.strictObject({ group: z.string().min(1).max(500), role: RoleId })

/** As the provider tells it, without /.well-known/openid-configuration. */
const Issuer = z
  .string()
  .trim()
  .max(1_000)
  .transform((text) => text.replace(/\/\.well-known\/openid-configuration$/, ''))
  .refine(isPlainAddress, 'an address that begins with https, without query')

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, search, hash, username, password } = new URL(text)
  return ['https:', 'http:'].includes(protocol) && [search, hash, username, password].every((part) => part === '')
}

const Tenant = z
  .string()
  .trim()
  .regex(/^[\w.-]{1,100}$/)
  .nullable()
  .describe('Where the issuer is for several tenants (Entra’s “organizations”): the one that is let in.')

const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/)

const settings = {
  name: GivenName,
  issuer: Issuer,
  tenant: Tenant,
  clientId: z.string().trim().min(1).max(500),
  scopes: z
    .array(Scope)
    .min(1)
    .max(20)
    .refine((scopes) => scopes.includes('openid'), 'openid must be among them'),
  groupClaim: z.string().min(1).max(200).nullable().describe('Null: groups give no roles.'),
  groups: z.array(GroupRole).max(500).describe('Whoever is in the group has the role, looked at with each sign-in.'),
  readsUserinfo: z.boolean().describe('Whether claims are also read from the provider’s userinfo.'),
  createsAccounts: z.boolean().describe('Whether somebody without an account gets one by signing in.'),
  defaultRoles: z.array(RoleId).max(20).describe('Of accounts that were so made, beside what groups give.'),
  enabled: z.boolean(),
}

const ClientSecret = z.string().min(1).max(5_000)

export const IdentityProvider = z.object({
  id: ProviderId,
  ...settings,
  issuer: z.string(),
  hasSecret: z.boolean().describe('Else a public client, whose codes PKCE alone protects.'),
  /** Sent back with a change, it refuses one made upon an older state. */
  version: z.number().int(),
  /** To be registered at the provider; null where the hub does not know its own address. */
  callbackUrl: z.string().nullable(),
  signedOutUrl: z.string().nullable(),
  backChannelUrl: z.string().nullable().describe('Where it tells of who signed out there (back-channel logout).'),
  createdAt: Time,
  createdBy: z.string(),
})
export type IdentityProvider = z.infer<typeof IdentityProvider>

/** GET /api/v1/identity-providers */
export const IdentityProviderList = z.object({ providers: z.array(IdentityProvider) })
export type IdentityProviderList = z.infer<typeof IdentityProviderList>

/** POST /api/v1/identity-providers. The issuer is read first: one that nobody could sign in by is not kept. Needs a fresh proof. */
export const IdentityProviderInput = z.strictObject({
  id: ProviderId,
  name: settings.name,
  issuer: settings.issuer,
  clientId: settings.clientId,
  clientSecret: ClientSecret.nullable().default(null),
  tenant: settings.tenant.default(null),
  scopes: settings.scopes.default(['openid', 'profile', 'email']),
  groupClaim: settings.groupClaim.default(null),
  groups: settings.groups.default([]),
  readsUserinfo: settings.readsUserinfo.default(false),
  createsAccounts: settings.createsAccounts.default(false),
  defaultRoles: settings.defaultRoles.default([]),
  enabled: settings.enabled.default(true),
})
export type IdentityProviderInput = z.input<typeof IdentityProviderInput>

/** PATCH /api/v1/identity-providers/:id. Another issuer needs the secret anew. Needs a fresh proof. */
export const IdentityProviderChange = z.strictObject({
  ...z.object(settings).partial().shape,
  clientSecret: ClientSecret.nullable().optional(),
  version: z.number().int().optional(),
})
export type IdentityProviderChange = z.input<typeof IdentityProviderChange>

/** POST /api/v1/identity-providers/check: an issuer before it is added */
export const IssuerInput = z.strictObject({ issuer: Issuer, tenant: Tenant.default(null) })
export type IssuerInput = z.input<typeof IssuerInput>

const IssuerStage = z.enum(['document', 'issuer', 'endpoints', 'code_flow', 'signatures', 'keys'])

/** What was looked at, in this order; the first that failed says what and why. */
export const IssuerCheck = z.object({
  ok: z.boolean(),
  steps: z.array(
    z.object({
      stage: IssuerStage,
      state: z.enum(['passed', 'failed', 'not_reached']),
      code: z.string().nullable(),
      message: z.string().nullable(),
      mend: z.string().nullable(),
    }),
  ),
  signsOut: z.boolean().nullable().describe('Whether signing out of the hub can sign out there too.'),
})
export type IssuerCheck = z.infer<typeof IssuerCheck>

const Identity = z.object({
  id: Id,
  provider: ProviderId,
  providerName: z.string(),
  origin: z
    .enum(['made', 'invited', 'linked'])
    .describe('made: the account came from a sign-in; invited: from an invitation; linked: by its person.'),
  createdAt: Time,
  usedAt: Time.nullable(),
})

/** GET /api/v1/me/identities and /api/v1/people/:id/identities */
export const IdentityList = z.object({ identities: z.array(Identity) })
export type IdentityList = z.infer<typeof IdentityList>

/** POST /api/v1/me/identities: the browser goes to this address, and comes back with the account linked. Needs a fresh proof. */
export const LinkInput = z.strictObject({ provider: ProviderId, return: z.string().max(2_000).optional() })
export const LinkStart = z.object({ url: z.string() })
export type LinkStart = z.infer<typeof LinkStart>

/** POST /api/v1/sign-on/sign-out: ends the session; where it came from a provider, the browser goes there to end it too. */
export const SignedOut = z.object({ url: z.string().nullable() })
export type SignedOut = z.infer<typeof SignedOut>

/** POST /api/v1/sign-on/:id/backchannel-logout, as a form: OpenID Connect Back-Channel Logout 1.0. */
export const BackChannelInput = z.object({ logout_token: z.string().max(20_000).default('') })

/** As that standard has it. */
export const BackChannelProblem = z.object({ error: z.literal('invalid_request'), error_description: z.string() })
