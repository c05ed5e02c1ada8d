/** An answer of the service that is no success; thrown by whatever finds the request wanting. */
export class ServiceError extends Error {
  readonly status: number
  readonly code: string
  readonly headers: Record<string, string>

  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export const notFound = (logical: string, id: string) =>
  new ServiceError(404, '0x80040217', `${logical} With Id = ${id} Does Not Exist`)

export const odata = (message: string, status = 400) => new ServiceError(status, '0x80060888', message)

export const noProperty = (name: string, logical: string) =>
  odata(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${logical}'.`)

const HELP =
  'For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293'

export const payload = (set: string, inner: string) =>
  new ServiceError(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'${set}', ${HELP}  ----> InnerException : ${inner}`,
  )

export const undeclared = (set: string, name: string) =>
  payload(
    set,
    `Microsoft.OData.ODataException: An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
  )

export const validation = (message: string, code = '0x80044331') =>
  new ServiceError(400, code, `A validation error occurred.  ${message}`)
