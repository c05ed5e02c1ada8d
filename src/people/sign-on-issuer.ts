import { z } from 'zod'
import { HubError, isHubError } from '#core/errors.ts'
import type { Door } from '#core/http.ts'
import { signatureAlgorithms } from './sign-on-claims.ts'

/** What of a provider's settings its own document is read by. */
export interface IssuerSettings {
  issuer: string
  /** Where the issuer is a template (Entra's `organizations`): the one tenant that is let in. */
  tenant: string | null
}

const Document = z.looseObject({
  issuer: z.string().max(2_000),
  authorization_endpoint: z.string().max(2_000).optional(),
  token_endpoint: z.string().max(2_000).optional(),
  jwks_uri: z.string().max(2_000).optional(),
  userinfo_endpoint: z.string().max(2_000).optional(),
  end_session_endpoint: z.string().max(2_000).optional(),
  response_types_supported: z.array(z.string()).optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})
type Document = z.infer<typeof Document>

const KeySet = z.looseObject({
  keys: z.array(z.looseObject({ kty: z.string(), use: z.string().optional() })).max(200),
})

/** What a provider tells of itself, judged and narrowed to what is used. */
export interface Metadata {
  [name: string]: string | string[] | boolean | undefined
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  jwks_uri: string
  userinfo_endpoint?: string
  end_session_endpoint?: string
  id_token_signing_alg_values_supported: string[]
  token_endpoint_auth_methods_supported: string[]
  authorization_response_iss_parameter_supported: boolean
}

export interface Issuer {
  metadata: Metadata
  keys: { keys: { kty: string }[] }
}

/** In the order in which they are looked at; what fails is named by its stage. */
export const issuerStages = ['document', 'issuer', 'endpoints', 'code_flow', 'signatures', 'keys'] as const
export type IssuerStage = (typeof issuerStages)[number]

const deadlineMs = 10_000
const maxBytes = 512 * 1024

/** The standard `fetch` by way of the hub's own door: its rules for addresses, redirects, sizes and times hold. */
export function doorFetch(door: Door) {
  return async (
    url: string,
    { method, headers, body }: { method: string; headers: Record<string, string>; body?: unknown },
  ): Promise<Response> => {
    const form = body === undefined || body === null ? {} : { body: String(body) }
    const reply = await door.call(url, { method, headers, ...form, deadlineMs, maxBytes, retry: 'never' })
    const type = reply.headers['content-type']
    const isBodiless = reply.status === 204 || reply.status === 205 || reply.status === 304
    return new Response(isBodiless ? null : new Uint8Array(reply.body), {
      // A door answers no 1xx, which Response would refuse.
      status: reply.status,
      headers: type === undefined ? {} : { 'content-type': type },
    })
  }
}

/**
 * Reads what a provider tells of itself. Throws crm.* where it cannot be reached and sign_on.unfit where it is not fit to
 * sign in by; `passed` is told of each stage that is well.
 */
export async function readIssuer(
  door: Door,
  settings: IssuerSettings,
  passed: (stage: IssuerStage) => void = () => {},
): Promise<Issuer> {
  const document = await readDocument(door, settings)
  passed('document')
  const issuer = issuerOf(document, settings)
  passed('issuer')
  const endpoints = endpointsOf(document, issuer)
  passed('endpoints')
  refuseWithoutCode(document)
  passed('code_flow')
  const algorithms = algorithmsOf(document)
  passed('signatures')
  const keys = await readKeys(door, endpoints.jwks_uri)
  passed('keys')
  return {
    metadata: {
      issuer,
      ...endpoints,
      id_token_signing_alg_values_supported: algorithms,
      token_endpoint_auth_methods_supported: document.token_endpoint_auth_methods_supported ?? ['client_secret_basic'],
      authorization_response_iss_parameter_supported: document.authorization_response_iss_parameter_supported ?? false,
    },
    keys,
  }
}

const withoutSlash = (url: string) => url.replace(/\/$/, '')

async function readDocument(door: Door, { issuer }: IssuerSettings): Promise<Document> {
  const json = await readJson(door, `${withoutSlash(issuer)}/.well-known/openid-configuration`)
  const parsed = Document.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unfit(
    `Its document is not of the form that OpenID Connect has: ${issue?.path.join('.') ?? ''} ${issue?.message}`,
  )
}

async function readJson(door: Door, url: string): Promise<unknown> {
  const reply = await door.call(url, {
    headers: { accept: 'application/json' },
    deadlineMs,
    maxBytes,
    retry: 'never',
  })
  if (reply.status === 200) return reply.json()
  throw unfit(`${url} answers with status ${reply.status}`, {
    mend: 'Compare the issuer with what the provider tells; it is the address before /.well-known/openid-configuration.',
    vendorStatus: reply.status,
  })
}

/** The issuer that tokens must name, to the letter. */
function issuerOf(document: Document, { issuer, tenant }: IssuerSettings): string {
  const told = document.issuer
  if (!told.includes('{tenantid}')) {
    if (withoutSlash(told) === withoutSlash(issuer)) return told
    throw unfit(`It says that its issuer is ${told}, not ${issuer}`, { mend: `Enter ${told} as issuer.` })
  }
  if (tenant === null) {
    throw unfit('It signs in the people of every tenant, and no tenant is named', {
      mend: 'Name your tenant’s own issuer, which has its id in the address, or give the tenant id.',
    })
  }
  const own = told.replace('{tenantid}', tenant)
  if (URL.canParse(own) && new URL(own).origin === new URL(issuer).origin) return own
  throw unfit(`It says that its issuer is ${told}, not ${issuer}`)
}

function endpointsOf(document: Document, issuer: string) {
  const isPlain = new URL(issuer).protocol === 'http:'
  const fit = (name: keyof Document & string): string | undefined => {
    const url = document[name]
    if (url === undefined) return undefined
    const protocol = typeof url === 'string' && URL.canParse(url) ? new URL(url).protocol : ''
    if (protocol === 'https:' || (isPlain && protocol === 'http:')) return url as string
    throw unfit(`Its ${name} is no address that begins with https`)
  }
  const need = (name: keyof Document & string): string => {
    const url = fit(name)
    if (url !== undefined) return url
    throw unfit(`It tells no ${name}`)
  }
  const userinfo = fit('userinfo_endpoint')
  const end = fit('end_session_endpoint')
  return {
    authorization_endpoint: need('authorization_endpoint'),
    token_endpoint: need('token_endpoint'),
    jwks_uri: need('jwks_uri'),
    ...(userinfo === undefined ? {} : { userinfo_endpoint: userinfo }),
    ...(end === undefined ? {} : { end_session_endpoint: end }),
  }
}

/** Entra tells of no way of PKCE, and knows it; who tells others does not. */
function refuseWithoutCode({
  response_types_supported: types,
  code_challenge_methods_supported: ways,
}: Document): void {
  if (types && !types.includes('code')) throw unfit('It does not offer the authorization code flow')
  if (ways && !ways.includes('S256')) throw unfit('It does not offer PKCE by S256')
}

function algorithmsOf({ id_token_signing_alg_values_supported: told = ['RS256'] }: Document): string[] {
  const usable = told.filter((name) => (signatureAlgorithms as readonly string[]).includes(name))
  if (usable.length > 0) return usable
  throw unfit(`It signs only in ways that are not accepted: ${told.slice(0, 10).join(', ')}`, {
    mend: `Have it sign id tokens by one of ${signatureAlgorithms.join(', ')}.`,
  })
}

export async function readKeys(door: Door, url: string): Promise<Issuer['keys']> {
  const parsed = KeySet.safeParse(await readJson(door, url))
  if (!parsed.success) throw unfit('Its keys are not of the form that they should have')
  const usable = parsed.data.keys.filter(({ kty, use }) => ['RSA', 'EC', 'OKP'].includes(kty) && use !== 'enc')
  if (usable.length > 0) return parsed.data
  throw unfit('It publishes no key by which a signature could be checked')
}

function unfit(message: string, detail: { mend?: string; vendorStatus?: number } = {}): HubError {
  return new HubError('sign_on.unfit', message, detail)
}

/** One stage of a check, as it is shown. */
export interface IssuerStep {
  stage: IssuerStage
  state: 'passed' | 'failed' | 'not_reached'
  code: string | null
  message: string | null
  mend: string | null
}

/** The same reading, stage by stage; the first that fails says what and why. */
export async function checkIssuer(
  door: Door,
  settings: IssuerSettings,
): Promise<{ steps: IssuerStep[]; metadata: Metadata | null }> {
  const passed = new Set<IssuerStage>()
  const nothing = { code: null, message: null, mend: null }
  let found: Issuer | null = null
  let failure: HubError | null = null
  try {
    found = await readIssuer(door, settings, (stage) => void passed.add(stage))
  } catch (error) {
    if (!isHubError(error)) throw error
    failure = error
  }
  let isReached = true
  const steps = issuerStages.map((stage): IssuerStep => {
    if (passed.has(stage)) return { stage, state: 'passed', ...nothing }
    if (!isReached || !failure) return { stage, state: 'not_reached', ...nothing }
    isReached = false
    const { code, message, detail } = failure
    return { stage, state: 'failed', code, message, mend: detail.mend ?? null }
  })
  return { steps, metadata: found?.metadata ?? null }
}
