import type { z } from 'zod'
import { jsonIn } from '#connectors/ask.ts'
import type { CrmReply, OpenDoor } from '#connectors/call.ts'
import type { AccessToken, AuthenticationInput, Authorisation } from '#connectors/connector.ts'
import { askForToken, required } from '#connectors/sign-in.ts'
import { consentOver, needsWindow, windowFlow } from '#connectors/window.ts'
import { systemClock } from '#core/clock.ts'
import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import { retryAfterMs } from '#core/retry.ts'
import { type Definition, definitionOf } from './definition.ts'
import { tokenError, tokenReply } from './wire.ts'

const assumedSeconds = 3600

/** What the definition fixes of an authentication, beside what a person gives: user or client id, and the secret. */
export function authenticationSettings({ authentication }: Definition): Record<string, string> {
  if (!('tokenUrl' in authentication)) return { kind: authentication.kind }
  const { kind, tokenUrl, scope = '', audience = '', credentials, authorizeUrl = '' } = authentication
  const flow = kind === windowFlow ? { flow: windowFlow } : {}
  return { kind, tokenUrl, scope, audience, credentials, authorizeUrl, ...flow }
}

/** What each call carries, made of the secret; only client credentials ask a server for it, and have a lifetime. */
export async function requestToken(door: OpenDoor, _url: string, input: AuthenticationInput): Promise<AccessToken> {
  const { settings, secret } = input
  if (settings.kind === windowFlow) throw needsWindow('the API')
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

async function clientCredentials(door: OpenDoor, input: AuthenticationInput): Promise<AccessToken> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...askedFor(input.settings) })
  const token = await givenToken(door, input, form)
  return { value: token.access_token, expiresIn: token.expiresIn }
}

export const clientIdOf = (settings: Record<string, string>) => required(settings, 'clientId', 'Give the client id.')

/** What the definition asks for. */
export function askedFor(settings: Record<string, string>): Record<string, string> {
  const { scope, audience } = settings
  return { ...(scope ? { scope } : {}), ...(audience ? { audience } : {}) }
}

/** What the token address gives for a form, to which the client is added; throws `authentication.*`. */
export async function givenToken(
  door: OpenDoor,
  { settings, secret }: AuthenticationInput,
  form: URLSearchParams,
): Promise<z.infer<typeof tokenReply> & { expiresIn: number }> {
  const clientId = clientIdOf(settings)
  const tokenUrl = required(settings, 'tokenUrl', 'Give the token address in the definition.')
  // A client without a secret names itself in the form (RFC 6749 §3.2.1).
  const inForm = settings.credentials !== 'header' || secret === ''
  if (inForm) form.set('client_id', clientId)
  if (inForm && secret) form.set('client_secret', secret)
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString('base64')
  if (!inForm) redactor.register(basic)
  const { reply, body } = await askForToken(door, tokenUrl, form, inForm ? {} : { authorization: `Basic ${basic}` })
  const token = tokenReply.safeParse(body)
  if (reply.status >= 200 && reply.status < 300 && token.success) {
    return { ...token.data, expiresIn: token.data.expires_in ?? assumedSeconds }
  }
  throw refusedSignIn(reply, { tokenUrl, byPerson: form.has('code') || form.has('refresh_token') })
}

/** `byPerson`: what was refused is what a person's window gave. */
function refusedSignIn(reply: CrmReply, { tokenUrl, byPerson }: { tokenUrl: string; byPerson: boolean }): HubError {
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
  const over = byPerson ? consentOver(reply, { error: error.data.error, text: said }) : null
  if (over) return over
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
