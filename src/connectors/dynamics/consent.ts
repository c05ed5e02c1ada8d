import type { OpenDoor } from '#connectors/call.ts'
import type { AuthenticationInput, Consent, ConsentToken } from '#connectors/connector.ts'
import { askForToken } from '#connectors/sign-in.ts'
import { consentToken, redeemForm, renewForm, windowAddress } from '#connectors/window.ts'
import { clientIdOf, endpointOf, refusedSignIn } from './auth.ts'
import { tokenReply } from './wire.ts'

/** A person of the tenant lets the app act as them in the organisation ("OAuth 2.0 authorization code flow"). */
export const consent: Consent = {
  window: (url, settings, asked) =>
    windowAddress({ address: endpointOf(settings, 'authorize'), field: 'authority' }, asked, {
      client_id: clientIdOf(settings),
      response_mode: 'query',
      scope: scopeOf(url, settings),
      // Whoever is signed in already need not be whom the hub is to act as.
      prompt: 'select_account',
    }),
  redeem: (door, url, app, came) => ask(door, url, app, redeemForm(app, came)),
  renew: (door, url, app, refreshToken) => ask(door, url, app, renewForm(app, refreshToken)),
}

/** As a person, of the same resource that the app itself asks for by `.default`. */
function scopeOf(url: string, settings: Record<string, string>): string {
  const resource = (settings.scope || `${url}/.default`).replace(/\/[^/]*$/, '')
  return `${resource}/user_impersonation offline_access`
}

async function ask(
  door: OpenDoor,
  url: string,
  { settings, secret }: AuthenticationInput,
  form: URLSearchParams,
): Promise<ConsentToken> {
  form.set('client_id', clientIdOf(settings))
  form.set('scope', scopeOf(url, settings))
  if (secret) form.set('client_secret', secret)
  const { reply, body } = await askForToken(door, endpointOf(settings, 'token'), form)
  const token = tokenReply.safeParse(body)
  if (reply.status === 200 && token.success)
    return consentToken(token.data, token.data.expires_in, form.get('refresh_token'))
  throw refusedSignIn(reply, { secret, byPerson: true })
}
