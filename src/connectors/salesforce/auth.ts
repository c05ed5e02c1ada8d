import { createPrivateKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import type { z } from 'zod'
import { jsonIn } from '#connectors/ask.ts'
import type { CrmReply, OpenDoor } from '#connectors/call.ts'
import type { AccessToken, AuthenticationInput } from '#connectors/connector.ts'
import { askForToken, required } from '#connectors/sign-in.ts'
import { consentOver, needsWindow, windowFlow } from '#connectors/window.ts'
import { systemClock } from '#core/clock.ts'
import type { ErrorCode } from '#core/errors.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { retryAfterMs } from '#core/retry.ts'
import { tokenError, tokenReply } from './wire.ts'

export const flows = ['client_credentials', 'jwt_bearer', windowFlow] as const
type Flow = (typeof flows)[number]

// Salesforce takes five minutes at most ("OAuth 2.0 JWT Bearer Flow"); less leaves room for clocks that differ.
const assertionSeconds = 180

/**
 * A token of the integration user, by client credentials or by a signed assertion; throws `authentication.*` naming what
 * is wrong. How long it lives nobody says.
 */
export async function requestToken(door: OpenDoor, url: string, input: AuthenticationInput): Promise<AccessToken> {
  const { settings, secret } = input
  redactor.register(secret)
  const flow = flowOf(settings)
  if (flow === windowFlow) throw needsWindow('Salesforce')
  const form = flow === 'jwt_bearer' ? await assertionForm(url, input) : credentialsForm(input)
  const token = await givenToken(door, url, input, form)
  redactor.register(token.access_token)
  return { value: token.access_token, expiresIn: null }
}

/** What the organisation's sign-in service gives for a form; throws `authentication.*`, connection.not_the_crm. */
export async function givenToken(
  door: OpenDoor,
  url: string,
  { settings, secret }: AuthenticationInput,
  form: URLSearchParams,
): Promise<z.infer<typeof tokenReply>> {
  const { reply, body } = await askForToken(door, endpointOf(url, settings, 'token'), form)
  const token = tokenReply.safeParse(body)
  if (reply.status !== 200 || !token.success) {
    const byPerson = form.has('code') || form.has('refresh_token')
    throw refusedSignIn(reply, { secret, place: settings.loginUrl || url, byPerson })
  }
  needOwnInstance(token.data.instance_url, url)
  return token.data
}

export function endpointOf(url: string, settings: Record<string, string>, name: 'authorize' | 'token'): string {
  return `${(settings.loginUrl || url).replace(/\/+$/, '')}/services/oauth2/${name}`
}

export const clientIdOf = (settings: Record<string, string>) =>
  required(settings, 'clientId', 'Paste the consumer key of the external client app.')

function flowOf({ flow = flows[0] }: Record<string, string>): Flow {
  const known = flows.find((one) => one === flow)
  if (known) return known
  throw new HubError('input.invalid', `There is no way to sign in named ${flow.slice(0, 50)}.`, {
    field: 'flow',
    mend: `Choose one of: ${flows.join(', ')}.`,
  })
}

function credentialsForm({ settings, secret }: AuthenticationInput): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientIdOf(settings),
    client_secret: secret,
  })
}

async function assertionForm(url: string, { settings, secret }: AuthenticationInput): Promise<URLSearchParams> {
  const clientId = clientIdOf(settings)
  const username = required(settings, 'username', 'Give the username of the integration user, as it signs in.')
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(clientId)
    .setSubject(username)
    .setAudience(settings.audience || audienceOf(url))
    .setExpirationTime(Math.floor(systemClock.now() / 1000) + assertionSeconds)
    .sign(privateKey(secret))
  return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
}

/** Sandboxes sign in at a host of their own. */
function audienceOf(url: string): string {
  return /\.sandbox\.my\./.test(new URL(url).hostname) ? 'https://test.salesforce.com' : 'https://login.salesforce.com'
}

function privateKey(text: string): KeyObject {
  const key = read(pem(text))
  if (key?.asymmetricKeyType === 'rsa') return key
  const said = /ENCRYPTED/.test(text) ? 'is locked by a passphrase' : key ? 'is no RSA key' : 'cannot be read'
  throw new HubError('authentication.secret_wrong', `The private key ${said}.`, {
    field: 'secret',
    mend: 'Give the private key of the certificate as PEM, from “-----BEGIN PRIVATE KEY-----” to its end, without a passphrase.',
  })
}

function read(text: string): KeyObject | null {
  try {
    return createPrivateKey(text)
  } catch {
    return null
  }
}

/** A form of one line may have turned line ends into blanks, an environment into `\n`. */
function pem(text: string): string {
  const found = /-----BEGIN ([A-Z ]+)-----([^-]+)-----END \1-----/.exec(text.replaceAll('\\n', '\n'))
  if (!found) return text
  const [, label, body = ''] = found
  const lines = body.replace(/\s+/g, '').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

/** The token works at one instance; it is sent nowhere else than to the connection's own address. */
function needOwnInstance(instance: string, url: string): void {
  const there = URL.canParse(instance) ? new URL(instance).origin : null
  if (there === new URL(url).origin) return
  throw new HubError(
    'connection.not_the_crm',
    `The sign-in is for the organisation at ${there ?? 'no address'}, not for ${url}.`,
    { field: 'url', mend: there ? `Connect ${there} instead.` : 'Check the address of the sign-in service.' },
  )
}

interface Meaning {
  code: ErrorCode
  message: string
  mend: string
  field?: string
}

/** By error and text, since `invalid_grant` alone is ten different things; the first that fits counts. */
const meanings: [error: RegExp, text: RegExp, meaning: Meaning][] = [
  [
    /^invalid_client_id$|^invalid_client$/,
    /client identifier invalid|consumer key/i,
    {
      code: 'authentication.client_unknown',
      message: 'There is no app with this consumer key in the organisation.',
      mend: 'Check the consumer key, and that the app is of this organisation; a new app needs up to ten minutes.',
      field: 'clientId',
    },
  ],
  [
    /^invalid_client$/,
    /./,
    {
      code: 'authentication.secret_wrong',
      message: 'The consumer secret is wrong.',
      mend: 'Paste the consumer secret of the same app as the consumer key.',
    },
  ],
  [
    /^invalid_grant$/,
    /no client credentials user/i,
    {
      code: 'authentication.consent_missing',
      message: 'The app has no user to run as.',
      mend: 'In the app’s policies enable the client credentials flow and choose the integration user to run as.',
    },
  ],
  [
    /^invalid_grant$|^invalid_app_access$/,
    /approved this consumer|admin approved|not admin approved|no access to this app/i,
    {
      code: 'authentication.consent_missing',
      message: 'The integration user is not approved for the app.',
      mend: 'Set the app to “Admin approved users are pre-authorized” and give the user the app’s permission set.',
    },
  ],
  [
    /^invalid_grant$/,
    /audience/i,
    {
      code: 'authentication.tenant_unknown',
      message: 'The assertion names another sign-in service than the organisation’s.',
      mend: 'Leave the audience empty, or give https://test.salesforce.com for a sandbox, https://login.salesforce.com else.',
      field: 'audience',
    },
  ],
  [
    /^invalid_grant$/,
    /invalid assertion|signature/i,
    {
      code: 'authentication.secret_wrong',
      message: 'The private key does not belong to the certificate that the app has.',
      mend: 'Upload the certificate of this key in the app (“Use digital signatures”), or give the key of that certificate.',
    },
  ],
  [
    /^invalid_grant$/,
    /expired authorization code|expire/i,
    {
      code: 'authentication.rejected',
      message: 'The assertion came too late or too early: the clocks differ.',
      mend: 'Set the clock of this machine.',
    },
  ],
  [
    /^inactive_user$|^inactive_org$|^invalid_grant$/,
    /inactive/i,
    {
      code: 'authentication.consent_missing',
      message: 'The user is not active.',
      mend: 'Activate the user in Setup, or let the app run as another one.',
    },
  ],
]

/** `byPerson`: what was refused is what a person's window gave. */
function refusedSignIn(reply: CrmReply, known: { secret: string; place: string; byPerson: boolean }): HubError {
  if (reply.status === 429 || reply.status >= 500) return busy(reply)
  const error = tokenError.safeParse(jsonIn(reply))
  if (!error.success) {
    return new HubError('authentication.rejected', `${known.place} did not answer as Salesforce does.`, {
      mend: 'Check the address of the sign-in service, and what stands between it and this hub.',
      vendorStatus: reply.status,
    })
  }
  const text = withoutSecret(error.data.error_description, known.secret)
  if (error.data.error === 'rate_limit_exceeded') return busy(reply)
  const over = known.byPerson ? consentOver(reply, { error: error.data.error, text }) : null
  if (over) return over
  const meaning = meanings.find(([code, said]) => code.test(error.data.error) && said.test(text))?.[2]
  const { code, message, mend, field } = meaning ?? other(error.data.error, text)
  return new HubError(code, message, {
    mend,
    vendorStatus: reply.status,
    vendorCode: error.data.error,
    vendorText: text,
    ...(field ? { field } : {}),
  })
}

function other(error: string, text: string): Meaning {
  return {
    code: 'authentication.rejected',
    message: `Salesforce refused the sign-in: ${text || error}`,
    mend: 'Read the reason that Salesforce gives; the user’s login history in Setup tells more.',
  }
}

function busy(reply: CrmReply): HubError {
  const now = systemClock.now()
  const waitMs = retryAfterMs(reply.headers['retry-after'], reply.headers.date, now)
  const many = reply.status < 500
  return new HubError(
    many ? 'crm.throttled' : 'crm.unreachable',
    `Salesforce cannot sign in now: it answered ${many ? 'that there were too many sign-ins' : reply.status}.`,
    {
      vendorStatus: reply.status,
      ...(waitMs === undefined ? (many ? { retryAt: now + 60_000 } : {}) : { retryAt: now + waitMs }),
    },
  )
}

/** What Salesforce says, surely without what was sent to it. */
function withoutSecret(said: string, secret: string): string {
  const clean = redactor.clean(said.trim())
  return (secret.length < 4 ? clean : clean.replaceAll(secret, '[redacted]')).slice(0, 600)
}
