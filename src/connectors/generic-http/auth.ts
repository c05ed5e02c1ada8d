import { jsonIn } from '#connectors/ask.ts'
import type { CrmReply, OpenDoor } from '#connectors/call.ts'
import type { AccessToken, AuthenticationInput, Authorisation } from '#connectors/connector.ts'
import { askForToken, required } from '#connectors/sign-in.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { retryAfterMs } from '#core/retry.ts'
import { type Definition, definitionOf } from './definition.ts'
import { tokenError, tokenReply } from './wire.ts'

const assumedSeconds = 3600

/** What the definition fixes of an authentication, beside what a person gives: user or client id, and the secret. */
export function authenticationSettings({ authentication }: Definition): Record<string, string> {
  if (authentication.kind !== 'client_credentials') return { kind: authentication.kind }
  const { kind, tokenUrl, scope = '', audience = '', credentials } = authentication
  return { kind, tokenUrl, scope, audience, credentials }
}

/** What each call carries, made of the secret; only client credentials ask a server for it, and have a lifetime. */
export async function requestToken(door: OpenDoor, _url: string, input: AuthenticationInput): Promise<AccessToken> {
  const { settings, secret } = input
  redactor.register(secret)
  if (settings.kind === 'client_credentials') return await clientCredentials(door, input)
  if (settings.kind !== 'basic') return { value: secret, expiresIn: null }
  const user = required(settings, 'user', 'Give the user’s name.')
  if (user.includes(':')) throw new HubError('input.invalid', 'A user’s name must not hold a colon', { field: 'user' })
  return { value: Buffer.from(`${user}:${secret}`).toString('base64'), expiresIn: null }
}

export function authorise(token: string, settings: Readonly<Record<string, unknown>>): Authorisation {
  const { authentication } = definitionOf({ settings })
  switch (authentication.kind) {
    case 'none':
      return {}
    case 'basic':
      return { headers: { authorization: `Basic ${token}` } }
    case 'api_key_header':
      return { headers: { [authentication.header.toLowerCase()]: `${authentication.prefix}${token}` } }
    case 'api_key_query':
      return { query: { [authentication.parameter]: token } }
    default:
      return { headers: { authorization: `Bearer ${token}` } }
  }
}

async function clientCredentials(door: OpenDoor, { settings, secret }: AuthenticationInput): Promise<AccessToken> {
  const clientId = required(settings, 'clientId', 'Give the client id.')
  const tokenUrl = required(settings, 'tokenUrl', 'Give the token address in the definition.')
  const inForm = settings.credentials !== 'header'
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  for (const name of ['scope', 'audience']) if (settings[name]) form.set(name, settings[name])
  if (inForm) {
    form.set('client_id', clientId)
    form.set('client_secret', secret)
  }
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')
  redactor.register(basic)
  const { reply, body } = await askForToken(door, tokenUrl, form, inForm ? {} : { authorization: `Basic ${basic}` })
  const token = tokenReply.safeParse(body)
  if (reply.status >= 200 && reply.status < 300 && token.success) {
    return { value: token.data.access_token, expiresIn: token.data.expires_in ?? assumedSeconds }
  }
  throw refusedSignIn(reply, tokenUrl)
}

function refusedSignIn(reply: CrmReply, tokenUrl: string): HubError {
  const { host } = new URL(tokenUrl)
  const { status } = reply
  if (status === 429 || status >= 500) {
    const now = systemClock.now()
    const waitMs = retryAfterMs(reply.headers['retry-after'], reply.headers.date, now)
    return new HubError(
      status === 429 ? 'crm.throttled' : 'crm.unreachable',
      `${host} gives no token now: it answered ${status}.`,
      { vendorStatus: status, ...(waitMs === undefined ? {} : { retryAt: now + waitMs }) },
    )
  }
  const error = tokenError.safeParse(jsonIn(reply))
  if (!error.success) {
    return new HubError('authentication.rejected', `${host} did not answer as a token address does: ${status}.`, {
      mend: 'Check the token address in the definition.',
      vendorStatus: status,
    })
  }
  const said = redactor.clean(error.data.error_description || error.data.error).slice(0, 600)
  const isClient = error.data.error === 'invalid_client'
  return new HubError(
    isClient ? 'authentication.secret_wrong' : 'authentication.rejected',
    isClient ? `${host} knows no such client, or its secret is another.` : `${host} refused the sign-in: ${said}`,
    {
      mend: isClient ? 'Compare client id and secret.' : 'Compare client id, scope and audience with what it says.',
      vendorStatus: status,
      vendorCode: error.data.error,
      vendorText: said,
    },
  )
}
