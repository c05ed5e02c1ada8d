import { randomBytes } from 'node:crypto'
import type { Directory } from './data.ts'
import { EntraError, noApp, noConsent } from './errors.ts'

export type Page = { status: number; headers: Record<string, string>; body: string }

/** Signs the person in without asking and sends the browser back with a code. */
export function authorize(directory: Directory, query: URLSearchParams): Page {
  const clientId = query.get('client_id') ?? ''
  const redirectUri = query.get('redirect_uri') ?? ''
  const app = directory.apps.get(clientId.toLowerCase())
  if (!app) throw noApp(clientId, directory.name)
  const known = app.redirectUris.length === 0 || app.redirectUris.includes(redirectUri)
  if (!URL.canParse(redirectUri) || !known)
    throw new EntraError(
      400,
      'invalid_request',
      50011,
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${clientId}'.`,
    )
  const answer = decide(directory, query, app.consented, app.name)
  const state = query.get('state')
  if (state !== null) answer.set('state', state)
  return sendBack(redirectUri, query.get('response_mode') ?? 'query', answer)
}

function decide(directory: Directory, query: URLSearchParams, consented: boolean, appName: string): URLSearchParams {
  const refuse = (error: string, description: string) => new URLSearchParams({ error, error_description: description })
  if (query.get('response_type') !== 'code')
    return refuse('unsupported_response_type', 'AADSTS700054: response_type is not enabled for the application.')
  const challenge = query.get('code_challenge')
  if (challenge !== null && !/^[\w.~-]{43,128}$/.test(challenge))
    return refuse('invalid_request', 'AADSTS501491: Invalid size of Code_Challenge parameter.')
  if (!consented) {
    const { error, message } = noConsent(query.get('client_id') ?? '', appName)
    return refuse(query.get('prompt') === 'none' ? 'interaction_required' : error, `AADSTS65001: ${message}`)
  }
  const hint = query.get('login_hint')
  const person = directory.people.find((p) => p.upn === hint) ?? directory.people[0]
  if (!person)
    return refuse('login_required', 'AADSTS50058: A silent sign-in request was sent but no user is signed in.')
  const code = `0.${randomBytes(60).toString('base64url')}`
  directory.codes.set(code, {
    clientId: query.get('client_id')!.toLowerCase(),
    redirectUri: query.get('redirect_uri')!,
    scope: query.get('scope') ?? '',
    person,
    nonce: query.get('nonce'),
    challenge,
    challengeMethod: query.get('code_challenge_method') ?? 'plain',
    expiresAt: Date.now() + directory.settings.codeSeconds * 1000,
    used: false,
  })
  return new URLSearchParams({ code, session_state: randomBytes(8).toString('hex') })
}

function sendBack(redirectUri: string, mode: string, answer: URLSearchParams): Page {
  if (mode === 'form_post') {
    const quote = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
    const fields = [...answer].map(
      ([name, value]) => `<input type="hidden" name="${quote(name)}" value="${quote(value)}">`,
    )
    const form = `<form method="post" action="${quote(redirectUri)}">${fields.join('')}</form>`
    const body = `<!doctype html><title>Working...</title>${form}<script>document.forms[0].submit()</script>`
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
  }
  const url = new URL(redirectUri)
  if (mode === 'fragment') url.hash = answer.toString()
  else for (const [name, value] of answer) url.searchParams.set(name, value)
  return { status: 302, headers: { location: url.href }, body: '' }
}
