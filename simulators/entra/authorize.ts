import { addCode, isChallenge } from '../exchange/codes.ts'
import type { Reply } from '../exchange/http.ts'
import { answered, escaped, sendBack, signInPage } from '../exchange/sign-in-page.ts'
import type { App, Directory, Person } from './data.ts'
import { EntraError, noApp, noConsent } from './errors.ts'

type Asked = { directory: Directory; app: App; query: URLSearchParams }
type Answer = Record<string, string | null>

/** Asks the person, unless somebody is signed in already and nothing demands it, and sends the browser back. */
export function authorize(directory: Directory, query: URLSearchParams, path: string): Reply {
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
  const asked = { directory, app, query }
  const answer = refusalOf(asked) ?? decided(asked)
  return answer ? respond(query, redirectUri, { ...answer, state: query.get('state') }) : ask(asked, path)
}

const refuse = (error: string, error_description: string): Answer => ({ error, error_description })

function refusalOf({ app, query }: Asked): Answer | null {
  if (query.get('response_type') !== 'code')
    return refuse('unsupported_response_type', 'AADSTS700054: response_type is not enabled for the application.')
  if (!isChallenge(query.get('code_challenge')))
    return refuse('invalid_request', 'AADSTS501491: Invalid size of Code_Challenge parameter.')
  if (app.consented) return null
  const { error, message } = noConsent(app.clientId, app.name)
  return refuse(query.get('prompt') === 'none' ? 'interaction_required' : error, `AADSTS65001: ${message}`)
}

/** Null where the person is to be asked. */
function decided({ directory, query }: Asked): Answer | null {
  const decision = query.get(answered.decision)
  if (decision === 'decline')
    return {
      ...refuse('access_denied', 'AADSTS65004: User declined to consent to access the app.'),
      error_subcode: 'cancel',
    }
  const prompt = query.get('prompt') ?? ''
  const session = ['', 'none'].includes(prompt) ? (query.get('login_hint') ?? directory.signedIn) : null
  const upn = decision === 'accept' ? query.get(answered.person) : session
  const person = directory.people.find((one) => one.upn === upn)
  if (person) return codeFor(directory, query, person)
  if (prompt !== 'none') return null
  return refuse('login_required', 'AADSTS50058: A silent sign-in request was sent but no user is signed in.')
}

function codeFor(directory: Directory, query: URLSearchParams, person: Person): Answer {
  const code = addCode(directory.codes, query, { person, seconds: directory.settings.codeSeconds })
  return { code, session_state: directory.tenantId }
}

function ask({ directory, app, query }: Asked, action: string): Reply {
  const asks = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  const people = directory.people.map(({ upn, name }) => ({ value: upn, title: name, detail: upn }))
  return signInPage({ place: directory.name, app: app.name, asks, people, asked: query, action })
}

function respond(query: URLSearchParams, redirectUri: string, answer: Answer): Reply {
  const mode = query.get('response_mode') ?? 'query'
  if (mode === 'query') return sendBack(redirectUri, answer)
  const told = Object.entries(answer).filter((pair): pair is [string, string] => pair[1] !== null)
  if (mode === 'fragment') {
    const url = new URL(redirectUri)
    url.hash = new URLSearchParams(told).toString()
    return { status: 302, headers: { location: url.href }, body: '' }
  }
  const fields = told.map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
  const form = `<form method="post" action="${escaped(redirectUri)}">${fields.join('')}</form>`
  const body = `<!doctype html><title>Working...</title>${form}<script>document.forms[0].submit()</script>`
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}
