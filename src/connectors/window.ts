import { HubError } from '#core/errors.ts'
import { redactor } from '#core/redact.ts'
import type { CrmReply } from './call.ts'
import type { AuthenticationInput, Consent, ConsentToken } from './connector.ts'

/** How an authentication says that a person signed in for it: the value of its setting `flow`. */
export const windowFlow = 'authorization_code'

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** People type their passwords behind it: encrypted, or on this very machine. */
export function isWindowAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || url.username || url.password || url.hash) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))
}

/** The address of a window, with what stands in its query beside `more` kept (RFC 6749 §3.1). */
export function windowAddress(
  at: { address: string; field: string },
  asked: Parameters<Consent['window']>[2],
  more: Record<string, string>,
): string {
  if (!isWindowAddress(at.address)) {
    throw new HubError('input.invalid', `There is no window to sign in at “${at.address.slice(0, 200)}”.`, {
      field: at.field,
      mend: 'Give an address that begins with https.',
    })
  }
  const url = new URL(at.address)
  const { redirectUri: redirect_uri, state, challenge: code_challenge } = asked
  const always = { response_type: 'code', redirect_uri, state, code_challenge, code_challenge_method: 'S256' }
  for (const [name, value] of Object.entries({ ...more, ...always })) url.searchParams.set(name, value)
  return url.href
}

/** Of an authentication for which a person signs in: nothing that is kept in its settings asks for a token. */
export function needsWindow(title: string): HubError {
  return new HubError('input.invalid', `A sign-in of this kind needs a window of ${title}.`, {
    field: 'flow',
    mend: 'Open the window and sign in there, or choose a way to sign in by a secret.',
  })
}

/** What a window gave is worth as much as a password: from here on no text shows it. */
export function redeemForm(
  { secret }: AuthenticationInput,
  { code, verifier, redirectUri }: Parameters<Consent['redeem']>[3],
): URLSearchParams {
  for (const value of [secret, code, verifier]) redactor.register(value)
  return new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
}

export function renewForm({ secret }: AuthenticationInput, refreshToken: string): URLSearchParams {
  for (const value of [secret, refreshToken]) redactor.register(value)
  return new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
}

export function consentToken(
  given: { access_token: string; refresh_token?: string | null | undefined },
  expiresIn: number | null,
  /** That was used, and goes on where no other comes. */
  before: string | null = null,
): ConsentToken {
  const refreshToken = given.refresh_token || before
  for (const value of [given.access_token, refreshToken ?? '']) redactor.register(value)
  return { value: given.access_token, expiresIn, refreshToken }
}

/** By which a sign-in service says that only the person can mend it (RFC 6749 §5.2, OpenID Connect Core §3.1.2.6). */
const personNeeded = new Set(['invalid_grant', 'interaction_required', 'login_required', 'consent_required'])

/** Null where another thing than the person's consent is refused. */
export function consentOver(
  { status }: CrmReply,
  { error, text, code = error }: { error: string; text: string; code?: string },
): HubError | null {
  if (!personNeeded.has(error)) return null
  return new HubError(
    'authentication.consent_over',
    `The person who signed in has to sign in again: ${text || error}`,
    {
      mend: 'Let the same person sign in again in the window of the CRM.',
      vendorStatus: status,
      vendorCode: code,
      vendorText: text,
    },
  )
}
