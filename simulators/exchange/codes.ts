import { createHash, randomBytes } from 'node:crypto'

/** What a person allowed in a window, until the app fetches it. */
export type Code<Person> = {
  clientId: string
  redirectUri: string
  scope: string
  /** Of OpenID Connect. */
  nonce: string | null
  person: Person
  challenge: string | null
  /** `S256` or `plain`. */
  method: string
  expiresAt: number
  used: boolean
}

export type Codes<Person> = Map<string, Code<Person>>

/** Why a code is refused. */
export type CodeFault = 'unknown' | 'used' | 'expired' | 'redirect' | 'verifier'

export function isChallenge(challenge: string | null): boolean {
  // RFC 7636 §4.2: as long as a verifier.
  return challenge === null || /^[\w.~-]{43,128}$/.test(challenge)
}

export function addCode<Person>(
  codes: Codes<Person>,
  asked: URLSearchParams,
  { person, seconds, method }: { person: Person; seconds: number; method?: 'S256' },
): string {
  const code = randomBytes(48).toString('base64url')
  codes.set(code, {
    clientId: asked.get('client_id') ?? '',
    redirectUri: asked.get('redirect_uri') ?? '',
    scope: asked.get('scope') ?? '',
    nonce: asked.get('nonce'),
    person,
    challenge: asked.get('code_challenge'),
    method: method ?? asked.get('code_challenge_method') ?? 'plain',
    expiresAt: Date.now() + seconds * 1000,
    used: false,
  })
  return code
}

/** Serves once, soon, the same app at the same address, and whoever knows the verifier. */
export function redeemCode<Person>(
  codes: Codes<Person>,
  form: URLSearchParams,
  clientId: string,
): Code<Person> | CodeFault {
  const code = codes.get(form.get('code') ?? '')
  if (!code || code.clientId.toLowerCase() !== clientId.toLowerCase()) return 'unknown'
  if (code.used) return 'used'
  if (code.expiresAt <= Date.now()) return 'expired'
  if (code.redirectUri !== form.get('redirect_uri')) return 'redirect'
  if (!isVerified(code, form.get('code_verifier'))) return 'verifier'
  code.used = true
  return code
}

function isVerified({ challenge, method }: Code<unknown>, verifier: string | null): boolean {
  if (challenge === null) return true
  if (verifier === null) return false
  return challenge === (method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier)
}
