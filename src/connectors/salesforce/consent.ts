import type { OpenDoor } from '#connectors/call.ts'
import type { AuthenticationInput, Consent, ConsentToken } from '#connectors/connector.ts'
import { consentToken, redeemForm, renewForm, windowAddress } from '#connectors/window.ts'
import { clientIdOf, endpointOf, givenToken } from './auth.ts'

/** A user lets the external client app act as them ("OAuth 2.0 Web Server Flow"). */
export const consent: Consent = {
  window: (url, settings, asked) =>
    windowAddress({ address: endpointOf(url, settings, 'authorize'), field: 'loginUrl' }, asked, {
      client_id: clientIdOf(settings),
      scope: 'api refresh_token',
      // Whoever is signed in already need not be whom the hub is to act as.
      prompt: 'select_account',
    }),
  redeem: (door, url, app, came) => ask(door, url, app, redeemForm(app, came)),
  renew: (door, url, app, refreshToken) => ask(door, url, app, renewForm(app, refreshToken)),
}

/** Refresh tokens change only where the app has their rotation on: else the one that was sent serves on. */
async function ask(
  door: OpenDoor,
  url: string,
  app: AuthenticationInput,
  form: URLSearchParams,
): Promise<ConsentToken> {
  form.set('client_id', clientIdOf(app.settings))
  if (app.secret) form.set('client_secret', app.secret)
  const token = await givenToken(door, url, app, form)
  return consentToken(token, null, form.get('refresh_token'))
}
