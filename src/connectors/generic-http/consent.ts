import type { OpenDoor } from '#connectors/call.ts'
import type { AuthenticationInput, Consent, ConsentToken } from '#connectors/connector.ts'
import { required } from '#connectors/sign-in.ts'
import { consentToken, redeemForm, renewForm, windowAddress } from '#connectors/window.ts'
import { askedFor, clientIdOf, givenToken } from './auth.ts'

/** Where the definition names an address that people sign in at. */
export const consent: Consent = {
  window: (_url, settings, asked) => {
    const address = required(settings, 'authorizeUrl', 'Give authorizeUrl in the definition: where people sign in.')
    const more = { client_id: clientIdOf(settings), ...askedFor(settings) }
    return windowAddress({ address, field: 'authorizeUrl' }, asked, more)
  },
  redeem: (door, _url, app, came) => ask(door, app, redeemForm(app, came)),
  renew: (door, _url, app, refreshToken) => ask(door, app, renewForm(app, refreshToken)),
}

/** An API need not change its refresh tokens (RFC 6749 §6): then the one that was sent serves on. */
async function ask(door: OpenDoor, app: AuthenticationInput, form: URLSearchParams): Promise<ConsentToken> {
  const token = await givenToken(door, app, form)
  return consentToken(token, token.expiresIn, form.get('refresh_token'))
}
