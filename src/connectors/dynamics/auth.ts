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

const defaultAuthority = 'https://login.microsoftonline.com'

const fillIn = 'Fill it in as the app registration in Microsoft Entra shows it.'

/** A token for the application itself (client credentials); throws `authentication.*` naming what is wrong. */
export async function requestToken(door: OpenDoor, url: string, input: AuthenticationInput): Promise<AccessToken> {
  const { settings, secret } = input
  if (settings.flow === windowFlow) throw needsWindow('Microsoft Entra')
  redactor.register(secret)
  const tokenUrl = endpointOf(settings, 'token')
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientIdOf(settings),
    client_secret: secret,
    scope: settings.scope || `${url}/.default`,
  })
  const { reply, body } = await askForToken(door, tokenUrl, form)
  const token = tokenReply.safeParse(body)
  if (reply.status === 200 && token.success) {
    return { value: token.data.access_token, expiresIn: token.data.expires_in }
  }
  throw refusedSignIn(reply, { secret })
}

export const clientIdOf = (settings: Record<string, string>) => required(settings, 'clientId', fillIn)

export function endpointOf(settings: Record<string, string>, name: 'authorize' | 'token'): string {
  const authority = (settings.authority || defaultAuthority).replace(/\/+$/, '')
  const tenant = required(settings, 'tenant', fillIn)
  return `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/${name}`
}

interface Meaning {
  code: ErrorCode
  message: string
  mend: string
}

/** By AADSTS number; `error` alone does not tell them apart. */
const meanings: Record<number, Meaning> = {
  7000215: {
    code: 'authentication.secret_wrong',
    message: 'The client secret is wrong.',
    mend: 'Paste the value of a client secret of this app registration, not its id.',
  },
  7000222: {
    code: 'authentication.secret_expired',
    message: 'The client secret has expired.',
    mend: 'Make a new client secret in the app registration and replace it here.',
  },
  700016: {
    code: 'authentication.client_unknown',
    message: 'There is no application with this client id in the tenant.',
    mend: 'Check the application (client) id, and that it is registered in this tenant.',
  },
  90002: {
    code: 'authentication.tenant_unknown',
    message: 'There is no such tenant.',
    mend: 'Check the directory (tenant) id, and that the authority is the one of its cloud.',
  },
  65001: {
    code: 'authentication.consent_missing',
    message: 'Nobody has consented to the application’s permissions.',
    mend: 'Let an administrator grant consent to the application in Microsoft Entra.',
  },
}
// The tenant is no valid name at all.
meanings[900023] = meanings[90002]!

const otherMend = 'Read the reason that Microsoft Entra gives, and compare tenant, client id and scope with it.'

/** The number that stops a client which asks in a loop (AADSTS50196): its `invalid_grant` is no word on the grant. */
const loopNumber = 50196
const loopWaitMs = 5 * 60_000

/** `byPerson`: what was refused is what a person's window gave. */
export function refusedSignIn(reply: CrmReply, known: { secret: string; byPerson?: true }): HubError {
  const error = tokenError.safeParse(jsonIn(reply))
  if (reply.status === 429 || reply.status >= 500) return busy(reply)
  if (!error.success) {
    return new HubError('authentication.rejected', 'The authority did not answer as Microsoft Entra does.', {
      mend: 'Check the address of the authority, and what stands between it and this hub.',
      vendorStatus: reply.status,
    })
  }
  const text = withoutSecret(error.data.error_description, known.secret)
  const number = error.data.error_codes[0] ?? Number(/^AADSTS(\d+)/.exec(text)?.[1] ?? 0)
  if (number === loopNumber) return busy({ ...reply, status: 429 }, loopWaitMs)
  const vendorCode = number ? `AADSTS${number}` : error.data.error
  const over = known.byPerson ? consentOver(reply, { error: error.data.error, text, code: vendorCode }) : null
  if (over) return over
  const meaning = meanings[number]
  return new HubError(
    meaning?.code ?? 'authentication.rejected',
    meaning?.message ?? `Microsoft Entra refused the sign-in: ${text || error.data.error}`,
    {
      mend: meaning?.mend ?? otherMend,
      vendorStatus: reply.status,
      vendorCode,
      vendorText: text,
      ...(meaning?.code === 'authentication.tenant_unknown' ? { field: 'tenant' } : {}),
    },
  )
}

function busy(reply: CrmReply, assumedMs?: number): HubError {
  const now = systemClock.now()
  const waitMs = retryAfterMs(reply.headers['retry-after'], reply.headers.date, now) ?? assumedMs
  return new HubError(
    reply.status === 429 ? 'crm.throttled' : 'crm.unreachable',
    `Microsoft Entra cannot sign in now: it answered ${reply.status}.`,
    { vendorStatus: reply.status, ...(waitMs === undefined ? {} : { retryAt: now + waitMs }) },
  )
}

/** What Entra says, without its trace ids, and surely without what was sent to it. */
function withoutSecret(description: string, secret: string): string {
  const said = description.split(/\s*(?:\r?\n|\s)Trace ID:/)[0]!.trim()
  const clean = redactor.clean(said)
  if (secret.length < 4) return clean.slice(0, 600)
  const spellings = [secret, encodeURIComponent(secret), new URLSearchParams([['', secret]]).toString().slice(1)]
  return spellings.reduce((text, spelling) => text.replaceAll(spelling, '[redacted]'), clean).slice(0, 600)
}
