import type { OpenDoor } from '#connectors/call.ts'
import type { AuthenticationInput, Consent, ConsentToken } from '#connectors/connector.ts'
import { consentToken, redeemForm, renewForm, windowAddress } from '#connectors/window.ts'
import { HubError } from '#core/errors.ts'
import { clientIdOf, endpointOf, givenToken } from './auth.ts'

/** A user lets the external client app act as them ("OAuth 2.0 Web Server Flow"). */
export const consent: Consent = {
  window(url, settings, asked) {
    // Its secret is a private key, which is shown to nobody; a window needs an app with a secret, or none.
    if (settings.flow === 'jwt_bearer') throw needsOtherApp()
    return windowAddress({ address: endpointOf(url, settings, 'authorize'), field: 'loginUrl' }, asked, {
      client_id: clientIdOf(settings),
      scope: 'api refresh_token',
      // Whoever is signed in already need not be whom the hub is to act as.
      prompt: 'select_account',
    })
  },
  redeem: (door, url, app, came) => ask(door, url, app, redeemForm(app, came)),
  renew: (door, url, app, refreshToken) => ask(door, url, app, renewForm(app, refreshToken)),
}

const needsOtherApp = () =>
  new HubError('input.invalid', 'People cannot sign in by an app whose secret is a private key.', {
    field: 'peopleAuthenticationId',
    mend: 'Choose another app for people at the connection: one with a consumer secret, or without any.',
  })

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
