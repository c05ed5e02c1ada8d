import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser'

export type ShownPasskey = AuthenticationResponseJSON
export type CreatedPasskey = RegistrationResponseJSON
export type PasskeyOptionsOf<Act extends 'make' | 'show'> = Act extends 'make'
  ? PublicKeyCredentialCreationOptionsJSON
  : PublicKeyCredentialRequestOptionsJSON

/** The browser's own window was closed, ran out of time, or had nothing to offer: browsers do not tell which. */
export class PasskeyNotShown extends Error {}

/** The device has a passkey of this account already. */
export class PasskeyKnown extends Error {}

/** Only names have passkeys, and only pages that nobody on the way can change. */
export const canHavePasskeys = (): boolean =>
  isSecureContext && 'PublicKeyCredential' in globalThis && !/^[\d.]+$|:|^\[/.test(location.hostname)

const library = () => import('@simplewebauthn/browser')

export async function showPasskey(options: PasskeyOptionsOf<'show'>, autofill = false): Promise<ShownPasskey> {
  const { startAuthentication } = await library()
  return startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill }).catch(inWords)
}

export async function makePasskey(options: PasskeyOptionsOf<'make'>): Promise<CreatedPasskey> {
  const { startRegistration } = await library()
  return startRegistration({ optionsJSON: options }).catch(inWords)
}

export async function canAutofillPasskeys(): Promise<boolean> {
  if (!canHavePasskeys()) return false
  const { browserSupportsWebAuthnAutofill } = await library()
  return browserSupportsWebAuthnAutofill()
}

/** An offer in the address field that nobody took must not answer after its page is gone. */
export async function stopAsking(): Promise<void> {
  const { WebAuthnAbortService } = await library()
  WebAuthnAbortService.cancelCeremony()
}

function inWords(error: unknown): never {
  if (error instanceof Error) {
    if (error.name === 'InvalidStateError') throw new PasskeyKnown(error.message, { cause: error })
    if (['NotAllowedError', 'AbortError'].includes(error.name))
      throw new PasskeyNotShown(error.message, { cause: error })
  }
  throw error
}
