import { addCode, type Codes, isChallenge } from '../exchange/codes.ts'
import type { Reply } from '../exchange/http.ts'
import { answered, errorPage, sendBack, signInPage } from '../exchange/sign-in-page.ts'
import type { Organisation } from './organisation.ts'
import { tableOf } from './organisation.ts'
import { isDeleted, rowsById, valueIn } from './table.ts'

/** What the external client app says of its web server flow. */
export type WebServerFlow = {
  /** Empty: any is taken. */
  redirectUris: string[]
  /** "Require Proof Key for Code Exchange" */
  pkceRequired: boolean
  /** "Require secret for Web Server Flow" and "… for Refresh Token Flow", each other way round. */
  secretOptional: boolean
  /** "Enable Refresh Token Rotation": the one that was used is void. */
  rotates: boolean
  codeSeconds: number
  /** By user id. */
  codes: Codes<string>
}

export const makeWebServerFlow = (): WebServerFlow => ({
  redirectUris: [],
  pkceRequired: true,
  secretOptional: false,
  rotates: false,
  codeSeconds: 600,
  codes: new Map(),
})

export type SalesforcePerson = { id: string; username: string; name: string }

/** So many of the first users can sign in: a page of all would be long. */
const signing = 5

/** Active users: the first of the organisation, and those that were added. */
export function peopleOf(org: Organisation): SalesforcePerson[] {
  const table = tableOf(org, 'User')!
  const of = (row: Parameters<typeof valueIn>[1], name: string) => String(valueIn(table, row, name))
  const rows = [...rowsById(table)].filter((row) => !isDeleted(row) && valueIn(table, row, 'IsActive') === true)
  const people = rows.map((row) => ({ id: of(row, 'Id'), username: of(row, 'Username'), name: of(row, 'Name') }))
  const seeded = new Set([...org.seedData.users, org.integrationUser])
  const first = people.filter(({ id }) => seeded.has(id) && id !== org.integrationUser).slice(0, signing)
  return [...first, ...people.filter(({ id }) => !seeded.has(id))]
}

type Asked = { org: Organisation; app: { clientId: string; approved: boolean; web: WebServerFlow } }

const asks: Record<string, string> = {
  api: 'Manage user data via APIs (api)',
  refresh_token: 'Perform requests at any time (refresh_token, offline_access)',
  offline_access: 'Perform requests at any time (refresh_token, offline_access)',
}

/** `/services/oauth2/authorize`: who signs in, and whether they allow it. */
export function authorize({ org, app }: Asked, query: URLSearchParams): Reply {
  const redirectUri = query.get('redirect_uri') ?? ''
  if (query.get('client_id') !== app.clientId) return refused('invalid_client_id', 'client identifier invalid')
  const known = app.web.redirectUris.length === 0 || app.web.redirectUris.includes(redirectUri)
  if (!URL.canParse(redirectUri) || !known)
    return refused('redirect_uri_mismatch', 'redirect_uri must match configuration')
  const back = (answer: Record<string, string>) => sendBack(redirectUri, { ...answer, state: query.get('state') })
  const wrong = faultOf(app.web, query)
  if (wrong) return back(wrong)
  const decision = query.get(answered.decision)
  if (decision === 'decline')
    return back({ error: 'access_denied', error_description: 'end-user denied authorization' })
  const people = peopleOf(org)
  const person = people.find(({ username }) => username === query.get(answered.person))
  if (decision !== 'accept' || !person) return page(people, query)
  if (!app.approved)
    return back({
      error: 'OAUTH_APP_ACCESS_DENIED',
      error_description: 'user is not admin approved to access this app',
    })
  return back({
    code: addCode(app.web.codes, query, { person: person.id, seconds: app.web.codeSeconds, method: 'S256' }),
  })
}

function page(people: readonly SalesforcePerson[], query: URLSearchParams): Reply {
  const scopes = (query.get('scope') ?? 'api').split(' ').filter((scope) => scope !== '')
  return signInPage({
    place: 'Contoso (Salesforce)',
    app: 'Jackfield',
    asks: scopes.map((scope) => asks[scope] ?? scope),
    people: people.map(({ username, name }) => ({ value: username, title: name, detail: username })),
    asked: query,
    action: '/services/oauth2/authorize',
  })
}

function faultOf({ pkceRequired }: WebServerFlow, query: URLSearchParams): Record<string, string> | null {
  if (query.get('response_type') !== 'code')
    return { error: 'unsupported_response_type', error_description: 'response type not supported' }
  const challenge = query.get('code_challenge')
  if (challenge === null && pkceRequired)
    return { error: 'invalid_request', error_description: 'missing required code challenge' }
  if (isChallenge(challenge)) return null
  return { error: 'invalid_request', error_description: 'invalid code challenge' }
}

const refused = (error: string, description: string) =>
  errorPage(400, 'OAuth Error', `error=${error}&error_description=${description}`)
