import { randomUUID } from 'node:crypto'

/** An error of the token service: AADSTS number, OAuth error, HTTP status. */
export class EntraError extends Error {
  readonly status: number
  readonly error: string
  readonly number: number
  suberror: string | null = null

  constructor(status: number, error: string, number: number, message: string) {
    super(message)
    this.name = 'EntraError'
    this.status = status
    this.error = error
    this.number = number
  }
}

export function errorBody(e: EntraError): string {
  const trace = randomUUID()
  const correlation = randomUUID()
  const timestamp = new Date().toISOString().replace('T', ' ').replace(/\.\d+/, '')
  return JSON.stringify({
    error: e.error,
    error_description: `AADSTS${e.number}: ${e.message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [e.number],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${e.number}`,
    ...(e.suberror === null ? {} : { suberror: e.suberror }),
  })
}

/** `error` differs by place: invalid_tenant on the discovery document, invalid_request on the token endpoint. */
export const noTenant = (tenant: string, error: string) =>
  new EntraError(
    400,
    error,
    90002,
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  )

export const missing = (name: string) =>
  new EntraError(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`)

export const noApp = (clientId: string, directory: string) =>
  new EntraError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  )

export const wrongSecret = (clientId: string) =>
  new EntraError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  )

export const noSecret = () =>
  new EntraError(
    401,
    'invalid_client',
    7000218,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  )

export const expiredSecret = (clientId: string) =>
  new EntraError(
    401,
    'invalid_client',
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  )

export function noConsent(clientId: string, name: string): EntraError {
  const error = new EntraError(
    400,
    'invalid_grant',
    65001,
    `The user or administrator has not consented to use the application with ID '${clientId}' named '${name}'. Send an interactive authorization request for this user and resource.`,
  )
  error.suberror = 'consent_required'
  return error
}

export const badScope = (scope: string) =>
  new EntraError(
    400,
    'invalid_scope',
    70011,
    `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  )

export const noResource = (resource: string, directory: string) =>
  new EntraError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${resource} was not found in the tenant named ${directory}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
  )

export const badGrant = (number: number, message: string) => new EntraError(400, 'invalid_grant', number, message)
