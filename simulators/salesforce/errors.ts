import type { Reply } from '../exchange/http.ts'

export type ApiFault = { message: string; errorCode: string; fields?: string[] }

/** An answer of the service that is no success; its body is an array of one. */
export class ApiError extends Error {
  readonly status: number
  readonly errorCode: string
  readonly fields: string[] | undefined

  constructor(status: number, errorCode: string, message: string, fields?: string[]) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.errorCode = errorCode
    this.fields = fields
  }
}

export const bodyOf = (error: ApiError): ApiFault[] => [
  { message: error.message, errorCode: error.errorCode, ...(error.fields ? { fields: error.fields } : {}) },
]

export const JSON_TYPE = 'application/json;charset=UTF-8'

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': JSON_TYPE, ...headers },
  body: typeof value === 'string' ? value : JSON.stringify(value),
})

export const nothing = (status = 204, headers: Record<string, string> = {}): Reply => ({ status, headers, body: '' })

export const notFound = (message = 'The requested resource does not exist') => new ApiError(404, 'NOT_FOUND', message)
export const malformed = (message: string) => new ApiError(400, 'MALFORMED_QUERY', message)

export const noColumn = (name: string, object: string) =>
  new ApiError(
    400,
    'INVALID_FIELD',
    `No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  )
